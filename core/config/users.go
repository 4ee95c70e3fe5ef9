package config

import (
	"net/netip"
	"slices"
	"time"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

// User is one entry of a list of users. Exactly one of Name and NKey is set.
type User struct {
	Pos      option.Position
	Name     string
	Password string
	NKey     string
	// Permissions is nil for those of the block around the user.
	Permissions *auth.Permissions
	// Restrictions say how, from where and when the user may connect.
	auth.Restrictions
	written *option.Settings
}

// Key is what the user is found by: the nkey or the name.
func (u *User) Key() string {
	if u.NKey != "" {
		return u.NKey
	}
	return u.Name
}

var userSchema = option.NewSchema([]option.Binding[User]{
	option.Into(option.Text("nkey").
		Check(func(n *option.Node, key string) {
			if !nkeys.IsValidPublicUserKey(key) {
				n.Errorf("Not a valid public nkey for a user")
			}
		}).
		Doc("Public user nkey, instead of user and password."),
		func(u *User) *string { return &u.NKey }),
	option.Into(option.Text("user").Alias("username").
		Doc("Name of the user."),
		func(u *User) *string { return &u.Name }),
	option.Into(option.Text("password").Alias("pass").Secret().
		Doc("Password, plain or bcrypt."),
		func(u *User) *string { return &u.Password }),
	option.Into(auth.PermissionsOption("permissions").Alias("permission", "authorization").
		Doc("What the user may publish and subscribe; everything, or the block's default_permissions, when not set."),
		func(u *User) **auth.Permissions { return &u.Permissions }),
	option.Into(auth.ConnectionTypesOption("allowed_connection_types").Alias("connection_types", "clients").
		Doc("Ways in which the user may connect: STANDARD, WEBSOCKET, LEAFNODE, LEAFNODE_WS, MQTT, MQTT_WS, IN_PROCESS."),
		func(u *User) *[]auth.ConnectionType { return &u.ConnectionTypes }),
	option.Into(auth.SourcesOption(),
		func(u *User) *[]netip.Prefix { return &u.Sources }),
	option.Into(auth.TimesOption(),
		func(u *User) *[]auth.TimeRange { return &u.Times }),
	option.Into(auth.LocationOption(),
		func(u *User) **time.Location { return &u.Location }),
	option.Into(option.Switch("proxy_required").
		Doc("The user must come through a trusted proxy."),
		func(u *User) *bool { return &u.ProxyRequired }),
}).
	Keep(func(u *User) **option.Settings { return &u.written }).
	Check(func(u *User, n *option.Node) {
		u.Pos = n.Pos
		switch {
		case u.NKey != "" && (u.Name != "" || u.Password != ""):
			n.Errorf("Nkey users do not take usernames or passwords")
		case u.Key() == "" && !u.written.Has("nkey"):
			n.Errorf("User entry requires a user")
		}
	})

// usersOption makes an option that holds a list of users.
func usersOption() *option.Of[[]*User] {
	users := option.Custom("users", option.TypeBlocks, func(n *option.Node) []*User {
		if n.Kind() != option.List {
			n.Errorf("Expected users field to be an array, got %v", n)
			return nil
		}
		return userSchema.List(n, func(entry *option.Node) {
			entry.Errorf("Expected user entry to be a map/struct, got %v", entry)
		})
	})
	return users.Fields(userSchema.Table())
}

// checkUsers applies the rules about all users together.
func checkUsers(o *Options, r *option.Report) {
	seen := make(map[string]bool)
	for _, user := range o.AccountUsers() {
		kind := "user"
		if user.NKey != "" {
			kind = "nkey"
		}
		id := kind + " " + user.Key()
		if seen[id] && user.Key() != "" {
			r.Errorf(user.Pos, "Duplicate %s %q detected", kind, user.Key())
		}
		seen[id] = true
	}
	checkSingleWithAccounts(o, r)
}

// checkSingleWithAccounts refuses a single credential beside users in accounts.
func checkSingleWithAccounts(o *Options, r *option.Report) {
	if o.Authorization == nil || !o.accountsHaveUsers() {
		return
	}
	switch {
	case o.Authorization.User != "":
		r.Errorf(o.Pos("accounts"), "Can not have a single user/pass and accounts")
	case o.Authorization.Token != "":
		r.Errorf(o.Pos("accounts"), "Can not have a token and accounts")
	}
}

func (o *Options) accountsHaveUsers() bool {
	return slices.ContainsFunc(o.Accounts, func(a *Account) bool { return len(a.Users) > 0 })
}
