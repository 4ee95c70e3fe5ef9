package config

import (
	"net/url"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// Gateway says how clusters reach each other.
type Gateway struct {
	// Name of this server's cluster among the gateways.
	Name string
	// Host and Port of the listener; -1 is any free port.
	Host           string
	Port           int64
	Authorization  *PeerAuthorization
	TLS            *TLS
	Advertise      string
	ConnectRetries int64
	ConnectBackoff bool
	// RejectUnknown refuses clusters that are not listed.
	RejectUnknown bool
	WriteDeadline time.Duration
	WriteTimeout  WriteTimeout
	Remotes       []*RemoteGateway
}

// RemoteGateway is another cluster.
type RemoteGateway struct {
	Name string
	URLs []*url.URL
	// TLS is nil for that of the gateway block.
	TLS *TLS
}

// String identifies the cluster without showing passwords.
func (r *RemoteGateway) String() string { return r.Name + " " + showURLs(r.URLs) }

var gatewaySchema = option.NewSchema([]option.Binding[Gateway]{
	option.Into(option.Text("name").
		Check(noBlanks("gateway name cannot contain spaces")).
		Doc("Name of this server's cluster."),
		func(g *Gateway) *string { return &g.Name }),
	option.Through(option.Listen("listen").
		Doc("Address to listen on for other clusters."),
		func(g *Gateway, a option.Address) { listenOn(&g.Host, &g.Port, a) }),
	option.Into(option.Text("host").Alias("net").Fallback("0.0.0.0").
		Doc("Host to listen on for other clusters."),
		func(g *Gateway) *string { return &g.Host }),
	option.Into(option.Number("port").
		Doc("Port to listen on for other clusters; -1 picks a free one."),
		func(g *Gateway) *int64 { return &g.Port }),
	option.Into(peerAuthorization("Gateway", nil).
		Doc("User and password that other clusters show."),
		func(g *Gateway) **PeerAuthorization { return &g.Authorization }),
	option.Into(option.Struct("tls", peerTLS).
		Doc("TLS between clusters; certificates are always demanded."),
		func(g *Gateway) **TLS { return &g.TLS }),
	option.Into(option.Text("advertise").
		Doc("Address told to other clusters instead of host and port."),
		func(g *Gateway) *string { return &g.Advertise }),
	option.Into(option.Number("connect_retries").
		Doc("Attempts to reach a cluster that others told of."),
		func(g *Gateway) *int64 { return &g.ConnectRetries }),
	option.Into(option.Switch("connect_backoff").
		Doc("Wait longer after each failed attempt, up to 30s."),
		func(g *Gateway) *bool { return &g.ConnectBackoff }),
	option.Into(option.Switch("reject_unknown_cluster").Alias("reject_unknown").
		Doc("Refuse clusters that are not listed."),
		func(g *Gateway) *bool { return &g.RejectUnknown }),
	option.Into(option.DurationOrSeconds("write_deadline").
		Doc("Time a write to another cluster may take; that of clients when not set."),
		func(g *Gateway) *time.Duration { return &g.WriteDeadline }),
	option.Into(writeTimeout(),
		func(g *Gateway) *WriteTimeout { return &g.WriteTimeout }),
	option.Into(option.Custom("gateways", option.TypeBlocks, readGateways).
		Fields(remoteGatewaySchema.Table()).
		Doc("The other clusters."),
		func(g *Gateway) *[]*RemoteGateway { return &g.Remotes }),
})

var remoteGatewaySchema = option.NewSchema([]option.Binding[RemoteGateway]{
	option.Into(option.Text("name").
		Doc("Name of the other cluster."),
		func(r *RemoteGateway) *string { return &r.Name }),
	option.Through(option.Custom("url", option.TypeText, readGatewayURLs).
		Doc("URL of a server of the other cluster."),
		func(r *RemoteGateway, urls []*url.URL) { r.URLs = append(r.URLs, urls...) }),
	option.Through(option.Custom("urls", option.TypeTexts, readGatewayURLs).
		Doc("URLs of servers of the other cluster."),
		func(r *RemoteGateway, urls []*url.URL) { r.URLs = append(r.URLs, urls...) }),
	option.Into(option.Struct("tls", peerTLS).
		Doc("TLS to the other cluster; that of the gateway block when not set."),
		func(r *RemoteGateway) **TLS { return &r.TLS }),
})

func readGatewayURLs(n *option.Node) []*url.URL { return readURLs(n, "gateway") }

func readGateways(n *option.Node) []*RemoteGateway {
	if n.Kind() != option.List {
		n.Errorf("Expected gateways field to be an array, got %s", n.TypeName())
		return nil
	}
	return remoteGatewaySchema.List(n, func(item *option.Node) {
		item.Errorf("Expected gateway entry to be a map/struct, got %v", item)
	})
}
