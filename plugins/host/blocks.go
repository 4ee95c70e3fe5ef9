package host

import (
	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/option"
)

// The drivers that serve the users of the usual authorization and accounts
// blocks.
const (
	nkeyDriver     = "nkey"
	tlsmapDriver   = "tlsmap"
	userpassDriver = "userpass"
	tokenDriver    = "token"
)

// need is what the usual blocks ask of a driver: to serve their users of one
// kind, in the form of the driver's settings.
type need struct {
	driver   string
	what     string // "users with an nkey", for messages
	pos      option.Position
	settings *option.Value
}

// needs lists what the usual blocks ask for, in the order in which the drivers
// have to be tried: an nkey decides before a certificate, a certificate before
// a name, a name before a token.
func needs(o *config.Options) []need {
	var all []need
	add := func(driver, what string, pos option.Position, settings *option.Value) {
		all = append(all, need{driver, what, pos, settings})
	}
	t := tree{usersPos(o)}
	var named, keyed []*option.Value
	for account, user := range o.AccountUsers() {
		entry := tree{user.Pos}.user(account, user)
		if user.NKey != "" {
			keyed = append(keyed, entry)
		} else {
			named = append(named, entry)
		}
	}
	if keyed != nil {
		add(nkeyDriver, "users with an nkey", t.pos, t.block(t.field("users", t.list(keyed))))
	}
	if named != nil {
		users := t.field("users", t.list(named))
		if mapsCertificates(o) {
			add(tlsmapDriver, "users selected by certificate", t.pos, t.block(users))
			users := append([]option.Field{users}, t.field("require_password", t.truth(true)))
			add(userpassDriver, "users with a password", t.pos, t.block(users...))
		} else {
			add(userpassDriver, "users with a password", t.pos, t.block(users))
		}
	}
	if a := o.Authorization; a != nil && named == nil && keyed == nil {
		t := tree{o.Pos("authorization")}
		if a.User != "" {
			single := t.block(t.single(a, t.field("user", t.text(a.User)), t.field("password", t.text(a.Password)))...)
			add(userpassDriver, "the user", t.pos, t.block(t.field("users", t.list([]*option.Value{single}))))
		}
		if a.Token != "" {
			add(tokenDriver, "the token", t.pos, t.block(t.single(a, t.field("token", t.text(a.Token)))...))
		}
	}
	return all
}

// single completes the entry of the single user or token: default permissions
// are for users of lists only, so that an empty block keeps them away.
func (t tree) single(a *config.Authorization, credential ...option.Field) []option.Field {
	return append(credential,
		t.field("account", t.text(config.DefaultAccount)),
		t.field("permissions", t.block()),
		t.field("proxy_required", t.truth(a.ProxyRequired)))
}

// usersPos is where the block with the users is written.
func usersPos(o *config.Options) option.Position {
	if o.Authorization != nil && len(o.Authorization.Users) > 0 {
		return o.Pos("authorization")
	}
	return o.Pos("accounts")
}

// mapsCertificates reports whether a listener takes users from certificates.
func mapsCertificates(o *config.Options) bool {
	maps := func(t *config.TLS) bool { return t != nil && t.VerifyAndMap }
	return maps(o.Client.TLS) ||
		o.WebSocket != nil && maps(o.WebSocket.TLS) ||
		o.MQTT != nil && maps(o.MQTT.TLS)
}
