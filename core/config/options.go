package config

import (
	"time"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

// Options is a whole configuration: defaults, then the file, then the command
// line. It is plain data; who owns a part of the broker reads its own section.
// Options must not be changed once a broker has been started with them.
type Options struct {
	Client     Listener
	Identity   Identity
	Limits     Limits
	LameDuck   LameDuck
	Files      Files
	Monitoring Monitoring
	Logging    Logging

	Authorization *Authorization
	// Auth is the explicit chain of authenticators, empty when the chain follows
	// from the users that are configured.
	Auth []*Authenticator
	// Accounts holds the configured accounts in the order written.
	Accounts []*Account
	// Mappings are those of the default account.
	Mappings []*Mapping
	System   System
	Operator Operator
	Proxies  *Proxies

	Cluster   *Cluster
	Gateway   *Gateway
	LeafNodes *LeafNodes
	WebSocket *WebSocket
	MQTT      *MQTT
	JetStream *JetStream
	// StoreDir is the directory for data when it is given outside the jetstream
	// block.
	StoreDir string
	// DefaultJSDomain maps accounts to JetStream domains.
	DefaultJSDomain map[string]string
	OCSP            OCSP

	// Storage and Transforms are kept as written for the host of plugins, which
	// knows the drivers that describe them.
	Storage    *option.Value
	Transforms *option.Value

	// Written knows which top-level options the file holds, and where. It is nil
	// for options that did not come from a file.
	Written *option.Settings
	// Digest identifies the file's contents: "sha256:" and 64 hex digits; empty
	// without a file.
	Digest string
}

// Default returns the options that hold without file and flags.
func Default() *Options { return root().New() }

// System says which account carries the broker's own events and services.
type System struct {
	// Account is the configured system account, empty for the default one.
	Account string
	// Disabled is true when there is to be no default system account.
	Disabled bool
	// NoAuthUser is the user or nkey that stands for clients that show nothing.
	NoAuthUser string
}

var systemRows = option.Within(func(o *Options) *System { return &o.System },
	option.Into(option.Text("system_account").Alias("system").
		Refused("SystemAccount").Feature(FeatureSystemAccount).
		Otherwise("system account name must be a string").
		Doc("Account that carries server events and services; \"$SYS\" is created when none is named."),
		func(s *System) *string { return &s.Account }),
	option.Into(option.Switch("no_system_account").Alias("no_system", "no_sys_acc").
		Refused("NoSystemAccount").
		Doc("Do not create a system account."),
		func(s *System) *bool { return &s.Disabled }),
	option.Into(option.Text("no_auth_user").
		Refused("NoAuthUser").
		Doc("User or nkey that stands for clients which show no credentials."),
		func(s *System) *string { return &s.NoAuthUser }),
)

// AuthTimeout returns how long a client has to authenticate: what is configured,
// else two seconds, or a second more than the TLS handshake may take.
func (o *Options) AuthTimeout() time.Duration {
	if o.Authorization != nil && o.Authorization.Timeout > 0 {
		return o.Authorization.Timeout
	}
	if o.Client.TLS != nil {
		return o.Client.TLS.Timeout + time.Second
	}
	return 2 * time.Second
}

// DefaultPermissions returns what a user of the default account may do who has no
// permissions of their own; nil is everything.
func (o *Options) DefaultPermissions() *auth.Permissions {
	if o.Authorization == nil {
		return nil
	}
	return o.Authorization.DefaultPermissions
}

// Pos returns where a top-level option was written; the zero Position when it was
// not, or when it came from the command line.
func (o *Options) Pos(name string) option.Position {
	if o.Written == nil || !o.Written.Has(name) {
		return option.Position{}
	}
	return o.Written.PosOf(name)
}
