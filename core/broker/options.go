package broker

import (
	"context"
	"time"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/clock"
	"github.com/trellismq/trellis/sdk/auth"
)

// Options configure a broker. The zero value of every field means its default.
type Options struct {
	Host string // listen address, default 0.0.0.0
	Port int    // default 4222; -1: a free one
	// DontListen starts without a listener: only in-process connections and
	// transports that a program attaches itself.
	DontListen      bool
	ClientAdvertise string // host or host:port told to clients instead
	ServerName      string // default: the server id
	GitCommit       string

	MaxConnections        int   // default 65536; negative: nobody gets in
	MaxSubscriptions      int   // per connection, default unlimited
	MaxSubscriptionTokens int   // per subject, default unlimited
	MaxControlLine        int   // bytes, default 4096
	MaxPayload            int   // bytes of header and body, default 1 MiB; negative: unlimited
	MaxPending            int64 // bytes queued per connection, default 64 MiB
	MaxTracedPayload      int   // bytes of a payload in trace lines, default all
	TraceHeaders          bool  // trace lines show headers instead of payloads
	TraceSystem           bool  // the system account's connections are traced, too

	PingInterval  time.Duration // default 2 m
	PingMax       int           // PINGs without an answer, default 2
	WriteDeadline time.Duration // default 10 s
	WriteTimeout  WriteTimeout
	AuthTimeout   time.Duration // default 2 s

	NoFastProducerStall bool
	NoHeaderSupport     bool
	// CacheMemory bounds, in bytes, what all connections together remember about
	// where subjects go; default 64 MiB.
	CacheMemory int64

	Accounts *account.Set // default: the default and the system account
	// Authenticator decides who is let in; nil lets everybody in.
	Authenticator Authenticator
	// NoAuthUser stands in for clients that show no credentials. NoAuthIsNKey
	// says that it names an nkey, ImpliedNoAuthUser that the operator did not ask
	// for it, so that INFO does not show it.
	NoAuthUser        string
	NoAuthIsNKey      bool
	ImpliedNoAuthUser bool

	Logger Logger      // default: silent
	Clock  clock.Clock // default: the machine's
}

// Authenticator decides who a connection is. It is called from a goroutine of
// its own for each attempt, and must return when ctx ends.
type Authenticator interface {
	Authenticate(ctx context.Context, attempt *auth.Attempt) (auth.Verdict, error)
	// Required reports whether clients have to show credentials at present. While
	// they have not, every attempt is accepted.
	Required() bool
	// NeedsNonce reports whether connections are to be given a nonce to sign.
	NeedsNonce() bool
}

// WriteTimeout says what happens to a client whose socket takes nothing for the
// write deadline.
type WriteTimeout uint8

// The policies.
const (
	CloseOnTimeout WriteTimeout = iota
	RetryWrites
)

// Defaults (configuration, client listener and limits).
const (
	DefaultHost           = "0.0.0.0"
	DefaultPort           = 4222
	DefaultMaxConnections = 64 << 10
	DefaultMaxControlLine = 4096
	DefaultMaxPayload     = 1 << 20
	DefaultMaxPending     = 64 << 20
	DefaultPingInterval   = 2 * time.Minute
	DefaultPingMax        = 2
	DefaultWriteDeadline  = 10 * time.Second
	DefaultAuthTimeout    = 2 * time.Second
	DefaultCacheMemory    = 64 << 20
)

func (o *Options) setDefaults() {
	setDefault(&o.Host, DefaultHost)
	setDefault(&o.Port, DefaultPort)
	setDefault(&o.MaxConnections, DefaultMaxConnections)
	setDefault(&o.MaxControlLine, DefaultMaxControlLine)
	setDefault(&o.MaxPayload, DefaultMaxPayload)
	setDefault(&o.MaxPending, DefaultMaxPending)
	setDefault(&o.PingInterval, DefaultPingInterval)
	setDefault(&o.PingMax, DefaultPingMax)
	setDefault(&o.WriteDeadline, DefaultWriteDeadline)
	setDefault(&o.AuthTimeout, DefaultAuthTimeout)
	setDefault(&o.CacheMemory, DefaultCacheMemory)
	if o.Logger == nil {
		o.Logger = silent{}
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// limits are the options that a reload may change while connections are open.
type limits struct {
	maxConnections int
	maxSubs        int
	maxControlLine int
	maxPayload     int
	maxTraced      int
	traceHeaders   bool
	traceSystem    bool
	pingInterval   time.Duration
	pingMax        int
}

func (o *Options) limits() *limits {
	return &limits{
		maxConnections: o.MaxConnections, maxSubs: o.MaxSubscriptions, maxControlLine: o.MaxControlLine,
		maxPayload: o.MaxPayload, maxTraced: o.MaxTracedPayload,
		traceHeaders: o.TraceHeaders, traceSystem: o.TraceSystem,
		pingInterval: o.PingInterval, pingMax: o.PingMax,
	}
}
