package config

import (
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// WebSocket says how clients connect over WebSocket.
type WebSocket struct {
	// Host and Port of the listener; Port 0 is off, -1 any free port.
	Host      string
	Port      int64
	Advertise string
	// NoTLS permits the listener to do without a tls block.
	NoTLS            bool
	TLS              *TLS
	SameOrigin       bool
	AllowedOrigins   []string
	HandshakeTimeout time.Duration
	Compress         bool
	Authorization    *FrontAuthorization
	NoAuthUser       string
	// The cookies that hold credentials.
	JWTCookie   string
	UserCookie  string
	PassCookie  string
	TokenCookie string
	// Headers are added to the answer that upgrades a connection.
	Headers map[string]string
	// PingInterval is zero for that of clients.
	PingInterval time.Duration
}

// FrontAuthorization replaces the single user or token for one listener.
type FrontAuthorization struct {
	User     string
	Password string
	Token    string
	Timeout  time.Duration
}

var frontAuthorizationSchema = option.NewSchema([]option.Binding[FrontAuthorization]{
	option.Into(option.Text("user").Alias("username").
		Doc("Name of the single user."),
		func(a *FrontAuthorization) *string { return &a.User }),
	option.Into(option.Text("password").Alias("pass").Secret().
		Doc("Password of the single user."),
		func(a *FrontAuthorization) *string { return &a.Password }),
	option.Into(option.Text("token").Secret().
		Doc("Token that every client shows."),
		func(a *FrontAuthorization) *string { return &a.Token }),
	option.Into(authTimeout("authorization"),
		func(a *FrontAuthorization) *time.Duration { return &a.Timeout }),
})

func frontAuthorization() *option.Of[*FrontAuthorization] {
	return option.Struct("authorization", frontAuthorizationSchema).Alias("authentication").
		Doc("User or token of this listener.")
}

var webSocketSchema = option.NewSchema([]option.Binding[WebSocket]{
	option.Through(option.Listen("listen").
		Doc("Address to listen on for WebSocket connections."),
		func(w *WebSocket, a option.Address) { listenOn(&w.Host, &w.Port, a) }),
	option.Into(option.Text("host").Alias("net").Fallback("0.0.0.0").
		Doc("Host to listen on for WebSocket connections."),
		func(w *WebSocket) *string { return &w.Host }),
	option.Into(option.Number("port").
		Doc("Port to listen on for WebSocket connections; 0 is off, -1 picks a free one."),
		func(w *WebSocket) *int64 { return &w.Port }),
	option.Into(option.Text("advertise").
		Doc("Address told to clients instead of host and port."),
		func(w *WebSocket) *string { return &w.Advertise }),
	option.Into(option.Switch("no_tls").
		Doc("Do without TLS; required when there is no tls block."),
		func(w *WebSocket) *bool { return &w.NoTLS }),
	option.Into(option.Struct("tls", serverTLS).
		Doc("TLS for WebSocket connections."),
		func(w *WebSocket) **TLS { return &w.TLS }),
	option.Into(option.Switch("same_origin").
		Doc("The Origin header must name the host of the request."),
		func(w *WebSocket) *bool { return &w.SameOrigin }),
	option.Into(option.TextOrList("allowed_origins").
		Alias("allowed_origin", "allow_origins", "allow_origin", "origins", "origin").
		Otherwise("error parsing allowed origins: unsupported type {type}").
		Doc("Origins that pages may come from; any when not set."),
		func(w *WebSocket) *[]string { return &w.AllowedOrigins }),
	option.Into(option.Custom("handshake_timeout", option.TypeSeconds, readHandshakeTimeout).
		Doc("Time for the upgrade of a connection, in seconds or as a duration."),
		func(w *WebSocket) *time.Duration { return &w.HandshakeTimeout }),
	option.Into(option.Switch("compression").Alias("compress").
		Doc("Offer compression of messages."),
		func(w *WebSocket) *bool { return &w.Compress }),
	option.Into(frontAuthorization(),
		func(w *WebSocket) **FrontAuthorization { return &w.Authorization }),
	option.Into(option.Text("no_auth_user").
		Doc("User that stands for clients which show no credentials."),
		func(w *WebSocket) *string { return &w.NoAuthUser }),
	option.Into(option.Text("jwt_cookie").
		Doc("Cookie that holds a user JWT."),
		func(w *WebSocket) *string { return &w.JWTCookie }),
	option.Into(option.Text("user_cookie").
		Doc("Cookie that holds a user name."),
		func(w *WebSocket) *string { return &w.UserCookie }),
	option.Into(option.Text("pass_cookie").
		Doc("Cookie that holds a password."),
		func(w *WebSocket) *string { return &w.PassCookie }),
	option.Into(option.Text("token_cookie").
		Doc("Cookie that holds a token."),
		func(w *WebSocket) *string { return &w.TokenCookie }),
	option.Into(option.Custom("headers", option.TypeTextMap, readHeaders).
		Doc("Headers added to the answer that upgrades a connection."),
		func(w *WebSocket) *map[string]string { return &w.Headers }),
	option.Into(option.DurationOrSeconds("ping_interval").
		Doc("Interval of pings; that of clients when not set."),
		func(w *WebSocket) *time.Duration { return &w.PingInterval }),
})

func readHandshakeTimeout(n *option.Node) time.Duration {
	if k := n.Kind(); k != option.Int && k != option.String {
		n.Errorf("error parsing handshake timeout: unsupported type %s", n.TypeName())
		return 0
	}
	d, err := n.Seconds()
	if err != nil {
		n.Errorf("error parsing handshake timeout: unable to parse %q: %v", n, err)
	}
	return d
}

func readHeaders(n *option.Node) map[string]string {
	if n.Kind() != option.Map {
		n.Errorf("error parsing headers: unsupported type %s", n.TypeName())
		return nil
	}
	headers := make(map[string]string)
	for _, field := range n.Fields() {
		if field.Kind() != option.String {
			field.Errorf("error parsing header key %s: unsupported type %s", field.Key, field.TypeName())
			continue
		}
		headers[field.Key] = field.Value.Text
	}
	return headers
}
