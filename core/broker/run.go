package broker

const (
	// runMessages and runBytes end a run: what is framed at once stays within
	// the processor's cache.
	runMessages = 1024
	runBytes    = 64 << 10
	// runDirect is the size from which the frames of a run are sent as they are
	// to a target that has nothing else staged.
	runDirect = 16 << 10
)

// run is a row of consecutive messages with the same plan and several plain
// destinations. They are kept as references into the bytes they were read into
// and framed once per distinct frame, not once per destination.
type run struct {
	plan     *plan
	messages []runMessage
	bytes    int
	frames   *buffer // scratch
	message  Message // the one being framed
	bufs     [1][]byte
}

// runMessage is one message, by what follows the subject in its MSG line.
type runMessage struct {
	tail    []byte
	reply   []byte
	payload []byte
	header  int
}

// addToRun makes m part of the run in progress, or begins another.
func (s *Source) addToRun(p *plan, m *Message) {
	r := &s.run
	if r.plan != p {
		s.endRun()
		r.plan = p
	}
	r.messages = append(r.messages, runMessage{tail: m.tail, reply: m.Reply, payload: m.Payload, header: m.HeaderSize})
	r.bytes += len(m.Payload) + len(m.Reply) + len(p.subject) + frameSlack
	if len(r.messages) == runMessages || r.bytes >= runBytes {
		s.endRun()
	}
}

// endRun delivers the run in progress. It must be called before anything else is
// staged for targets of the run.
func (s *Source) endRun() {
	if s.run.plan != nil {
		s.deliverRun()
	}
}

func (s *Source) deliverRun() {
	r := &s.run
	p := r.plan
	r.plan = nil
	n := traffic{msgs: int64(len(r.messages))}
	for i := range r.messages {
		n.bytes += int64(len(r.messages[i].payload))
	}
	r.frames = newBuffer(r.bytes)
	for i := range p.frames {
		f := &p.frames[i]
		r.frames.b = s.frameRun(r.frames.b[:0], f.like, p)
		for _, d := range f.to {
			s.stageRun(d, r.frames.b, n)
		}
	}
	r.frames.free()
	r.frames = nil
	clear(r.messages)
	r.messages, r.bytes = r.messages[:0], 0
}

// frameRun appends all messages of the run as d's target wants them.
func (s *Source) frameRun(dst []byte, d *destination, p *plan) []byte {
	m := &s.run.message
	*m = Message{Account: s.space.name, Subject: p.subject}
	for i := range s.run.messages {
		rm := &s.run.messages[i]
		m.tail, m.Reply, m.Payload, m.HeaderSize = rm.tail, rm.reply, rm.payload, rm.header
		dst = appendFrame(dst, d, m)
	}
	*m = Message{}
	return dst
}

// stageRun adds the framed run to the output for d.
func (s *Source) stageRun(d *destination, frames []byte, n traffic) {
	st := d.staged
	if d.count == 0 {
		s.counted = append(s.counted, d)
	}
	d.count += n.msgs
	if st.size == 0 && len(frames) >= runDirect {
		s.run.bufs[0] = frames
		s.send(st, s.run.bufs[:], n)
		return
	}
	s.open(st, len(frames))
	st.n.msgs += n.msgs
	st.n.bytes += n.bytes
	st.buf.b = append(st.buf.b, frames...)
	s.grew(st, len(frames))
}
