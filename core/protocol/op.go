package protocol

// Kind names an operation a client can send.
type Kind uint8

// The operations of a client (client protocol, grammar).
const (
	None Kind = iota
	Connect
	Pub
	HPub
	Sub
	Unsub
	Ping
	Pong
	OK
	Err
	Info
)

// Op is one operation. Its slices alias the parsed bytes and are valid as long
// as those are. Which members are set depends on Kind:
//
//	Connect, Info, Err   Arg
//	Pub, HPub            Subject, Reply, HeaderSize, Payload, Tail
//	Sub                  Subject, Queue, SID
//	Unsub                SID, Max
type Op struct {
	Kind    Kind
	Arg     []byte
	Subject []byte
	Reply   []byte // nil when absent
	Queue   []byte // nil when absent
	SID     []byte
	// Max is the message count of UNSUB, 0 when absent or unreadable.
	Max int
	// HeaderSize is the length of the header block at the start of Payload.
	HeaderSize int
	// Payload is header block and body, without the closing CRLF.
	Payload []byte
	// Tail is everything after the subject exactly as a MSG or HMSG line carries
	// it, "[reply ]sizes CRLF payload CRLF", when the publisher happened to write
	// it in that form (all published clients do); nil otherwise. It lets a
	// delivery be framed by two copies.
	Tail []byte
}
