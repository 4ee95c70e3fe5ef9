package broker

// intake is the read side of a transport: the bytes that were read and not yet
// taken. The buffer is held only while there is something in it.
type intake struct {
	buf *buffer
	// modest: reads wait with their buffer in hand, so it is small until reads
	// fill it.
	modest bool
	full   bool // the last read filled its buffer
	large  bool // and with large payloads
}

const (
	readSize  = 128 << 10
	readLarge = 1 << 20
	// restSmall is what an idle connection may hold on to of an unfinished
	// operation in a buffer of the large classes' stead.
	restSmall = 4 << 10
)

// space is where the next read goes.
func (in *intake) space() []byte {
	size := readSize
	switch {
	case in.large:
		size = readLarge
	case in.modest && !in.full:
		size = restSmall
	}
	switch {
	case in.buf == nil:
		in.buf = newBuffer(size)
	case cap(in.buf.b) < size:
		in.buf = in.buf.grow(size - len(in.buf.b))
	}
	return in.buf.b[len(in.buf.b):cap(in.buf.b)]
}

// feed gives c what the last read brought: n more bytes.
func (in *intake) feed(c *Client, n int) Status {
	in.full = n == in.buf.room()
	in.buf.b = in.buf.b[:len(in.buf.b)+n]
	used, status := 0, More
	for {
		k, st := c.Ingest(in.buf.b[used:])
		used += k
		if status = st; status == Parked {
			if status = c.Await(); status == More {
				continue
			}
		}
		break
	}
	in.large = in.full && c.source.largePayloads()
	c.EndBatch()
	if status == More {
		in.keep(c, used)
	}
	return status
}

// keep moves what was not taken to the front, and makes room for the whole
// operation it is the beginning of.
func (in *intake) keep(c *Client, used int) {
	rest := in.buf.b[used:]
	if len(rest) == 0 {
		in.buf.b = in.buf.b[:0]
		return
	}
	need := c.Missing(rest)
	n := copy(in.buf.b, rest)
	in.buf.b = in.buf.b[:n]
	if need > cap(in.buf.b) {
		in.buf = in.buf.grow(need - n)
	}
}

// rest is called before waiting for more: the buffer goes back, or, with little
// in it, is exchanged for a small one.
func (in *intake) rest() {
	switch {
	case in.buf == nil:
	case len(in.buf.b) == 0:
		in.buf.free()
		in.buf = nil
	case len(in.buf.b) < restSmall/2 && cap(in.buf.b) > restSmall:
		small := newBuffer(restSmall)
		small.b = append(small.b, in.buf.b...)
		in.buf.free()
		in.buf = small
	}
}

// drop gives the buffer up for good.
func (in *intake) drop() {
	if in.buf != nil {
		in.buf.free()
		in.buf = nil
	}
}

// largePayloads reports whether this batch's messages are large on average.
func (s *Source) largePayloads() bool {
	return s.in.msgs > 0 && s.in.bytes >= s.in.msgs*referenceFrom
}
