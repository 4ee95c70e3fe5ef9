package broker

import "sync/atomic"

// Target is where messages can go: a client, a route, a service. Its interest
// stands in the tries of the accounts it subscribed in; its output goes through
// one outbox.
type Target struct {
	id     uint64
	kind   Kind
	framer Framer // nil: the client protocol
	out    outbox

	// headers is false for a client that did not negotiate headers: it gets
	// message bodies only.
	headers atomic.Bool
	// traced is set while what is sent to the target is logged.
	traced atomic.Bool
	// gone is set once the target takes nothing more and its interest is
	// withdrawn.
	gone atomic.Bool
	// client is set for targets that are client connections.
	client *Client
	// service is set for targets that are services.
	service *Service
}

// ID is the connection number, unique in this broker and increasing.
func (t *Target) ID() uint64 { return t.id }

// Kind is what stands behind the target.
func (t *Target) Kind() Kind { return t.kind }

// Sent counts the messages and the payload bytes accepted for the target.
func (t *Target) Sent() (msgs, bytes int64) {
	n := t.out.delivered()
	return n.msgs, n.bytes
}

// Pending is how many bytes wait to be written.
func (t *Target) Pending() int64 { return t.out.pendingBytes() }
