package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/sdk/option"
)

// LeafNodes says how leaf nodes connect here, and to which servers this server
// connects as a leaf node.
type LeafNodes struct {
	// Host and Port of the listener; Port 0 is off, -1 any free port.
	Host          string
	Port          int64
	Authorization *LeafAuthorization
	TLS           *TLS
	Advertise     string
	NoAdvertise   bool
	// MinVersion of servers that may connect, empty for any.
	MinVersion string
	// Reconnect is the pause between attempts.
	Reconnect       time.Duration
	DialTimeout     time.Duration
	Compression     Compression
	IsolateInterest bool
	WriteDeadline   time.Duration
	WriteTimeout    WriteTimeout
	Remotes         []*Remote
}

var leafSchema = option.NewSchema([]option.Binding[LeafNodes]{
	option.Through(option.Listen("listen").
		Refused("Host").
		Doc("Address to listen on for leaf nodes."),
		func(l *LeafNodes, a option.Address) { listenOn(&l.Host, &l.Port, a) }),
	option.Into(option.Text("host").Alias("net").Fallback("0.0.0.0").
		Refused("Host").
		Doc("Host to listen on for leaf nodes."),
		func(l *LeafNodes) *string { return &l.Host }),
	option.Into(option.Number("port").
		Refused("Port").
		Doc("Port to listen on for leaf nodes; 0 is off, -1 picks a free one."),
		func(l *LeafNodes) *int64 { return &l.Port }),
	option.Into(option.Struct("authorization", leafAuthorizationSchema).
		Doc("Who may connect as a leaf node."),
		func(l *LeafNodes) **LeafAuthorization { return &l.Authorization }),
	option.Into(option.Struct("tls", serverTLS).
		Doc("TLS for leaf nodes."),
		func(l *LeafNodes) **TLS { return &l.TLS }),
	option.Into(option.Text("leafnode_advertise").Alias("advertise").
		Refused("Advertise").
		Doc("Address told to leaf nodes instead of host and port."),
		func(l *LeafNodes) *string { return &l.Advertise }),
	option.Into(option.Switch("no_advertise").
		Refused("NoAdvertise").
		Doc("Do not tell leaf nodes about other servers."),
		func(l *LeafNodes) *bool { return &l.NoAdvertise }),
	option.Into(option.Text("min_version").Alias("minimum_version").
		Refused("MinVersion").
		Check(checkMinVersion).
		Doc("Lowest version of servers that may connect, at least 2.8.0."),
		func(l *LeafNodes) *string { return &l.MinVersion }),
	option.Into(option.DurationOrSeconds("reconnect").Alias("reconnect_delay", "reconnect_interval").Fallback(time.Second).
		Refused("ReconnectInterval").
		Doc("Pause between attempts to reach a remote."),
		func(l *LeafNodes) *time.Duration { return &l.Reconnect }),
	option.Into(option.DurationOrSeconds("dial_timeout").Fallback(time.Second).
		Refused("DialTimeout").
		Doc("Time to reach a remote."),
		func(l *LeafNodes) *time.Duration { return &l.DialTimeout }),
	option.Into(compressionOption(CompressionAuto).Default(Compression{Mode: CompressionAuto}).
		ReloadedAs(func(c Compression) string {
			return fmt.Sprintf("Reloaded: LeafNode Compression value is: {%s %v}", c.Mode, c.Thresholds)
		}),
		func(l *LeafNodes) *Compression { return &l.Compression }),
	option.Into(option.Switch("isolate_leafnode_interest").Alias("isolate").
		Refused("IsolateLeafnodeInterest").
		Doc("Do not tell leaf nodes about the interest of other leaf nodes."),
		func(l *LeafNodes) *bool { return &l.IsolateInterest }),
	option.Into(option.DurationOrSeconds("write_deadline").
		Refused("WriteDeadline").
		Doc("Time a write to a leaf node may take; that of clients when not set."),
		func(l *LeafNodes) *time.Duration { return &l.WriteDeadline }),
	option.Into(writeTimeout().Refused("WriteTimeout"),
		func(l *LeafNodes) *WriteTimeout { return &l.WriteTimeout }),
	option.Into(remotesOption(),
		func(l *LeafNodes) *[]*Remote { return &l.Remotes }),
})

// minLeafVersion is the lowest version that min_version can ask for.
var minLeafVersion = [3]int64{2, 8, 0}

func checkMinVersion(n *option.Node, text string) {
	var version [3]int64
	parts := strings.SplitN(strings.TrimPrefix(text, "v"), ".", 3)
	for i := range version {
		var err error
		if i < len(parts) {
			// A pre-release suffix says nothing about the order of releases here.
			number, _, _ := strings.Cut(parts[i], "-")
			version[i], err = strconv.ParseInt(number, 10, 32)
		}
		if i >= len(parts) || err != nil {
			n.Errorf("invalid leafnode's minimum version: %q is not a version such as 2.8.0", text)
			return
		}
	}
	for i, least := range minLeafVersion {
		if version[i] > least {
			return
		}
		if version[i] < least {
			n.Errorf("the minimum version should be at least 2.8.0")
			return
		}
	}
}

// LeafAuthorization is what a leaf node has to show. At most one of User, NKey
// and Users is set.
type LeafAuthorization struct {
	User     string
	Password string
	NKey     string
	// Account that the leaf node is bound to; empty is the default account.
	Account       string
	Timeout       time.Duration
	ProxyRequired bool
	Users         []*LeafUser
}

// LeafUser is one entry of a list of leaf node users.
type LeafUser struct {
	Pos           option.Position
	User          string
	Password      string
	Account       string
	ProxyRequired bool
}

var leafAuthorizationSchema = option.NewSchema([]option.Binding[LeafAuthorization]{
	option.Into(option.Text("user").Alias("username").
		Refused("Username").
		Doc("Name that a leaf node shows."),
		func(a *LeafAuthorization) *string { return &a.User }),
	option.Into(option.Text("password").Alias("pass").Secret().
		Refused("Password").
		Doc("Password that a leaf node shows."),
		func(a *LeafAuthorization) *string { return &a.Password }),
	option.Into(option.Text("nkey").
		Refused("Nkey").
		Check(func(n *option.Node, key string) {
			if !nkeys.IsValidPublicUserKey(key) {
				n.Errorf("Not a valid public nkey for leafnode authorization")
			}
		}).
		Doc("Public nkey of leaf nodes."),
		func(a *LeafAuthorization) *string { return &a.NKey }),
	option.Into(option.Text("account").
		Refused("Account").
		Doc("Account that leaf nodes are bound to; the default account when not set."),
		func(a *LeafAuthorization) *string { return &a.Account }),
	option.Into(authTimeout("authorization").
		Refused("AuthTimeout"),
		func(a *LeafAuthorization) *time.Duration { return &a.Timeout }),
	option.Into(option.Switch("proxy_required").
		Refused("ProxyRequired").
		Doc("Leaf nodes must come through a trusted proxy."),
		func(a *LeafAuthorization) *bool { return &a.ProxyRequired }),
	option.Into(option.Custom("users", option.TypeBlocks, readLeafUsers).
		Fields(leafUserSchema.Table()).
		Refused("Users").
		Doc("Leaf nodes with passwords and accounts."),
		func(a *LeafAuthorization) *[]*LeafUser { return &a.Users }),
}).Check(func(a *LeafAuthorization, n *option.Node) {
	switch {
	case a.Users == nil:
	case a.User != "":
		n.Errorf("can not have a single user/pass and a users array")
	case a.NKey != "":
		n.Errorf("can not have a single nkey and a users array")
	}
	seen := make(map[string]bool)
	for _, u := range a.Users {
		if seen[u.User] {
			n.Report().Errorf(u.Pos, "duplicate user %q detected in leafnode authorization", u.User)
		}
		seen[u.User] = true
	}
})

var leafUserSchema = option.NewSchema([]option.Binding[LeafUser]{
	option.Into(option.Text("user").Alias("username").
		Doc("Name that a leaf node shows."),
		func(u *LeafUser) *string { return &u.User }),
	option.Into(option.Text("password").Alias("pass").Secret().
		Doc("Password that a leaf node shows."),
		func(u *LeafUser) *string { return &u.Password }),
	option.Into(option.Text("account").
		Doc("Account that the leaf node is bound to."),
		func(u *LeafUser) *string { return &u.Account }),
	option.Into(option.Switch("proxy_required").
		Doc("The leaf node must come through a trusted proxy."),
		func(u *LeafUser) *bool { return &u.ProxyRequired }),
}).Check(func(u *LeafUser, n *option.Node) { u.Pos = n.Pos })

func readLeafUsers(n *option.Node) []*LeafUser {
	if n.Kind() != option.List {
		n.Errorf("Expected users field to be an array, got %v", n)
		return nil
	}
	return leafUserSchema.List(n, func(entry *option.Node) {
		entry.Errorf("Expected user entry to be a map/struct, got %v", entry)
	})
}
