package config

import (
	"net"
	"strconv"

	"github.com/trellismq/trellis/sdk/option"
)

// Listener says where clients are awaited.
type Listener struct {
	// Host to listen on, Port to listen on; -1 is any free port.
	Host string
	Port int64
	// Advertise is host[:port] as told to clients instead of Host and Port.
	Advertise string
	// TLS is nil when connections are plain.
	TLS *TLS
	// AllowNonTLS accepts plain connections beside TLS ones.
	AllowNonTLS bool
	// ProxyProtocol expects a PROXY header before anything else.
	ProxyProtocol bool
}

// Address returns host:port.
func (l *Listener) Address() string {
	return net.JoinHostPort(l.Host, strconv.FormatInt(l.Port, 10))
}

var listenerRows = option.Within(func(o *Options) *Listener { return &o.Client },
	option.Through(option.Listen("listen").
		Refused("Host").
		Doc("Address to listen on for clients: host:port, :port or a port. Explicit host and port win."),
		func(l *Listener, a option.Address) { listenOn(&l.Host, &l.Port, a) }),
	option.Into(option.Text("host").Alias("net").Fallback("0.0.0.0").
		Refused("Host").
		Flag(groupServer, "host", "a", "addr", "net").
		Doc("Host to listen on for clients."),
		func(l *Listener) *string { return &l.Host }),
	option.Into(option.Number("port").Fallback(4222).
		Refused("Port").
		Flag(groupServer, "port", "p", "port").
		Doc("Port to listen on for clients; -1 picks a free one."),
		func(l *Listener) *int64 { return &l.Port }),
	option.Into(option.Text("client_advertise").
		Reloaded("Reload: client_advertise = %v").
		Flag(groupServer, "host[:port]", "client_advertise").
		Doc("Address told to clients and other servers instead of host and port."),
		func(l *Listener) *string { return &l.Advertise }),
	option.Into(option.Struct("tls", serverTLS).
		ReloadedAs(func(t *TLS) string {
			if t == nil {
				return "Reloaded: tls = disabled"
			}
			return "Reloaded: tls = enabled"
		}).Feature(FeatureTLS).
		Doc("TLS for client connections. An empty block switches TLS on."),
		func(l *Listener) **TLS { return &l.TLS }),
	option.Into(option.Switch("allow_non_tls").
		Refused("AllowNonTLS").
		Doc("With a tls block, accept plain connections, too."),
		func(l *Listener) *bool { return &l.AllowNonTLS }),
	option.Into(option.Switch("proxy_protocol").
		Refused("ProxyProtocol").Feature(FeatureProxyProtocol).
		Doc("Expect a PROXY protocol header (version 1 or 2) on client connections."),
		func(l *Listener) *bool { return &l.ProxyProtocol }),
)

// listenOn spreads a listen address over a host and a port; what the address
// leaves open keeps its default.
func listenOn(host *string, port *int64, a option.Address) {
	if a.Host != "" {
		*host = a.Host
	}
	if a.Port != 0 {
		*port = a.Port
	}
}
