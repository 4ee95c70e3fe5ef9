package config

import (
	"math"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// Limits bound what connections may use.
type Limits struct {
	// MaxConnections of clients; zero or less refuses every client.
	MaxConnections int64
	// MaxSubscriptions per connection; zero or less is no limit.
	MaxSubscriptions int64
	// MaxSubscriptionTokens per subscription subject; zero is no limit.
	MaxSubscriptionTokens int64
	// MaxControlLine is the longest protocol line in bytes.
	MaxControlLine int64
	// MaxPayload of a message in bytes, header included; -1 is no limit.
	MaxPayload int64
	// MaxPending bytes of output per connection.
	MaxPending int64
	// MaxClosedClients is how many closed connections are remembered.
	MaxClosedClients int64

	PingInterval time.Duration
	// PingMax unanswered pings close a connection.
	PingMax       int64
	WriteDeadline time.Duration
	WriteTimeout  WriteTimeout

	// NoFastProducerStall never lets a producer wait for slow consumers.
	NoFastProducerStall bool
	// NoHeaders switches message headers off.
	NoHeaders bool
	// NoSublistCache switches the cache of subject matches off.
	NoSublistCache bool
	// CacheMemory bounds the bytes that all caches of subjects may hold.
	CacheMemory int64

	// ConnectErrorReports and ReconnectErrorReports log the first and every n-th
	// failed attempt to reach another server.
	ConnectErrorReports   int64
	ReconnectErrorReports int64
}

// WriteTimeout says what becomes of a connection that missed its write deadline.
type WriteTimeout string

// The policies. WriteTimeoutDefault closes clients and keeps trying for routes,
// gateways and leaf nodes.
const (
	WriteTimeoutDefault WriteTimeout = "default"
	WriteTimeoutClose   WriteTimeout = "close"
	WriteTimeoutRetry   WriteTimeout = "retry"
)

var limitRows = option.Within(func(o *Options) *Limits { return &o.Limits },
	option.Into(option.Number("max_connections").Alias("max_conn").Default(65536).
		Reloaded("Reloaded: max_connections = %v").
		Doc("Client connections at a time; 0 or less refuses every client."),
		func(l *Limits) *int64 { return &l.MaxConnections }),
	option.Into(option.Number("max_subscriptions").Alias("max_subs").
		Refused("MaxSubs").
		Doc("Subscriptions per connection; 0 is no limit."),
		func(l *Limits) *int64 { return &l.MaxSubscriptions }),
	option.Into(option.Number("max_subscription_tokens").Alias("max_sub_tokens").
		Refused("MaxSubTokens").
		Check(subscriptionTokens).
		Doc("Tokens per subscription subject, 1 to 255; no limit when not set."),
		func(l *Limits) *int64 { return &l.MaxSubscriptionTokens }),
	option.Into(option.Number("max_control_line").Fallback(4096).Unit("bytes").
		Reloaded("Reloaded: max_control_line = %v").
		Check(fits32).
		Doc("Longest protocol line."),
		func(l *Limits) *int64 { return &l.MaxControlLine }),
	option.Into(option.Number("max_payload").Fallback(1<<20).Unit("bytes").
		Reloaded("Reloaded: max_payload = %v").
		Check(fits32).
		Doc("Largest message, header included; -1 is no limit."),
		func(l *Limits) *int64 { return &l.MaxPayload }),
	option.Into(option.Number("max_pending").Fallback(64<<20).Unit("bytes").
		Refused("MaxPending").
		Doc("Output that may wait for a connection before it is closed as a slow consumer."),
		func(l *Limits) *int64 { return &l.MaxPending }),
	option.Into(option.Number("max_closed_clients").Fallback(10000).
		Refused("MaxClosedClients").
		Doc("Closed connections that monitoring remembers."),
		func(l *Limits) *int64 { return &l.MaxClosedClients }),
	option.Into(option.DurationOrSeconds("ping_interval").Fallback(2*time.Minute).
		Reloaded("Reloaded: ping_interval = %v").
		Doc("Interval of pings to connections."),
		func(l *Limits) *time.Duration { return &l.PingInterval }),
	option.Into(option.Number("ping_max").Fallback(2).
		Reloaded("Reloaded: ping_max = %v").
		Doc("Unanswered pings after which a connection is closed."),
		func(l *Limits) *int64 { return &l.PingMax }),
	option.Into(option.DurationOrSeconds("write_deadline").Fallback(10*time.Second).
		Reloaded("Reloaded: write_deadline = %v").
		Doc("Time a write to a connection may take."),
		func(l *Limits) *time.Duration { return &l.WriteDeadline }),
	option.Into(writeTimeout().Refused("WriteTimeout"),
		func(l *Limits) *WriteTimeout { return &l.WriteTimeout }),
	option.Into(option.Switch("no_fast_producer_stall").
		ReloadedAs(func(never bool) string {
			if never {
				return "Reloaded: fast producers will not be stalled"
			}
			return "Reloaded: fast producers will be stalled"
		}).
		Doc("Never slow a producer down for the sake of slow consumers."),
		func(l *Limits) *bool { return &l.NoFastProducerStall }),
	option.Into(option.Switch("no_header_support").
		Refused("NoHeaderSupport").
		Doc("Switch message headers off."),
		func(l *Limits) *bool { return &l.NoHeaders }),
	option.Into(option.Switch("disable_sublist_cache").Alias("no_sublist_cache").
		Refused("NoSublistCache").
		Doc("Switch the cache of subject matches off."),
		func(l *Limits) *bool { return &l.NoSublistCache }),
	option.Into(option.Size("cache_memory").Fallback(64<<20).
		Refused("CacheMemory").
		Check(func(n *option.Node, size int64) {
			if size < 0 {
				n.Errorf("%s can not be negative", n.Key)
			}
		}).
		Doc("Memory that all caches of subjects may hold together."),
		func(l *Limits) *int64 { return &l.CacheMemory }),
	option.Into(option.Number("connect_error_reports").Fallback(3600).
		Reloaded("Reloaded: connect_error_reports = %v").
		Doc("Log the first and every n-th failed attempt to reach another server."),
		func(l *Limits) *int64 { return &l.ConnectErrorReports }),
	option.Into(option.Number("reconnect_error_reports").Fallback(1).
		Reloaded("Reloaded: reconnect_error_reports = %v").
		Doc("Log the first and every n-th failed attempt to reach another server again."),
		func(l *Limits) *int64 { return &l.ReconnectErrorReports }),
)

// writeTimeout is shared by the root and by the blocks of other servers.
func writeTimeout() *option.Of[WriteTimeout] {
	return option.Custom("write_timeout", option.TypeText, func(n *option.Node) WriteTimeout {
		if n.Kind() == option.String {
			switch policy := WriteTimeout(n.Value.Text); policy {
			case "":
				return WriteTimeoutDefault
			case WriteTimeoutDefault, WriteTimeoutClose, WriteTimeoutRetry:
				return policy
			}
		}
		n.Errorf("write_timeout must be 'default', 'close' or 'retry'")
		return ""
	}).Default(WriteTimeoutDefault).
		Doc("What becomes of a connection that missed its write deadline: default (close clients, retry for other servers), close or retry.")
}

func fits32(n *option.Node, v int64) {
	if v > math.MaxInt32 {
		n.Errorf("%s value is too big", n.Key)
	}
}

func subscriptionTokens(n *option.Node, v int64) {
	switch {
	case v > math.MaxUint8:
		n.Errorf("%s value is too big", n.Key)
	case v <= 0:
		n.Errorf("%s value can not be negative", n.Key)
	}
}

// LameDuck paces a shutdown that gives clients time to leave.
type LameDuck struct {
	// Duration over which clients are closed, at least 30 seconds.
	Duration time.Duration
	// GracePeriod before the first is closed.
	GracePeriod time.Duration
}

var lameDuckRows = option.Within(func(o *Options) *LameDuck { return &o.LameDuck },
	option.Into(option.Duration("lame_duck_duration").Fallback(2*time.Minute).
		Refused("LameDuckDuration").
		Check(func(n *option.Node, d time.Duration) {
			if d < 30*time.Second {
				n.Errorf("invalid lame_duck_duration of %v, minimum is 30 seconds", d)
			}
		}).
		Doc("Time over which clients are closed in lame duck mode, at least 30s."),
		func(l *LameDuck) *time.Duration { return &l.Duration }),
	option.Into(option.Duration("lame_duck_grace_period").Fallback(10*time.Second).
		Refused("LameDuckGracePeriod").
		Check(func(n *option.Node, d time.Duration) {
			if d < 0 {
				n.Errorf("invalid lame_duck_grace_period, needs to be positive")
			}
		}).
		Doc("Time in lame duck mode before the first client is closed; less than lame_duck_duration."),
		func(l *LameDuck) *time.Duration { return &l.GracePeriod }),
)
