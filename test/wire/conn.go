package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Patience is how long an expectation waits for bytes that are bound to come.
const Patience = 15 * time.Second

const (
	ping = "PING\r\n"
	pong = "PONG\r\n"
)

// Conn is one client connection. It belongs to the goroutine of its test, except for Write.
type Conn struct {
	tb    testing.TB
	tcp   *net.TCPConn
	in    *bufio.Reader
	info  Info
	pings bool
}

// Info is a decoded INFO document.
type Info map[string]any

// Open connects and reads the INFO line. The connection is closed with the test.
func Open(tb testing.TB, addr string) *Conn {
	tb.Helper()
	c := Dial(tb, addr)
	c.info = c.ExpectInfo()
	return c
}

// Ready connects, logs in with a quiet CONNECT (see Login) and returns when the broker has
// processed it.
func Ready(tb testing.TB, addr string, members ...string) *Conn {
	tb.Helper()
	c := Open(tb, addr)
	c.Send(Login(members...))
	c.Sync()
	return c
}

// Dial connects and reads nothing.
func Dial(tb testing.TB, addr string) *Conn {
	tb.Helper()
	conn, err := net.DialTimeout("tcp", addr, Patience)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { conn.Close() })
	return &Conn{tb: tb, tcp: conn.(*net.TCPConn), in: bufio.NewReader(conn)}
}

// Info returns the INFO document that Open read.
func (c *Conn) Info() Info { return c.info }

// TCP returns the socket below, for tests that stop reading or shrink its buffers.
func (c *Conn) TCP() *net.TCPConn { return c.tcp }

// ShowPings has the broker's PINGs delivered to the test instead of answered.
func (c *Conn) ShowPings() { c.pings = true }

// Send writes the texts as one segment.
func (c *Conn) Send(texts ...string) {
	c.tb.Helper()
	if err := c.Write(strings.Join(texts, "")); err != nil {
		c.tb.Fatalf("send: %v", err)
	}
}

// Write is Send for other goroutines and for connections that the broker may have closed: it
// returns the error.
func (c *Conn) Write(text string) error {
	if err := c.tcp.SetWriteDeadline(time.Now().Add(Patience)); err != nil {
		return err
	}
	_, err := io.WriteString(c.tcp, text)
	return err
}

// SendBytes writes one byte per segment.
func (c *Conn) SendBytes(text string) {
	c.tb.Helper()
	for i := range len(text) {
		c.Send(text[i : i+1])
	}
}

// CloseWrite says that nothing more will be sent, and keeps reading.
func (c *Conn) CloseWrite() {
	c.tb.Helper()
	if err := c.tcp.CloseWrite(); err != nil {
		c.tb.Fatal(err)
	}
}

// Close closes the connection before the test ends.
func (c *Conn) Close() {
	c.tb.Helper()
	if err := c.tcp.Close(); err != nil {
		c.tb.Fatal(err)
	}
}

// Next returns the next operation of the broker with its payload and line ends.
func (c *Conn) Next() string {
	c.tb.Helper()
	op, err := c.next(Patience)
	if err != nil {
		c.tb.Fatalf("expected an operation, got %s and then %v", quote(op), err)
	}
	return op
}

// Expect compares the next bytes with the texts, which are whole operations.
func (c *Conn) Expect(texts ...string) {
	c.tb.Helper()
	want, got := strings.Join(texts, ""), ""
	for len(got) < len(want) {
		op, err := c.next(Patience)
		got += op
		if err != nil {
			c.tb.Fatalf("expected %s\nbut got  %s and then %v", quote(want), quote(got), err)
		}
		if !strings.HasPrefix(want, got) {
			c.tb.Fatalf("expected %s\nbut got  %s", quote(want), quote(got))
		}
	}
}

// ExpectSet compares the next operations with those given, in any order.
func (c *Conn) ExpectSet(ops ...string) {
	c.tb.Helper()
	got := make([]string, 0, len(ops))
	for range ops {
		got = append(got, c.Next())
	}
	want := slices.Sorted(slices.Values(ops))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		c.tb.Fatalf("expected in any order %s\nbut got %s", quote(strings.Join(want, "")), quote(strings.Join(got, "")))
	}
}

// ExpectErr expects an -ERR with this text.
func (c *Conn) ExpectErr(text string) {
	c.tb.Helper()
	c.Expect(Err(text))
}

// ExpectFatal expects an -ERR with this text and then the end of the connection.
func (c *Conn) ExpectFatal(text string) {
	c.tb.Helper()
	c.ExpectErr(text)
	c.ExpectClosed()
}

// ExpectClosed expects the end of the connection and nothing before it.
func (c *Conn) ExpectClosed() {
	c.tb.Helper()
	op, err := c.next(Patience)
	if op != "" || !ended(err) {
		c.tb.Fatalf("expected the connection to be closed, got %s, %v", quote(op), err)
	}
}

// ExpectInfo expects an INFO and returns its document.
func (c *Conn) ExpectInfo() Info {
	c.tb.Helper()
	op := c.Next()
	text, ok := strings.CutPrefix(op, "INFO {")
	if !ok || !strings.HasSuffix(op, "\r\n") {
		c.tb.Fatalf("expected an INFO line, got %s", quote(op))
	}
	var info Info
	if err := json.Unmarshal([]byte("{"+text), &info); err != nil {
		c.tb.Fatalf("INFO is no JSON: %v: %s", err, quote(op))
	}
	return info
}

// ExpectSilence expects that nothing comes for this long. Use it only where no barrier can show
// the same.
func (c *Conn) ExpectSilence(d time.Duration) {
	c.tb.Helper()
	if op, err := c.next(d); op != "" || !errors.Is(err, os.ErrDeadlineExceeded) {
		c.tb.Fatalf("expected silence, got %s, %v", quote(op), err)
	}
}

// Sync expects the broker to have processed everything sent so far and to have had nothing else to
// say: it sends a PING and expects the PONG next.
func (c *Conn) Sync() {
	c.tb.Helper()
	c.Send(ping)
	c.Expect(pong)
}

// Drain reads to the end of the connection and returns what came, incomplete as it may be.
func (c *Conn) Drain() string {
	c.tb.Helper()
	var got strings.Builder
	for {
		op, err := c.next(Patience)
		got.WriteString(op)
		if ended(err) {
			return got.String()
		}
		if err != nil {
			c.tb.Fatalf("expected the connection to end after %d bytes: %v", got.Len(), err)
		}
	}
}

// next reads one operation. An error comes with the bytes before it.
func (c *Conn) next(wait time.Duration) (string, error) {
	if err := c.tcp.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return "", err
	}
	for {
		op, err := c.operation()
		if op != ping || err != nil || c.pings {
			return op, err
		}
		// A broker that has gone meanwhile shows at the next read.
		_ = c.Write(pong)
	}
}

func (c *Conn) operation() (string, error) {
	line, err := c.in.ReadBytes('\n')
	if err != nil {
		return string(line), err
	}
	size, ok := payloadSize(line)
	if !ok {
		return string(line), nil
	}
	op := append(line, make([]byte, size+len("\r\n"))...)
	n, err := io.ReadFull(c.in, op[len(line):])
	return string(op[:len(line)+n]), err
}

// payloadSize returns how many bytes the control line announces, without the line end.
func payloadSize(line []byte) (int, bool) {
	if !bytes.HasPrefix(line, []byte("MSG ")) && !bytes.HasPrefix(line, []byte("HMSG ")) {
		return 0, false
	}
	fields := bytes.Fields(line)
	size, err := strconv.Atoi(string(fields[len(fields)-1]))
	return size, err == nil && size >= 0
}

// ended tells whether the error is the end of a connection: a peer that closes with input unread
// makes its kernel answer with a reset.
func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// quote keeps a failure readable when the operations are large.
func quote(text string) string {
	const most = 600
	if len(text) > most {
		return strconv.Quote(text[:most/2]) + "..." + strconv.Quote(text[len(text)-most/2:])
	}
	return strconv.Quote(text)
}
