package robustness

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

const unknownOperation = "Unknown Protocol Operation"

// TestGarbage sends random bytes, bare and behind things that are protocol. Whatever they are taken
// for, the connection ends when they do, and nobody else notices.
func TestGarbage(t *testing.T) {
	t.Parallel()
	s := server.Start(t, server.Options{})
	b := newBystander(t, s)
	beginnings := []string{"", "\r\n", wire.Login(), wire.Login(`"headers":true`), "SUB a ", "PUB a 5\r\n", "UNSUB ", "CONNECT {", "PING\r\n", "HPUB a 5 9\r\n", "-ERR", "INFO {"}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 300 {
		garbage := make([]byte, 1+random.IntN(8192))
		for j := range garbage {
			garbage[j] = byte(random.UintN(256))
		}
		c := wire.Open(t, s.Addr())
		// The broker may have closed the connection already.
		_ = c.Write(beginnings[i%len(beginnings)] + string(garbage))
		_ = c.TCP().CloseWrite()
		c.Drain()
		if i%25 == 0 {
			b.undisturbed()
		}
	}
	b.undisturbed()
}

// TestProtocolOfOthers sends what other programs say first.
func TestProtocolOfOthers(t *testing.T) {
	t.Parallel()
	s := server.Start(t, server.Options{})
	b := newBystander(t, s)
	for name, hello := range map[string]string{
		"HTTP":       "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"TLS":        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x42", 506),
		"MQTT":       "\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04test",
		"SSH":        "SSH-2.0-OpenSSH_9.6\r\n",
		"PostgreSQL": "\x00\x00\x00\x08\x04\xd2\x16\x2f",
		"Redis":      "*1\r\n$4\r\nPING\r\n",
		"PROXY":      "PROXY TCP4 192.0.2.1 192.0.2.2 1234 4222\r\nPING\r\n",
		"a route":    "RS+ $G a\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			c := wire.Open(t, s.Addr())
			c.Send(hello)
			c.ExpectFatal(unknownOperation)
		})
	}
	b.undisturbed()
}

// TestHalfLines leaves connections in the middle of everything: they wait, take nothing from
// others, and end with their client.
func TestHalfLines(t *testing.T) {
	t.Parallel()
	s := server.Start(t, server.Options{})
	b := newBystander(t, s)
	whole := wire.Login(`"headers":true`) + "SUB half q 1\r\nPUB half 2\r\nhi\r\nHPUB half r 12 14\r\nNATS/1.0\r\n\r\nhi\r\nUNSUB 1 3\r\nPING\r\n"
	for cut := 1; cut < len(whole); cut++ {
		c := wire.Open(t, s.Addr())
		c.Send(whole[:cut])
		c.CloseWrite()
		if got := c.Drain(); strings.Contains(got, "-ERR") {
			t.Errorf("half a line was taken for an error: %q after %q", got, whole[:cut])
		}
		if cut%40 == 0 {
			b.undisturbed()
		}
	}
	b.undisturbed()
}

func TestHugeControlLines(t *testing.T) {
	t.Parallel()
	s := server.Start(t, server.Options{})
	b := newBystander(t, s)
	for _, verb := range []string{"SUB ", "PUB ", "HPUB ", "UNSUB ", "CONNECT ", "CONNECT {\"name\":\"", "-ERR ", "INFO "} {
		t.Run(strings.TrimSpace(verb), func(t *testing.T) {
			c := wire.Ready(t, s.Addr(), `"headers":true`)
			huge := verb + strings.Repeat("x", 1<<20)
			// The broker closes the connection while it is being written to.
			_ = c.Write(huge)
			// If the kernel threw the answer away with the connection, its end is all there is to see.
			if got := c.Drain(); got != "" && got != wire.Err("maximum control line exceeded") {
				t.Errorf("got %q", got)
			}
		})
		b.undisturbed()
	}
	s.WaitFor("maximum control line exceeded")

	// A line that never ends is not kept either.
	t.Run("a verb that never ends", func(t *testing.T) {
		c := wire.Ready(t, s.Addr())
		_ = c.Write(strings.Repeat("S", 1<<20))
		if got := c.Drain(); got != "" && got != wire.Err(unknownOperation) {
			t.Errorf("got %q", got)
		}
	})
	b.undisturbed()
}

func TestLyingLengths(t *testing.T) {
	t.Parallel()
	s := server.Start(t, server.Options{})
	b := newBystander(t, s)
	watcher := wire.Ready(t, s.Addr(), `"headers":true`)
	watcher.Send("SUB lie 1\r\n")
	watcher.Sync()
	const closed, violation = "", "Maximum Payload Violation"
	for _, lie := range []struct{ input, answer string }{
		{"HPUB lie 100 12\r\nNATS/1.0\r\n\r\n\r\n", closed},
		{"HPUB lie 12 4\r\nNATS/1.0\r\n\r\n\r\n", closed},
		{"HPUB lie 999999999 999999999\r\n", violation},
		{"HPUB lie 12 999999999\r\n", violation},
		{"HPUB lie 9999999999 9999999999\r\n", closed},
		{"HPUB lie 18446744073709551615 18446744073709551615\r\n", closed},
		{"HPUB lie -12 12\r\n", closed},
		{"HPUB lie 12 2\r\nhi\r\n", closed},
		{"PUB lie 999999999\r\n", violation},
		{"PUB lie 1048577\r\n", violation},
		{"PUB lie 4294967297\r\nx\r\n", closed},
		{"PUB lie 18446744073709551616\r\n\r\n", closed},
		{"PUB lie -1\r\nx\r\n", closed},
		{"PUB lie 1\r\nxx\r\n", unknownOperation},
		{"PUB lie 0\r\nx\r\n", unknownOperation},
		{"HPUB lie 4 6\r\nabcdhi!\r\n", unknownOperation},
		{"HPUB lie 12 12\r\nNATS/1.0\r\n\r\n!\r\n", unknownOperation},
	} {
		t.Run(fmt.Sprintf("%.40q", lie.input), func(t *testing.T) {
			c := wire.Ready(t, s.Addr(), `"headers":true`)
			c.Send(lie.input)
			if lie.answer != closed {
				c.ExpectErr(lie.answer)
			}
			c.ExpectClosed()
		})
		b.undisturbed()
	}
	// None of it was delivered; headers that lie about themselves are the receiver's business.
	honest := wire.Ready(t, s.Addr(), `"headers":true`)
	for _, headers := range []string{"NATS/9.9\r\n\r\n", "NATS/1.0\r\nunterminated", "\r\n", "\x00\x00\x00\x00"} {
		honest.Send(wire.HPub("lie", headers, "body"))
		watcher.Expect(wire.HMsg("lie 1", headers, "body"))
	}
	watcher.Sync()
}

func TestDeepSubjectsAndManyTokens(t *testing.T) {
	t.Parallel()
	s := server.Start(t, server.Options{})
	b := newBystander(t, s)
	c := wire.Ready(t, s.Addr())
	deep := strings.Repeat("a.", 2000) + "a"
	stars := strings.Repeat("*.", 2000) + "*"
	c.Send("SUB ", deep, " 1\r\nSUB ", stars, " 2\r\nSUB ", strings.Repeat("*.", 1000), "> 3\r\n", wire.Pub(deep, "deep"))
	c.ExpectSet(wire.Msg(deep, "1", "deep"), wire.Msg(deep, "2", "deep"), wire.Msg(deep, "3", "deep"))
	c.Send("UNSUB 1\r\nUNSUB 2\r\nUNSUB 3\r\n", wire.Pub(deep, "nobody"))
	c.Sync()
	b.undisturbed()
}
