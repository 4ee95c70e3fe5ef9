package daemon

import (
	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/broker"
	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/auth"
)

// nobody is the broker's way to write that no client gets in.
const nobody = -1

// noCache is a budget in which no subject fits.
const noCache = 1

// brokerOptions is what the configuration says about the broker itself. Who may
// connect, the log and what the program knows of itself are added by the caller.
func brokerOptions(o *config.Options) broker.Options {
	l := &o.Limits
	b := broker.Options{
		Host:            o.Client.Host,
		Port:            int(o.Client.Port),
		ClientAdvertise: o.Client.Advertise,
		ServerName:      o.Identity.Name,

		MaxConnections:        int(l.MaxConnections),
		MaxSubscriptions:      int(l.MaxSubscriptions),
		MaxSubscriptionTokens: int(l.MaxSubscriptionTokens),
		MaxControlLine:        int(l.MaxControlLine),
		MaxPayload:            int(l.MaxPayload),
		MaxPending:            l.MaxPending,
		MaxTracedPayload:      int(o.Logging.MaxTracedMessage),
		TraceHeaders:          o.Logging.TraceHeaders,
		TraceSystem:           o.Logging.TraceVerbose,

		PingInterval:  l.PingInterval,
		PingMax:       int(l.PingMax),
		WriteDeadline: l.WriteDeadline,
		AuthTimeout:   o.AuthTimeout(),

		NoFastProducerStall: l.NoFastProducerStall,
		NoHeaderSupport:     l.NoHeaders,
		CacheMemory:         l.CacheMemory,

		NoAuthUser:        o.System.NoAuthUser,
		ImpliedNoAuthUser: hasHiddenUser(o),
	}
	for _, u := range o.AccountUsers() {
		if u.NKey != "" && u.NKey == b.NoAuthUser {
			b.NoAuthIsNKey = true
		}
	}
	if l.MaxConnections <= 0 {
		b.MaxConnections = nobody
	}
	if l.NoSublistCache {
		b.CacheMemory = noCache
	}
	if l.WriteTimeout == config.WriteTimeoutRetry {
		b.WriteTimeout = broker.RetryWrites
	}
	return b
}

// definitions is what the configuration says about accounts.
func definitions(o *config.Options) account.Definitions {
	d := account.Definitions{System: o.System.Account, NoSystem: o.System.Disabled}
	for _, a := range o.Accounts {
		d.Accounts = append(d.Accounts, account.Definition{
			Name: a.Name, Limits: accountLimits(a.Limits), DefaultPermissions: a.DefaultPermissions,
		})
	}
	if p := o.DefaultPermissions(); p != nil {
		d.Accounts = append(d.Accounts, defaultAccount(p))
	}
	return d
}

// defaultAccount is defined only for the sake of its users' permissions.
func defaultAccount(p *auth.Permissions) account.Definition {
	return account.Definition{Name: config.DefaultAccount, Limits: account.Unlimited(), DefaultPermissions: p}
}

func accountLimits(l *config.AccountLimits) account.Limits {
	if l == nil {
		return account.Unlimited()
	}
	return account.Limits{
		MaxConnections:   l.MaxConnections,
		MaxSubscriptions: l.MaxSubscriptions,
		MaxPayload:       l.MaxPayload,
		MaxLeafnodes:     l.MaxLeafNodes,
	}
}
