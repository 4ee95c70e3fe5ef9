package broker

import (
	"encoding/binary"
	"errors"
	"sync/atomic"
)

// ServiceOptions describe a service.
type ServiceOptions struct {
	Name string
	// MaxPending bounds the inbox, in bytes; default 16 MiB. When it is full,
	// publishers are held back within the producer-stall limits, and then
	// requests are refused.
	MaxPending int64
	// Handle is called with one message after the other, on the service's own
	// goroutine. The message is valid during the call only.
	Handle func(m *Message)
}

const defaultInbox = 16 << 20

// Service is something inside this process that takes part in accounts as a
// client does: it subscribes, gets its messages through a bounded inbox of its
// own, and publishes. All methods are safe for concurrent use.
type Service struct {
	participant
	name     string
	inbox    inbox
	refusals atomic.Int64
}

// NewService makes a service. Close ends it.
func (b *Broker) NewService(o ServiceOptions) (*Service, error) {
	setDefault(&o.MaxPending, defaultInbox)
	s := &Service{name: o.Name, inbox: inbox{handle: o.Handle}}
	s.init(b, KindService, &s.inbox, s, &outboxLimits{maxPending: o.MaxPending, refuse: true})
	s.target.framer, s.target.service = inboxFramer{}, s
	return s, b.enrol(s)
}

// Name is what the service was called.
func (s *Service) Name() string { return s.name }

// Refused is how many messages found the inbox full.
func (s *Service) Refused() int64 { return s.refusals.Load() }

// Subscribe asks for messages of an account. The queue may be empty.
func (s *Service) Subscribe(accountName, subject, queue string) error {
	return s.subscribe(accountName, subject, queue, 1, nil)
}

// Close ends the service. Messages still in its inbox are lost.
func (s *Service) Close() {
	if s.leave() {
		s.target.out.close(false)
		s.broker.dismiss(s)
	}
}

// statusOverloaded is the header block of the answer to a request that found the
// inbox full.
const statusOverloaded = "NATS/1.0 503 Service Overloaded\r\n\r\n"

// refuse answers the requests among bufs, frames of this service that its inbox
// did not take.
func (s *Service) refuse(bufs [][]byte) {
	var replies [][2]string
	var rest []byte
	for _, b := range bufs {
		rest = append(rest, b...)
	}
	for len(rest) > 0 {
		var m Message
		n := readFrame(rest, &m)
		if n == 0 {
			break
		}
		rest = rest[n:]
		s.refusals.Add(1)
		if len(m.Reply) > 0 {
			replies = append(replies, [2]string{m.Account, string(m.Reply)})
		}
	}
	if len(replies) == 0 {
		return
	}
	// Not here: the caller is a publisher in the middle of sending.
	go func() {
		for _, r := range replies {
			if err := s.Publish(r[0], r[1], "", []byte(statusOverloaded), nil); errors.Is(err, ErrClosed) {
				return
			}
		}
	}()
}

// The service's side of its outbox: an inbox refuses, and has no deadline and no
// broken pipe.
func (s *Service) overLimit()              {}
func (s *Service) overdue(int, int64) bool { return true }
func (s *Service) recovered()              {}
func (s *Service) broken(error)            {}

// inbox is the transport of a service: whatever is sent is queued, and the
// writer goroutine of its outbox is where the service's code runs.
type inbox struct {
	handle  func(m *Message)
	partial []byte // of a frame cut by the end of a chunk
	closed  atomic.Bool
}

// TryWrite implements Transport: nothing is handled on a publisher's goroutine.
func (in *inbox) TryWrite([][]byte) (int, error) { return 0, nil }

// Write implements Transport.
func (in *inbox) Write(bufs [][]byte) (int, error) {
	total := 0
	for _, b := range bufs {
		total += len(b)
		if len(in.partial) > 0 {
			in.partial = append(in.partial, b...)
			b = in.partial
		}
		rest := in.take(b)
		in.partial = append(in.partial[:0], rest...)
	}
	return total, nil
}

// take handles the whole frames at the start of b and returns the rest.
func (in *inbox) take(b []byte) []byte {
	for len(b) > 0 && !in.closed.Load() {
		var m Message
		n := readFrame(b, &m)
		if n == 0 {
			break
		}
		in.handle(&m)
		b = b[n:]
	}
	return b
}

// Interrupt implements Transport.
func (in *inbox) Interrupt() { in.closed.Store(true) }

// inboxFramer frames messages for services: five lengths, then account, subject,
// reply, payload and CRLF.
type inboxFramer struct{}

const frameHead = 5 * 4

// AppendFrame implements Framer.
func (inboxFramer) AppendFrame(dst, _ []byte, m *Message) []byte {
	for _, n := range [...]int{len(m.Account), len(m.Subject), len(m.Reply), m.HeaderSize, len(m.Payload)} {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(n))
	}
	dst = append(dst, m.Account...)
	dst = append(dst, m.Subject...)
	dst = append(dst, m.Reply...)
	dst = append(dst, m.Payload...)
	return append(dst, '\r', '\n')
}

// readFrame reads the frame at the start of b and returns its length, 0 when it
// is not whole.
func readFrame(b []byte, m *Message) int {
	if len(b) < frameHead {
		return 0
	}
	var n [5]int
	for i := range n {
		n[i] = int(binary.LittleEndian.Uint32(b[4*i:]))
	}
	end := frameHead + n[0] + n[1] + n[2] + n[4] + 2
	if len(b) < end {
		return 0
	}
	at := frameHead
	next := func(n int) []byte {
		part := b[at : at+n]
		at += n
		return part
	}
	m.Account = string(next(n[0]))
	m.Subject, m.Reply = next(n[1]), next(n[2])
	m.HeaderSize, m.Payload = n[3], next(n[4])
	return end
}
