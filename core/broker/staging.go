package broker

import "github.com/trellismq/trellis/core/protocol"

// staged is a source's private output for one target in the current batch.
type staged struct {
	target *Target
	listed bool // among the source's touched
	buf    *buffer
	// refs are payloads that stay where they were read, each to be sent behind
	// the first at bytes of buf.
	refs []reference
	size int // bytes in buf and refs
	n    traffic
	bufs [][]byte // scratch for sending
}

type reference struct {
	at      int
	payload []byte
}

// stagedFor returns the staging for t.
func (s *Source) stagedFor(t *Target) *staged {
	if t == s.own {
		return &s.self
	}
	if st := s.staging[t]; st != nil {
		return st
	}
	if s.staging == nil {
		s.staging = make(map[*Target]*staged)
	}
	st := &staged{target: t}
	s.staging[t] = st
	return st
}

// open makes sure that st is listed and has room for n more bytes.
func (s *Source) open(st *staged, n int) {
	if !st.listed {
		st.listed = true
		s.touched = append(s.touched, st)
	}
	if st.size+n > stagedMost && st.size > 0 {
		s.flush(st)
	}
	switch {
	case st.buf == nil:
		st.buf = newBuffer(n)
	case st.buf.room() < n:
		st.buf = st.buf.grow(max(n, cap(st.buf.b)))
	}
}

// stage adds m to the output for d.
func (s *Source) stage(d *destination, m *Message) {
	st := d.staged
	t := st.target
	if d.count == 0 {
		s.counted = append(s.counted, d)
	}
	d.count++
	st.n.msgs++
	st.n.bytes += int64(len(m.Payload))
	if t.framer == nil && len(m.Payload) >= referenceFrom {
		s.stageReference(st, d, m)
		return
	}
	need := len(d.prefix) + len(m.Reply) + len(m.Payload) + frameSlack
	s.open(st, need)
	before := len(st.buf.b)
	st.buf.b = appendFrame(st.buf.b, d, m)
	s.grew(st, len(st.buf.b)-before)
}

// frameSlack is room for what a frame has beside prefix, reply and payload.
const frameSlack = 64

// grew notes that st holds n more bytes.
func (s *Source) grew(st *staged, n int) {
	st.size += n
	s.total += n
	if s.total >= batchMost {
		for _, st := range s.touched {
			s.flush(st)
		}
		s.total = 0
	}
}

// appendFrame appends m as d's target wants it.
func appendFrame(dst []byte, d *destination, m *Message) []byte {
	t := d.staged.target
	if t.framer != nil {
		return t.framer.AppendFrame(dst, d.sub.key, m)
	}
	headers := m.HeaderSize > 0
	if m.tail == nil || headers && !t.headers.Load() {
		return protocol.AppendMessage(dst, d.prefix, m.Reply, m.HeaderSize, m.Payload, t.headers.Load())
	}
	prefix := d.prefix
	if !headers {
		prefix = prefix[1:]
	}
	dst = append(dst, prefix...)
	return append(dst, m.tail...)
}

// stageReference adds m with its payload left where it is. The payload is
// followed by CRLF there.
func (s *Source) stageReference(st *staged, d *destination, m *Message) {
	s.open(st, len(d.prefix)+len(m.Reply)+frameSlack)
	before := len(st.buf.b)
	payload := st.appendHead(d, m)
	st.refs = append(st.refs, reference{at: len(st.buf.b), payload: payload})
	s.grew(st, len(st.buf.b)-before+len(payload))
}

// appendHead appends the control line of m and returns what is to follow it.
func (st *staged) appendHead(d *destination, m *Message) []byte {
	size, payload := m.HeaderSize, m.Payload
	if size > 0 && !st.target.headers.Load() {
		size, payload = 0, m.Body()
	}
	st.buf.b = protocol.AppendMessageLine(st.buf.b, d.prefix, m.Reply, size, len(payload))
	return payload[:len(payload)+len(protocol.CRLF)]
}

// reply stages bytes of the protocol itself (PONG, +OK, -ERR, INFO) for the
// source's own target, in order with the messages.
func (s *Source) reply(text string) {
	s.endRun()
	s.open(&s.self, len(text))
	s.self.buf.b = append(s.self.buf.b, text...)
	s.grew(&s.self, len(text))
}

// flush sends what is staged in st.
func (s *Source) flush(st *staged) {
	if st.size == 0 {
		return
	}
	st.bufs = st.bufs[:0]
	at := 0
	for _, ref := range st.refs {
		if ref.at > at {
			st.bufs = append(st.bufs, st.buf.b[at:ref.at])
		}
		st.bufs = append(st.bufs, ref.payload)
		at = ref.at
	}
	if at < len(st.buf.b) {
		st.bufs = append(st.bufs, st.buf.b[at:])
	}
	s.send(st, st.bufs, st.n)
	st.empty()
}

// shared reports whether others may have output for the target's transport: a
// service has none, its inbox may refuse, and that has to be known at once.
func (st *staged) shared() bool { return st.target.service == nil }

// leave puts what is staged into the target's queue, to be written together
// with what others have for the target, if that is likely.
func (s *Source) leave(st *staged) {
	st.bufs = append(st.bufs[:0], st.buf.b)
	r, left := st.target.out.leave(st.bufs, st.n)
	if !left {
		return
	}
	s.out.add(st.n)
	st.empty()
	if r.outbox != nil {
		s.left = append(s.left, r)
	}
}

// empty forgets what was staged.
func (st *staged) empty() {
	clear(st.bufs)
	clear(st.refs)
	st.bufs, st.refs = st.bufs[:0], st.refs[:0]
	st.buf.b = st.buf.b[:0]
	st.size, st.n = 0, traffic{}
}

// send hands bufs to st's target.
func (s *Source) send(st *staged, bufs [][]byte, n traffic) {
	s.out.add(n)
	var hold *stall
	if s.stalls && st.target != s.own && !s.broker.options.NoFastProducerStall {
		hold = &s.stall
	}
	if st.target.out.send(bufs, n, hold) == refused {
		st.target.service.refuse(bufs)
	}
	clear(bufs)
}

// release gives the buffer back; nothing is staged any more.
func (st *staged) release() {
	st.listed = false
	if st.buf != nil {
		st.buf.free()
		st.buf = nil
	}
}
