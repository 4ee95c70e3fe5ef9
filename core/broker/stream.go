package broker

import (
	"errors"
	"io"
	"net"
	"os"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
)

// stream is the transport for any net.Conn, by ordinary calls: pipes, and TCP
// where there is nothing better.
type stream struct {
	conn net.Conn
	try  func(bufs [][]byte) (int, error)
	in   intake
}

// serveStream serves a connection over the ordinary transport.
func (b *Broker) serveStream(conn net.Conn, ctype auth.ConnectionType) {
	t := &stream{conn: conn, try: nonBlocking(conn), in: intake{modest: true}}
	b.serve(Conn{Transport: t, Type: ctype, Remote: remoteOf(conn)}, t.read, func() { conn.Close() })
}

// read feeds c until the connection ends.
func (t *stream) read(c *Client) error {
	defer t.in.drop()
	for {
		n, err := t.conn.Read(t.in.space())
		if n > 0 && t.in.feed(c, n) == Closed {
			return nil
		}
		if err != nil {
			return endOfInput(err)
		}
		t.in.rest()
	}
}

// endOfInput is nil for the ordinary ends of a connection: the peer's, and ours
// by Interrupt.
func endOfInput(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// TryWrite implements Transport.
func (t *stream) TryWrite(bufs [][]byte) (int, error) {
	if t.try == nil {
		return 0, nil
	}
	return t.try(bufs)
}

// Write implements Transport.
func (t *stream) Write(bufs [][]byte) (int, error) {
	total := 0
	for _, b := range bufs {
		n, err := t.conn.Write(b)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// Interrupt implements Transport.
func (t *stream) Interrupt() { interrupt(t.conn) }

// interrupt makes reads and writes of conn return, now and later.
func interrupt(conn net.Conn) {
	// It fails only on a connection that is closed, where it is not needed.
	_ = conn.SetDeadline(time.Unix(1, 0))
}
