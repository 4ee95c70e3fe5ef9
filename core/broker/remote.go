package broker

import "time"

// RemoteOptions describe a remote.
type RemoteOptions struct {
	Kind      Kind // router, gateway or leaf
	Transport Transport
	Framer    Framer
	// Origin identifies the server behind the connection, never 0. Messages that
	// come from an origin are not sent back to it.
	Origin     uint64
	MaxPending int64         // bytes; default the broker's
	Deadline   time.Duration // write deadline; default the broker's
	// Gone is called once when the broker gives the connection up.
	Gone func(CloseReason)
}

// Remote is a connection to another server, as seen by delivery: it stands for
// the interest of others, with weights, and brings their messages. What is said
// on the connection is its transport's and its framer's matter. All methods are
// safe for concurrent use.
type Remote struct {
	participant
	gone func(CloseReason)
}

// NewRemote makes a remote. Close ends it.
func (b *Broker) NewRemote(o RemoteOptions) (*Remote, error) {
	setDefault(&o.MaxPending, b.options.MaxPending)
	setDefault(&o.Deadline, b.options.WriteDeadline)
	r := &Remote{gone: o.Gone}
	r.init(b, o.Kind, o.Transport, r, &outboxLimits{maxPending: o.MaxPending, deadline: o.Deadline})
	r.origin, r.target.framer = o.Origin, o.Framer
	return r, b.enrol(r)
}

// Subscribe makes the remote a receiver of an account's messages, for weight
// members of the queue group; the queue may be empty. Key is handed to the
// framer. Subscribing again replaces weight and key.
func (r *Remote) Subscribe(accountName, subject, queue string, weight int, key []byte) error {
	return r.subscribe(accountName, subject, queue, max(weight, 1), key)
}

// Close ends the remote and interrupts its transport; what is queued is lost.
func (r *Remote) Close() { r.end(ServerShutdown) }

func (r *Remote) end(reason CloseReason) {
	if !r.leave() {
		return
	}
	r.target.out.close(false)
	r.broker.dismiss(r)
	if r.gone != nil {
		r.gone(reason)
	}
}

func (r *Remote) overLimit() { r.end(SlowPending) }

func (r *Remote) overdue(int, int64) bool {
	if r.broker.options.WriteTimeout == RetryWrites {
		return true
	}
	r.end(SlowDeadline)
	return false
}

func (r *Remote) recovered() {}

func (r *Remote) broken(error) { r.end(WriteError) }
