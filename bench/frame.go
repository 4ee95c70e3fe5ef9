package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// readSize is how much a raw connection asks for at once.
const readSize = 128 << 10

// writeSize is about how much a flooding raw publisher sends at once.
const writeSize = 64 << 10

// errProtocol is wrapped by errors about bytes that a server should not have sent.
var errProtocol = errors.New("unexpected bytes from the server")

// A frame is one message as it arrived. Its parts are valid until the next read.
type frame struct {
	reply   []byte // empty without a reply subject
	payload []byte
	length  int // of the whole frame in bytes
}

// parseFrame returns the MSG frame at the beginning of b, or ok false when more
// bytes are needed.
func parseFrame(b []byte) (f frame, ok bool, err error) {
	const prefix = "MSG "
	end := bytes.IndexByte(b, '\n')
	if end < 0 {
		return frame{}, false, nil
	}
	if !bytes.HasPrefix(b, []byte(prefix)) {
		return frame{}, false, fmt.Errorf("%w: %.80q", errProtocol, b)
	}
	// MSG <subject> <sid> [reply] <size>
	line := bytes.TrimSuffix(b[len(prefix):end], []byte("\r"))
	_, line, _ = bytes.Cut(line, []byte(" "))
	_, line, _ = bytes.Cut(line, []byte(" "))
	reply, digits, replies := bytes.Cut(line, []byte(" "))
	if !replies {
		reply, digits = nil, reply
	}
	size, err := strconv.Atoi(string(digits))
	if err != nil || size < 0 {
		return frame{}, false, fmt.Errorf("%w: %.80q", errProtocol, b)
	}
	start := end + 1
	f.length = start + size + len("\r\n")
	if len(b) < f.length {
		return frame{}, false, nil
	}
	f.reply, f.payload = reply, b[start:start+size]
	return f, true, nil
}

// A frameReader takes the stream of a raw connection apart.
type frameReader struct {
	conn rawConn
	buf  []byte
	from int // buf[from:to] is unread
	to   int

	beforeRead func() error // runs before each read, which may wait; nil for nothing
}

func newFrameReader(c rawConn) *frameReader {
	return &frameReader{conn: c, buf: make([]byte, readSize)}
}

// next returns the next message and waits for it. In between it answers a PING
// and passes over an INFO.
func (r *frameReader) next() (frame, error) {
	for {
		unread := r.buf[r.from:r.to]
		line, _, whole := bytes.Cut(unread, []byte("\n"))
		switch {
		case !whole:
		case bytes.HasPrefix(line, []byte("MSG ")):
			f, ok, err := parseFrame(unread)
			if err != nil {
				return frame{}, err
			}
			if ok {
				r.from += f.length
				return f, nil
			}
		case bytes.HasPrefix(line, []byte("INFO ")):
			r.from += len(line) + 1
			continue
		case bytes.HasPrefix(line, []byte("PING")):
			r.from += len(line) + 1
			if err := r.conn.write([]byte("PONG\r\n")); err != nil {
				return frame{}, err
			}
			continue
		default:
			return frame{}, fmt.Errorf("%w: %.80q", errProtocol, line)
		}
		if err := r.fill(); err != nil {
			return frame{}, err
		}
	}
}

// fill reads more, after moving what is unread to the front.
func (r *frameReader) fill() error {
	if r.beforeRead != nil {
		if err := r.beforeRead(); err != nil {
			return err
		}
	}
	r.to = copy(r.buf, r.buf[r.from:r.to])
	r.from = 0
	if r.to == len(r.buf) {
		return fmt.Errorf("%w: a message larger than %d bytes", errProtocol, len(r.buf))
	}
	n, err := r.conn.read(r.buf[r.to:])
	r.to += n
	return err
}

// appendPub appends a PUB frame with a reply subject, if there is one.
func appendPub(b []byte, subject, reply string, payload []byte) []byte {
	b = append(append(b, "PUB "...), subject...)
	if reply != "" {
		b = append(append(b, ' '), reply...)
	}
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(len(payload)), 10)
	b = append(b, "\r\n"...)
	b = append(b, payload...)
	return append(b, "\r\n"...)
}

// A block is a run of whole frames, written at once.
type block struct {
	bytes  []byte
	frames int64
}

// blocks prepares what a flooding publisher writes over and over: all subjects
// in turn, in blocks of about writeSize bytes. The last block begins over with
// the first subjects to be as long as the others.
func blocks(subjects []string, size int) []block {
	payload := filler(size)
	var all []block
	var current block
	for i := 0; ; i++ {
		current.bytes = appendPub(current.bytes, subjects[i%len(subjects)], "", payload)
		current.frames++
		if len(current.bytes) < writeSize {
			continue
		}
		all = append(all, current)
		if i+1 >= len(subjects) {
			return all
		}
		current = block{}
	}
}

// filler returns a payload of the size.
func filler(size int) []byte { return bytes.Repeat([]byte{'x'}, size) }
