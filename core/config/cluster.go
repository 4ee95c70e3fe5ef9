package config

import (
	"net/url"
	"strings"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

// Cluster says how the servers of a cluster reach each other.
type Cluster struct {
	Name string
	// Host and Port of the route listener; Port 0 is off, -1 any free port.
	Host string
	Port int64
	// Routes are the URLs of other servers.
	Routes        []*url.URL
	Authorization *PeerAuthorization
	Permissions   *auth.Permissions
	TLS           *TLS
	Advertise     string
	// NoAdvertise does not tell clients about other servers.
	NoAdvertise    bool
	ConnectRetries int64
	ConnectBackoff bool
	// PoolSize is the connections per server; -1 is a single one as of old.
	PoolSize int64
	// Accounts with a connection of their own.
	Accounts    []string
	Compression Compression
	// PingInterval, PingMax, WriteDeadline and WriteTimeout are zero for those of
	// clients.
	PingInterval  time.Duration
	PingMax       int64
	WriteDeadline time.Duration
	WriteTimeout  WriteTimeout
}

// PeerAuthorization is what another server has to show.
type PeerAuthorization struct {
	User     string
	Password string
	Timeout  time.Duration
	// Permissions of routes, deprecated in this place.
	Permissions *auth.Permissions
}

// maxRoutePing is the longest interval of pings between servers of a cluster.
const maxRoutePing = 30 * time.Second

var clusterSchema = option.NewSchema([]option.Binding[Cluster]{
	option.Into(option.Text("name").
		Reloaded("Cluster name updated to %v").
		Flag(groupCluster, "name", "cluster_name").
		Check(noBlanks("cluster name cannot contain spaces")).
		Check(func(n *option.Node, name string) {
			if name == "_" {
				n.Errorf("cluster name is reserved")
			}
		}).
		Doc("Name of the cluster; generated when not set."),
		func(c *Cluster) *string { return &c.Name }),
	option.Through(option.Listen("listen").
		Refused("cluster host").
		Doc("Address to listen on for other servers of the cluster."),
		func(c *Cluster, a option.Address) { listenOn(&c.Host, &c.Port, a) }),
	option.Into(option.Text("host").Alias("net").Fallback("0.0.0.0").
		Refused("cluster host").
		Doc("Host to listen on for other servers of the cluster."),
		func(c *Cluster) *string { return &c.Host }),
	option.Into(option.Number("port").
		Refused("cluster port").
		Doc("Port to listen on for other servers of the cluster; 0 is off, -1 picks a free one."),
		func(c *Cluster) *int64 { return &c.Port }),
	option.Into(option.Custom("routes", option.TypeTexts, func(n *option.Node) []*url.URL {
		return readURLs(n, "route")
	}).
		ShowAs(showURLs).
		Reloaded("Reloaded: cluster routes").
		Doc("URLs of other servers of the cluster."),
		func(c *Cluster) *[]*url.URL { return &c.Routes }),
	option.Into(peerAuthorization("Cluster", clusterAuthorizationRows).
		Doc("User and password that other servers show."),
		func(c *Cluster) **PeerAuthorization { return &c.Authorization }),
	option.Into(auth.PermissionsOption("permissions").
		Check(staticOnly).
		Doc("Subjects that pass between the servers: import and export."),
		func(c *Cluster) **auth.Permissions { return &c.Permissions }),
	option.Into(option.Struct("tls", peerTLS).
		Doc("TLS between the servers; certificates are always demanded."),
		func(c *Cluster) **TLS { return &c.TLS }),
	option.Into(option.Text("cluster_advertise").Alias("advertise").
		Flag(groupCluster, "host[:port]", "cluster_advertise").
		Doc("Address told to other servers instead of host and port."),
		func(c *Cluster) *string { return &c.Advertise }),
	option.Into(option.Switch("no_advertise").
		Flag(groupCluster, "", "no_advertise").
		Doc("Do not tell clients about other servers."),
		func(c *Cluster) *bool { return &c.NoAdvertise }),
	option.Into(option.Number("connect_retries").
		Flag(groupCluster, "number", "connect_retries").
		Doc("Attempts to reach a server that others told of."),
		func(c *Cluster) *int64 { return &c.ConnectRetries }),
	option.Into(option.Switch("connect_backoff").
		Doc("Wait longer after each failed attempt, up to 30s."),
		func(c *Cluster) *bool { return &c.ConnectBackoff }),
	option.Into(option.Number("pool_size").Fallback(3).
		Doc("Connections to each server; -1 is a single one."),
		func(c *Cluster) *int64 { return &c.PoolSize }),
	option.Into(option.TextOrList("accounts").
		Otherwise("error parsing accounts: unsupported type {type}").
		Doc("Accounts with a connection of their own."),
		func(c *Cluster) *[]string { return &c.Accounts }),
	option.Into(compressionOption(CompressionFast).Default(Compression{Mode: CompressionAccept}),
		func(c *Cluster) *Compression { return &c.Compression }),
	option.Into(option.DurationOrSeconds("ping_interval").
		Check(func(n *option.Node, d time.Duration) {
			if d > maxRoutePing {
				n.Warnf("Cluster 'ping_interval' will reset to %v which is the max for routes", maxRoutePing)
			}
		}).
		Doc("Interval of pings between servers, at most 30s; that of clients when not set."),
		func(c *Cluster) *time.Duration { return &c.PingInterval }),
	option.Into(option.Number("ping_max").
		Doc("Unanswered pings after which a connection is closed; that of clients when not set."),
		func(c *Cluster) *int64 { return &c.PingMax }),
	option.Into(option.DurationOrSeconds("write_deadline").
		Doc("Time a write to another server may take; that of clients when not set."),
		func(c *Cluster) *time.Duration { return &c.WriteDeadline }),
	option.Into(writeTimeout(),
		func(c *Cluster) *WriteTimeout { return &c.WriteTimeout }),
}).Check(func(c *Cluster, n *option.Node) {
	c.PingInterval = min(c.PingInterval, maxRoutePing)
	if c.Authorization != nil && c.Permissions == nil {
		c.Permissions = c.Authorization.Permissions
	}
})

func staticOnly(n *option.Node, p *auth.Permissions) {
	if p != nil && p.Responses != nil {
		n.Errorf("Cluster permissions do not support dynamic responses")
	}
}

var clusterAuthorizationRows = []option.Binding[PeerAuthorization]{
	option.Into(auth.PermissionsOption("permissions").
		Deprecated(`setting "permissions" within cluster authorization block is deprecated`).
		Check(staticOnly).
		Doc("Subjects that pass between the servers; belongs into the cluster block."),
		func(a *PeerAuthorization) **auth.Permissions { return &a.Permissions }),
}

// peerAuthorization makes the authorization option of a block about other
// servers; title is how messages call the block.
func peerAuthorization(title string, more []option.Binding[PeerAuthorization]) *option.Of[*PeerAuthorization] {
	refuse := func(name, what string, aliases ...string) option.Binding[PeerAuthorization] {
		return option.Through(option.Custom(name, "not supported", func(n *option.Node) any {
			n.Errorf("%s authorization does not %s", title, what)
			return nil
		}).Alias(aliases...), func(*PeerAuthorization, any) {})
	}
	return option.Struct("authorization", option.NewSchema([]option.Binding[PeerAuthorization]{
		option.Into(option.Text("user").Alias("username").
			Doc("Name that the other server shows."),
			func(a *PeerAuthorization) *string { return &a.User }),
		option.Into(option.Text("password").Alias("pass").Secret().
			Doc("Password that the other server shows."),
			func(a *PeerAuthorization) *string { return &a.Password }),
		option.Into(authTimeout("authorization"),
			func(a *PeerAuthorization) *time.Duration { return &a.Timeout }),
		refuse("users", "allow multiple users"),
		refuse("token", "support tokens"),
		refuse("auth_callout", "support callouts", "auth_hook"),
	}, more))
}

// readURLs reads a list of URLs and drops duplicates with a warning; what names
// the kind of URL in messages.
func readURLs(n *option.Node, what string) []*url.URL {
	entries := []*option.Node{n}
	if n.Kind() == option.List {
		entries = n.Items()
	}
	urls := make([]*url.URL, 0, len(entries))
	seen := make(map[string]bool)
	for _, entry := range entries {
		u, err := url.Parse(entry.String())
		if entry.Kind() != option.String || err != nil {
			entry.Errorf("error parsing %s url [%q]", what, entry)
			continue
		}
		if seen[u.String()] {
			entry.Key = u.Redacted()
			entry.Misuse("Duplicate %s entry detected", what)
			continue
		}
		seen[u.String()] = true
		urls = append(urls, u)
	}
	return urls
}

// showURLs renders URLs without their passwords.
func showURLs(urls []*url.URL) string {
	shown := make([]string, len(urls))
	for i, u := range urls {
		shown[i] = u.Redacted()
	}
	return "[" + strings.Join(shown, " ") + "]"
}
