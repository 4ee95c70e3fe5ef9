package config

import (
	"time"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

// Authorization says who may connect to the default account. At most one of
// User, Token and Users is set.
type Authorization struct {
	User     string
	Password string
	Token    string
	// Timeout for a client to authenticate; 0 means the default, see
	// [Options.AuthTimeout].
	Timeout time.Duration
	// Users is non-nil when a list was written, even an empty one.
	Users []*User
	// DefaultPermissions hold for users without permissions of their own.
	DefaultPermissions *auth.Permissions
	Callout            *Callout
	// ProxyRequired lets the single user or token come through a trusted proxy
	// only.
	ProxyRequired bool
	// Written knows what was written, and where.
	Written *option.Settings
}

var authorizationSchema = option.NewSchema([]option.Binding[Authorization]{
	option.Into(option.Text("user").Alias("username").
		Reloaded("Reloaded: authorization username").
		Flag(groupAuthorization, "user", "user").
		Doc("Name of the single user."),
		func(a *Authorization) *string { return &a.User }),
	option.Into(option.Text("password").Alias("pass").Secret().
		Reloaded("Reloaded: authorization password").
		Flag(groupAuthorization, "password", "pass").
		Doc("Password of the single user, plain or bcrypt."),
		func(a *Authorization) *string { return &a.Password }),
	option.Into(option.Text("token").Secret().
		Reloaded("Reloaded: authorization token").
		Flag(groupAuthorization, "token", "auth").
		Doc("Token that every client shows, plain or bcrypt."),
		func(a *Authorization) *string { return &a.Token }),
	option.Into(authTimeout("authorization").
		Reloaded("Reloaded: authorization timeout = %v"),
		func(a *Authorization) *time.Duration { return &a.Timeout }),
	option.Into(usersOption().
		Reloaded("Reloaded: authorization users").
		Doc("Users with passwords or nkeys."),
		func(a *Authorization) *[]*User { return &a.Users }),
	option.Into(auth.PermissionsOption("default_permissions").Alias("default_permission", "permissions").
		Doc("Permissions of users that have none of their own."),
		func(a *Authorization) **auth.Permissions { return &a.DefaultPermissions }),
	option.Into(option.Struct("auth_callout", calloutSchema).Alias("auth_hook").
		Refused("AuthCallout").Feature(FeatureAuthCallout).
		Otherwise("Expected authorization callout to be a map/struct, got {value}").
		Doc("Service that decides who may connect."),
		func(a *Authorization) **Callout { return &a.Callout }),
	option.Into(option.Switch("proxy_required").
		Refused("ProxyRequired").
		Doc("The single user or token must come through a trusted proxy."),
		func(a *Authorization) *bool { return &a.ProxyRequired }),
}).
	Keep(func(a *Authorization) **option.Settings { return &a.Written }).
	Check(checkSingle)

// checkSingle refuses more than one kind of credential in one block.
func checkSingle(a *Authorization, n *option.Node) {
	switch {
	case (a.User != "" || a.Password != "") && a.Token != "":
		n.Errorf("Cannot have a user/pass and token")
	case a.Users == nil:
	case a.User != "":
		n.Errorf("Can not have a single user/pass and a users array")
	case a.Token != "":
		n.Errorf("Can not have a token and a users array")
	}
}

// maxAuthTimeout is the longest authentication timeout that is not suspected to
// be a mistake.
const maxAuthTimeout = time.Minute

// authTimeout makes the timeout option of an authorization block; block is how
// messages call it.
func authTimeout(block string) *option.Of[time.Duration] {
	return option.Custom("timeout", option.TypeSeconds, func(n *option.Node) time.Duration {
		d := readTimeout(n, block)
		if d > maxAuthTimeout {
			n.Misuse("timeout of %v (%f seconds) is high, consider keeping it under 60 seconds. "+
				"possibly caused by unquoted duration; use '1m' instead of 1m, for example", n, d.Seconds())
		}
		return d
	}).Doc("Time to authenticate, in seconds or as a duration.")
}

// readTimeout reads seconds with the messages of the named block.
func readTimeout(n *option.Node, block string) time.Duration {
	d, err := n.Seconds()
	switch {
	case err == option.ErrNotSeconds:
		n.Errorf("error parsing %s config, 'timeout' wrong type", block)
	case err != nil:
		n.Errorf("error parsing %s config, 'timeout' %v", block, err)
	}
	return d
}

// Callout says which service is asked about connections.
type Callout struct {
	// Issuer is the public account key that signs answers.
	Issuer string
	// Account in which the service listens.
	Account string
	// AuthUsers are let in without asking: the service itself.
	AuthUsers []string
	// XKey is the service's public curve key, empty for requests in plain text.
	XKey string
	// AllowedAccounts, when not empty, are those the service may decide about.
	AllowedAccounts []string
	written         *option.Settings
}

var calloutSchema = option.NewSchema([]option.Binding[Callout]{
	option.Into(option.Text("issuer").
		Check(func(n *option.Node, key string) {
			if !nkeys.IsValidPublicAccountKey(key) {
				n.Errorf("Expected callout user to be a valid public account nkey, got %q", key)
			}
		}).
		Doc("Public account nkey that signs the answers."),
		func(c *Callout) *string { return &c.Issuer }),
	option.Into(option.Text("account").Alias("acc").Fallback(DefaultAccount).
		Doc("Account in which the service listens."),
		func(c *Callout) *string { return &c.Account }),
	option.Into(option.Texts("auth_users").Alias("users").
		Otherwise("Expected auth_users field to be an array, got {type}").
		Doc("Users and nkeys that are let in without asking."),
		func(c *Callout) *[]string { return &c.AuthUsers }),
	option.Into(option.Text("xkey").Alias("key").
		Check(func(n *option.Node, key string) {
			if !nkeys.IsValidPublicCurveKey(key) {
				n.Errorf("Expected callout xkey to be a valid public xkey, got %q", key)
			}
		}).
		Doc("Public curve key of the service; requests are encrypted with it."),
		func(c *Callout) *string { return &c.XKey }),
	option.Into(option.Texts("allowed_accounts").
		Otherwise("Expected allowed accounts field to be an array, got {type}").
		Doc("Accounts that the service may decide about; all when not set."),
		func(c *Callout) *[]string { return &c.AllowedAccounts }),
}).
	Unknown(`Unknown field "{key}" parsing authorization callout`).
	Keep(func(c *Callout) **option.Settings { return &c.written }).
	Check(func(c *Callout, n *option.Node) {
		switch {
		case c.Issuer == "" && !c.written.Has("issuer"):
			n.Errorf("Authorization callouts require an issuer to be specified")
		case len(c.AuthUsers) == 0 && c.Issuer != "":
			n.Errorf("Authorization callouts require authorized users to be specified")
		}
	})

// checkCallout looks for the accounts that a callout may decide about.
func checkCallout(o *Options, r *option.Report) {
	if o.Authorization == nil || o.Authorization.Callout == nil {
		return
	}
	for _, name := range o.Authorization.Callout.AllowedAccounts {
		if !o.hasAccount(name) {
			r.Errorf(o.Authorization.Written.PosOf("auth_callout"),
				"auth_callout allowed account %q not found in configured accounts", name)
		}
	}
}
