package protocol

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// maxSizeDigits is how many digits a size may have (client protocol, lexical
// rules): nine, so that no size overflows an int anywhere.
const maxSizeDigits = 9

// maxIgnored bounds, in bytes, what a line may hold that means nothing and that
// no other limit counts: blanks before the arguments, text behind PING. It is
// kept until the line ends, so it cannot go on for ever.
const maxIgnored = 64 << 10

// Parser parses the operations of one client. It is a value without state
// between calls; its fields are the connection's limits and may change between
// calls. Not safe for concurrent use with changes to them.
type Parser struct {
	MaxControlLine int  // bytes of a line's arguments
	MaxPayload     int  // bytes of header and body; negative: unlimited
	Headers        bool // HPUB allowed
}

// Next parses the operation at the start of b into op and returns how many
// bytes it took. Zero and no error means that b does not hold a whole operation
// yet; Missing then tells how much more is certain to be needed. With an error
// nothing is taken. How the bytes of a stream are split makes no difference to
// its operations, nor to the error it ends with.
func (p *Parser) Next(b []byte, op *Op) (int, error) {
	if len(b) >= 4 && b[3] == ' ' {
		// The verb of almost every operation on a busy connection.
		if v := binary.LittleEndian.Uint32(b) | 0x20202020; v == verbPub {
			if n := p.usual(b, op); n > 0 {
				return n, nil
			}
			return p.publish(b, 4, false, op)
		}
	}
	return p.other(b, op)
}

const (
	verbPub = 'p' | 'u'<<8 | 'b'<<16 | ' '<<24
	blanks  = " \t"
)

// verbs in lower case. Those ending in a blank must be followed by one.
var verbs = [...]struct {
	text string
	kind Kind
}{
	{"pub ", Pub}, {"hpub ", HPub}, {"sub ", Sub}, {"unsub ", Unsub},
	{"ping", Ping}, {"pong", Pong}, {"connect", Connect},
	{"+ok", OK}, {"-err ", Err}, {"info", Info},
}

// verb recognises the verb at the start of b and returns its length. It answers
// None while b is only the beginning of one.
func verb(b []byte) (Kind, int, error) {
	partial := false
next:
	for i := range verbs {
		text := verbs[i].text
		for j := 0; j < len(text); j++ {
			if j == len(b) {
				partial = true
				continue next
			}
			c := b[j]
			switch {
			case c == text[j] || c == '\t' && text[j] == ' ':
			case 'A' <= c && c <= 'Z' && c|0x20 == text[j]:
			default:
				continue next
			}
		}
		return verbs[i].kind, len(text), nil
	}
	if partial {
		return None, 0, nil
	}
	return None, 0, ErrUnknownOperation
}

func (p *Parser) other(b []byte, op *Op) (int, error) {
	kind, start, err := verb(b)
	if kind == None {
		return 0, err
	}
	switch kind {
	case Pub, HPub:
		return p.publish(b, start, kind == HPub, op)
	case Ping, Pong, OK:
		eol := bytes.IndexByte(b, '\n')
		if eol > maxIgnored || eol < 0 && len(b) > maxIgnored {
			return 0, ErrControlLine
		}
		if eol >= 0 {
			*op = Op{Kind: kind}
		}
		return eol + 1, nil
	}
	line, n, err := p.line(b, start)
	if n == 0 {
		return 0, err
	}
	*op = Op{Kind: kind}
	switch kind {
	case Sub:
		err = op.parseSub(line)
	case Unsub:
		err = op.parseUnsub(line)
	default:
		op.Arg = bytes.TrimRight(line, blanks)
	}
	if err != nil {
		return 0, err
	}
	return n, nil
}

// line returns the argument part of the control line whose arguments begin at
// or after start, and the length of the whole line; zero while it is incomplete.
func (p *Parser) line(b []byte, start int) ([]byte, int, error) {
	for start < len(b) && isBlank(b[start]) {
		start++
	}
	if start > maxIgnored {
		return nil, 0, ErrControlLine
	}
	eol := bytes.IndexByte(b[start:], '\n')
	if eol < 0 {
		return nil, 0, p.unfinished(b, start)
	}
	line := b[start : start+eol]
	if eol > 0 && line[eol-1] == '\r' {
		line = line[:eol-1]
	}
	if len(line) > p.MaxControlLine {
		return nil, 0, ErrControlLine
	}
	return line, start + eol + 1, nil
}

// unfinished checks a line without an end against the limit. A CR at its end may
// be the beginning of the line's end.
func (p *Parser) unfinished(b []byte, start int) error {
	if end := bytes.TrimSuffix(b, []byte("\r")); len(end)-start > p.MaxControlLine {
		return ErrControlLine
	}
	return nil
}

// Missing tells how long the bytes at the start of b must become before Next can
// succeed on them: exact once the control line of a publish is whole, else just
// more than there is.
func (p *Parser) Missing(b []byte) int {
	kind, start, _ := verb(b)
	if kind == Pub || kind == HPub {
		var args arguments
		if n, ok, err := args.scan(b, start); ok && err == nil && args.n >= 2 {
			if size := args.size(b, args.n-1); size >= 0 {
				return n + size + 2
			}
		}
	}
	return len(b) + 1
}

// parseSize reads 1 to 9 digits; anything else is -1.
func parseSize(b []byte) int {
	if len(b) == 0 || len(b) > maxSizeDigits {
		return -1
	}
	n := 0
	for _, c := range b {
		c -= '0'
		if c > 9 {
			return -1
		}
		n = n*10 + int(c)
	}
	return n
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// fieldEnd returns the index of the first blank, CR or LF at or after i. It looks
// at eight bytes at a time for anything up to 0x20: the lowest hit of the
// subtraction below is exact, higher ones may be false, so only it is used.
func fieldEnd(b []byte, i int) int {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	for i+8 <= len(b) {
		v := binary.LittleEndian.Uint64(b[i:])
		hit := (v - 0x21*ones) & ^v & highs
		if hit == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(hit) >> 3
		if endsField(b[i]) {
			return i
		}
		i++
	}
	for i < len(b) && !endsField(b[i]) {
		i++
	}
	return i
}

func endsField(c byte) bool { return c == ' ' || c == '\r' || c == '\n' || c == '\t' }
