package broker

// Transport is where a target's bytes go: a socket, a TLS or WebSocket
// connection, a pipe, another server, a service inside this process. The core
// calls TryWrite and Write from one goroutine at a time, never both at once.
type Transport interface {
	// TryWrite writes as much of bufs, in order, as can be written without
	// waiting and answers how many bytes that was. A transport that cannot tell
	// answers zero and leaves the work to Write. An error means the connection is
	// broken. It must neither keep bufs nor change them.
	TryWrite(bufs [][]byte) (int, error)
	// Write waits until all of bufs are written, or until Interrupt. It may keep
	// nothing of bufs. It answers how many bytes were written in any case.
	Write(bufs [][]byte) (int, error)
	// Interrupt makes Write and the transport's own reading return soon. It does
	// not wait, may be called from any goroutine, and more than once.
	Interrupt()
}

// Framer turns messages into the bytes that one kind of target understands. A
// message is framed once per distinct framer and key, and the result is shared
// by all targets that have both. Implementations must be comparable with == and
// safe for concurrent use.
type Framer interface {
	// AppendFrame appends the frame of m for key to dst. It must not keep m.
	AppendFrame(dst []byte, key []byte, m *Message) []byte
}

// Message is one message on its way to a target. Its slices are valid only
// during the call it was handed to.
type Message struct {
	Account string // in which the target subscribed
	Subject []byte // as delivered
	Reply   []byte // nil when there is none
	// HeaderSize is the length of the header block at the start of Payload.
	HeaderSize int
	// Payload is header block and body. The two bytes behind it are CRLF.
	Payload []byte

	tail []byte // see protocol.Op
}

// Header is the message's header block, empty when it has none.
func (m *Message) Header() []byte { return m.Payload[:m.HeaderSize] }

// Body is the payload without the header block.
func (m *Message) Body() []byte { return m.Payload[m.HeaderSize:] }
