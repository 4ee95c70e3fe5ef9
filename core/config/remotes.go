package config

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/core/subject"
	"github.com/trellismq/trellis/sdk/option"
)

// defaultLeafPort is the port of a remote whose URL has none.
const defaultLeafPort = "7422"

// Remote is a server that this server connects to as a leaf node.
type Remote struct {
	Pos  option.Position
	URLs []*url.URL
	// Account that is connected; the default account when not configured.
	Account string
	// Credentials is the path of a credentials file, NKey a seed; at most one is
	// set.
	Credentials string
	NKey        string
	TLS         *TLS
	// Hub makes the remote side the leaf.
	Hub             bool
	NoRandomize     bool
	DenyImports     []string
	DenyExports     []string
	Compression     Compression
	WSCompression   bool
	WSNoMasking     bool
	MigrateJS       JetStreamMigrate
	IsolateInterest bool
	// RequestIsolation asks the remote to isolate.
	RequestIsolation bool
	FirstInfoTimeout time.Duration
	DialTimeout      time.Duration
	Disabled         bool
	IgnoreDiscovered bool
	Proxy            *RemoteProxy
}

// JetStreamMigrate says whether leaders move away while the remote cannot be
// reached.
type JetStreamMigrate struct {
	Enabled bool
	// Delay before a leader moves.
	Delay time.Duration
}

// RemoteProxy is the HTTP proxy that a remote is reached through.
type RemoteProxy struct {
	URL      string
	User     string
	Password string
	Timeout  time.Duration
	TLS      *TLS
}

var remoteSchema = option.NewSchema([]option.Binding[Remote]{
	option.Into(option.Custom("urls", option.TypeTextOrList, readLeafURLs).Alias("url").
		Doc("URLs of the remote; the default port is 7422."),
		func(r *Remote) *[]*url.URL { return &r.URLs }),
	option.Into(option.Text("account").Alias("local").Fallback(DefaultAccount).
		Doc("Account that is connected."),
		func(r *Remote) *string { return &r.Account }),
	option.Into(option.Text("credentials").Alias("creds").
		Normal(expandPath).
		Doc("Credentials file; ~ and variables of the environment are expanded."),
		func(r *Remote) *string { return &r.Credentials }),
	option.Into(option.Text("nkey").Alias("seed").Secret().
		Check(checkSeed).
		Doc("Seed of the nkey to show."),
		func(r *Remote) *string { return &r.NKey }),
	option.Into(option.Struct("tls", serverTLS).
		Doc("TLS to the remote."),
		func(r *Remote) **TLS { return &r.TLS }),
	option.Into(option.Switch("hub").
		Doc("This server acts as the hub of the connection."),
		func(r *Remote) *bool { return &r.Hub }),
	option.Into(option.Switch("no_randomize").Alias("dont_randomize").
		Doc("Try the URLs in the order written."),
		func(r *Remote) *bool { return &r.NoRandomize }),
	option.Into(denyOption("deny_imports", "deny_import").
		Doc("Subjects that do not come in from the remote."),
		func(r *Remote) *[]string { return &r.DenyImports }),
	option.Into(denyOption("deny_exports", "deny_export").
		Doc("Subjects that do not go out to the remote."),
		func(r *Remote) *[]string { return &r.DenyExports }),
	option.Into(compressionOption(CompressionAuto).Default(Compression{Mode: CompressionAuto}),
		func(r *Remote) *Compression { return &r.Compression }),
	option.Into(option.Switch("ws_compression").Alias("ws_compress", "websocket_compress", "websocket_compression").
		Doc("Compress a WebSocket connection to the remote."),
		func(r *Remote) *bool { return &r.WSCompression }),
	option.Into(option.Switch("ws_no_masking").Alias("websocket_no_masking").
		Doc("Do not mask frames of a WebSocket connection to the remote."),
		func(r *Remote) *bool { return &r.WSNoMasking }),
	option.Into(option.Custom("jetstream_cluster_migrate", "boolean or block", readMigrate).Alias("js_cluster_migrate").
		Doc("Move leaders away while the remote cannot be reached; a block sets leader_migrate_delay."),
		func(r *Remote) *JetStreamMigrate { return &r.MigrateJS }),
	option.Into(option.Switch("isolate_leafnode_interest").Alias("isolate").
		Doc("Do not tell the remote about the interest of other leaf nodes."),
		func(r *Remote) *bool { return &r.IsolateInterest }),
	option.Into(option.Switch("request_isolation").
		Doc("Ask the remote not to tell of the interest of other leaf nodes."),
		func(r *Remote) *bool { return &r.RequestIsolation }),
	option.Into(option.DurationOrSeconds("first_info_timeout").Fallback(time.Second).
		Doc("Time the remote may take to send its first line."),
		func(r *Remote) *time.Duration { return &r.FirstInfoTimeout }),
	option.Into(option.DurationOrSeconds("dial_timeout").
		Doc("Time to reach the remote; that of the leafnodes block when not set."),
		func(r *Remote) *time.Duration { return &r.DialTimeout }),
	option.Into(option.Switch("disabled").
		Doc("Do not connect."),
		func(r *Remote) *bool { return &r.Disabled }),
	option.Into(option.Switch("ignore_discovered_servers").
		Doc("Use only the URLs written here."),
		func(r *Remote) *bool { return &r.IgnoreDiscovered }),
	option.Into(option.Struct("proxy", remoteProxySchema).
		Otherwise("Expected proxy to be a map, got {type}").
		Doc("HTTP proxy on the way to the remote."),
		func(r *Remote) **RemoteProxy { return &r.Proxy }),
}).Check(func(r *Remote, n *option.Node) {
	r.Pos = n.Pos
	if r.Credentials != "" && r.NKey != "" {
		n.Errorf("Remote leafnode can not have both creds and nkey defined")
	}
})

func remotesOption() *option.Of[[]*Remote] {
	return option.Custom("remotes", option.TypeBlocks, func(n *option.Node) []*Remote {
		if n.Kind() != option.List {
			n.Errorf("Expected remotes field to be an array, got %s", n.TypeName())
			return nil
		}
		remotes := remoteSchema.List(n, func(item *option.Node) {
			item.Errorf("Expected remote leafnode entry to be a map/struct, got %v", item)
		})
		checkRemotes(n, remotes)
		return remotes
	}).Fields(remoteSchema.Table()).
		Doc("Servers to connect to as a leaf node.")
}

func checkRemotes(n *option.Node, remotes []*Remote) {
	seen := make(map[string]bool)
	for _, r := range remotes {
		urls := make([]string, len(r.URLs))
		for i, u := range r.URLs {
			urls[i] = u.String()
		}
		slices.Sort(urls)
		id := strings.Join(append(urls, r.Account, r.Credentials, r.NKey), "\x00")
		if seen[id] {
			n.Report().Errorf(r.Pos, "duplicate remote %s", r)
		}
		seen[id] = true
	}
}

// String identifies the remote without showing its secrets.
func (r *Remote) String() string {
	urls := make([]string, len(r.URLs))
	for i, u := range r.URLs {
		urls[i] = `"` + u.Redacted() + `"`
	}
	text := "urls=[" + strings.Join(urls, " ") + `], account="` + r.Account + `"`
	switch {
	case r.Credentials != "":
		text += `, credentials="` + r.Credentials + `"`
	case r.NKey != "":
		text += `, nkey="` + option.Redacted + `"`
	}
	return text
}

func readLeafURLs(n *option.Node) []*url.URL {
	if k := n.Kind(); k != option.String && k != option.List {
		n.Errorf("Expected remote leafnode url to be an array or string, got %v", n)
		return nil
	}
	urls := readURLs(n, "leafnode")
	for _, u := range urls {
		if u.Port() == "" {
			u.Host = net.JoinHostPort(u.Hostname(), defaultLeafPort)
		}
	}
	return urls
}

func checkSeed(n *option.Node, seed string) {
	pair, err := nkeys.FromSeed([]byte(seed))
	if err != nil {
		n.Errorf("Remote leafnode nkey is not a valid seed: %q", option.Redacted)
		return
	}
	pair.Wipe()
}

// expandPath expands a leading ~ and variables of the environment.
func expandPath(path string) string {
	path = os.ExpandEnv(path)
	rest, found := strings.CutPrefix(path, "~")
	if !found {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}

func denyOption(names ...string) *option.Of[[]string] {
	return option.TextOrList(names[0]).Alias(names[1:]...).
		Check(func(n *option.Node, subjects []string) {
			for _, s := range subjects {
				if !subject.ValidSubscription(s) {
					n.Errorf("subject %q is not a valid subject", s)
				}
			}
		})
}

func readMigrate(n *option.Node) JetStreamMigrate {
	switch n.Kind() {
	case option.Bool:
		return JetStreamMigrate{Enabled: n.Value.Bool}
	case option.Map:
		s := migrateTable.Read(n)
		return JetStreamMigrate{Enabled: true, Delay: s.Duration("leader_migrate_delay")}
	}
	n.Errorf("Expected boolean or map for jetstream_cluster_migrate, got %s", n.TypeName())
	return JetStreamMigrate{}
}

var migrateTable = option.NewTable(
	option.DurationOrSeconds("leader_migrate_delay").Doc("Time before a leader moves."),
)

var remoteProxySchema = option.NewSchema([]option.Binding[RemoteProxy]{
	option.Into(option.Text("url").
		Doc("URL of the proxy, http or https."),
		func(p *RemoteProxy) *string { return &p.URL }),
	option.Into(option.Text("username").
		Doc("User of the proxy."),
		func(p *RemoteProxy) *string { return &p.User }),
	option.Into(option.Text("password").Secret().
		Doc("Password of the proxy."),
		func(p *RemoteProxy) *string { return &p.Password }),
	option.Into(option.DurationOrSeconds("timeout").
		Doc("Time to reach the proxy."),
		func(p *RemoteProxy) *time.Duration { return &p.Timeout }),
	option.Into(option.Struct("tls", proxyTLS).
		Doc("TLS to the proxy."),
		func(p *RemoteProxy) **TLS { return &p.TLS }),
}).Check(checkRemoteProxy)

func checkRemoteProxy(p *RemoteProxy, n *option.Node) {
	if p.URL == "" {
		if p.User != "" || p.Password != "" || p.Timeout != 0 || p.TLS != nil {
			n.Errorf("proxy URL must be specified when other proxy options are set")
		}
		return
	}
	u, err := url.Parse(p.URL)
	switch {
	case err != nil:
		n.Errorf("invalid proxy URL: %v", err)
	case u.Scheme != "http" && u.Scheme != "https":
		n.Errorf("proxy URL scheme must be http or https, got: %s", u.Scheme)
	case u.Host == "":
		n.Errorf("proxy URL must specify a host")
	case p.TLS != nil && u.Scheme != "https":
		n.Errorf("proxy TLS configuration requires an https proxy URL, got: %s", u.Scheme)
	}
	if p.Timeout < 0 {
		n.Errorf("proxy timeout must be >= 0")
	}
	if (p.User == "") != (p.Password == "") {
		n.Errorf("proxy username and password must both be specified or both be empty")
	}
}
