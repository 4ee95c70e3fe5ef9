package wire

import (
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
)

// recorder is a test that notes its failure instead of failing.
type recorder struct {
	testing.TB
	failure string
}

func (r *recorder) Helper()        {}
func (r *recorder) Cleanup(func()) {}
func (r *recorder) Fatal(args ...any) {
	r.Fatalf("%s", fmt.Sprint(args...))
}
func (r *recorder) Fatalf(format string, args ...any) {
	r.failure = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// against runs the steps on a connection to a peer that says the text and then ends; it returns the
// failure they noted and what the peer got.
func against(t *testing.T, text string, steps func(*Conn)) (failure, got string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	received := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			received <- err.Error()
			return
		}
		defer conn.Close()
		// A failure to write shows as what the other side does not get.
		_, _ = io.WriteString(conn, text)
		_ = conn.(*net.TCPConn).CloseWrite()
		all, _ := io.ReadAll(conn)
		received <- string(all)
	}()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c := Dial(r, listener.Addr().String())
		defer c.tcp.Close()
		steps(c)
	}()
	<-done
	return r.failure, <-received
}

func TestExpectations(t *testing.T) {
	for _, test := range []struct {
		name, text string
		steps      func(*Conn)
		failure    string // part of it; empty: none
		sent       string
	}{
		{"operations", "+OK\r\nMSG a 1 2\r\nhi\r\n", func(c *Conn) { c.Expect("+OK\r\n", Msg("a", "1", "hi")); c.ExpectClosed() }, "", ""},
		{"another payload", "MSG a 1 2\r\nhi\r\n", func(c *Conn) { c.Expect(Msg("a", "1", "ho")) }, "but got", ""},
		{"bare LF", "PONG\n", func(c *Conn) { c.Expect("PONG\r\n") }, "but got", ""},
		{"too little", "+OK\r\n", func(c *Conn) { c.Expect("+OK\r\n+OK\r\n") }, "EOF", ""},
		{"half a payload", "MSG a 1 5\r\nhi", func(c *Conn) { c.Expect(Msg("a", "1", "hi...")) }, "but got", ""},
		{"not closed", "+OK\r\n", func(c *Conn) { c.ExpectClosed() }, `"+OK\r\n"`, ""},
		{"an error and the end", "-ERR 'x'\r\n", func(c *Conn) { c.ExpectFatal("x") }, "", ""},
		{"another error", "-ERR 'y'\r\n", func(c *Conn) { c.ExpectErr("x") }, "but got", ""},
		{"more than the error", "-ERR 'x'\r\n-ERR 'x'\r\n", func(c *Conn) { c.ExpectFatal("x") }, "expected the connection to be closed", ""},
		{"pings are answered", "PING\r\n+OK\r\nPING\r\n", func(c *Conn) { c.Expect("+OK\r\n"); c.ExpectClosed() }, "", "PONG\r\nPONG\r\n"},
		{"pings are shown", "PING\r\n", func(c *Conn) { c.ShowPings(); c.Expect("PING\r\n") }, "", ""},
		{"a ping in a payload is none", "MSG a 1 6\r\nPING\r\n\r\n", func(c *Conn) { c.Expect(Msg("a", "1", "PING\r\n")); c.ExpectClosed() }, "", ""},
		{"any order", "MSG a 2 0\r\n\r\nMSG a 1 0\r\n\r\n", func(c *Conn) { c.ExpectSet(Msg("a", "1", ""), Msg("a", "2", "")) }, "", ""},
		{"twice the same", "MSG a 2 0\r\n\r\nMSG a 2 0\r\n\r\n", func(c *Conn) { c.ExpectSet(Msg("a", "1", ""), Msg("a", "2", "")) }, "but got", ""},
		{"something before the pong", "+OK\r\nPONG\r\n", func(c *Conn) { c.Sync() }, "but got", "PING\r\n"},
		{"no INFO", "+OK\r\n", func(c *Conn) { c.ExpectInfo() }, "expected an INFO line", ""},
		{"no JSON", "INFO {x\r\n", func(c *Conn) { c.ExpectInfo() }, "INFO is no JSON", ""},
		{"headers", "HMSG a 1 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", func(c *Conn) { c.Expect(HMsg("a 1", "NATS/1.0\r\n\r\n", "hi")); c.ExpectClosed() }, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			failure, sent := against(t, test.text, test.steps)
			if (failure == "") != (test.failure == "") || !strings.Contains(failure, test.failure) {
				t.Errorf("failed with %q, want %q", failure, test.failure)
			}
			if sent != test.sent {
				t.Errorf("sent %q, want %q", sent, test.sent)
			}
		})
	}
}
