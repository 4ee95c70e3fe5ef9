package spec01

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

// everyVerb returns a session that uses every client verb, and what it yields. The subjects begin
// with the prefix.
func everyVerb(prefix string) (session, answer string) {
	mark := strings.NewReplacer("@", prefix)
	session = mark.Replace("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true}\r\n" +
		"SUB @.s 1\r\nPUB @.s 2\r\nhi\r\nSUB @.q.* group 2\r\nHPUB @.q.a back 18 20\r\nNATS/1.0\r\nA: B\r\n\r\nhi\r\n" +
		"UNSUB 1\r\nPUB @.s 2\r\nno\r\nUNSUB 2 1\r\nPUB @.q.a 2\r\nno\r\nPONG\r\nPING\r\n")
	answer = mark.Replace("MSG @.s 1 2\r\nhi\r\nHMSG @.q.a 2 back 18 20\r\nNATS/1.0\r\nA: B\r\n\r\nhi\r\nPONG\r\n")
	return session, answer
}

func TestGrammar(t *testing.T) {
	t.Parallel()
	check(t, start(t, ""), []line{
		{"spec 01 #1", verbsInAnyCase},
		{"spec 01 #2", blanks},
		{"spec 01 #3", func(t *testing.T, s *server.Server) {
			c := wire.Open(t, s.Addr())
			c.Send("CONNECT{\"verbose\":false}\r\nSUB blank 1\r\nPING\r\n")
			c.Expect("PONG\r\n")
		}},
		{"spec 01 #4", func(t *testing.T, s *server.Server) {
			c := wire.Open(t, s.Addr())
			c.Send("SUB lf 1\nPUB lf 2\nhi\r\nUNSUB 1\nPING\nNOPE\n")
			c.Expect("+OK\r\n+OK\r\nMSG lf 1 2\r\nhi\r\n+OK\r\nPONG\r\n")
			c.ExpectFatal(unknownOperation)
		}},
		{"spec 01 #5", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("PUB a 2\r\nhi\nPING\r\n")
			c.ExpectFatal(unknownOperation)
		}},
		{"spec 01 #6", func(t *testing.T, s *server.Server) {
			session, answer := everyVerb("bytes")
			whole := wire.Open(t, s.Addr())
			whole.Send(session)
			whole.Expect(answer)
			bytewise := wire.Open(t, s.Addr())
			bytewise.SendBytes(session)
			bytewise.Expect(answer)
		}},
		{"spec 01 #7", splitAnywhere},
		{"spec 01 #8", func(t *testing.T, s *server.Server) {
			refused(t, s, "\r\n", " PING\r\n", "\tPING\r\n", "GET / HTTP/1.1\r\n\r\n", "FOO\r\n", "PUBX a 0\r\n\r\n")
		}},
		{"spec 01 #9", func(t *testing.T, s *server.Server) {
			refused(t, s, "MSG a 1 2\r\nhi\r\n", "HMSG a 1 2 4\r\nhihi\r\n", "RMSG $G a 2\r\nhi\r\n", "LS+ a\r\n", "RS+ $G a\r\n", "A+ $G\r\n")
		}},
		{"spec 01 #10", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("PINGxyz\r\nPONG xyz\r\n+OK\r\n+OK and more\r\nping me\nPING\r\n")
			c.Expect("PONG\r\nPONG\r\nPONG\r\n")
			c.Sync()
		}},
		{"spec 01 #11", func(t *testing.T, s *server.Server) {
			closedSilently(t, s, "-ERR 'x'\r\n", "INFO {x\r\n")
			c := wire.Ready(t, s.Addr())
			c.Send("INFO {}\r\n")
			c.Sync()
		}},
		{"spec 01 #12", func(t *testing.T, s *server.Server) {
			closedSilently(t, s,
				"SUB \r\n", "SUB a\r\n", "SUB a b c d\r\n",
				"UNSUB \r\n", "UNSUB 1 2 3\r\n",
				"PUB \r\n", "PUB a\r\n", "PUB a b c 0\r\n\r\n",
				"HPUB \r\n", "HPUB a 12\r\n", "HPUB a b c 12 12\r\n")
		}},
		{"spec 01 #13", sizes},
		{"spec 01 #14", payloadLength},
		{"spec 01 #15", controlLineLimit},
		{"spec 01 #16", controlLineLimitOfEveryLine},
		{"spec 01 #17", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("PING", strings.Repeat("x", 5000), "\n")
			c.Expect("PONG\r\n")
			c.Sync()
		}},
		{"spec 01 #18", func(t *testing.T, s *server.Server) {
			other := watch(t, s, "before.>")
			c := wire.Ready(t, s.Addr())
			c.Send("SUB before.* 1\r\n", wire.Pub("before.error", "yes"), "FOO\r\n", wire.Pub("before.error", "no"))
			c.Expect(wire.Msg("before.error", "1", "yes"))
			c.ExpectFatal(unknownOperation)
			other.Expect(wire.Msg("before.error", "1", "yes"))
			later := wire.Ready(t, s.Addr())
			later.Send(wire.Pub("before.later", ""))
			other.Expect(wire.Msg("before.later", "1", ""))
		}},
		{"spec 01 #19", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB half 1\r\n", wire.Pub("half", "hi"), "PING\r\n")
			c.CloseWrite()
			c.Expect(wire.Msg("half", "1", "hi"), "PONG\r\n")
			c.ExpectClosed()
		}},
		{"spec 01 #20", func(t *testing.T, s *server.Server) {
			const odd = "a\x00b.\x01\x0b\x0c\x7f.\xff\xfe.\xc3("
			c := wire.Ready(t, s.Addr())
			c.Send("SUB ", odd, " 1\r\nSUB a\x00b.*.> \x00q\xff 2\xf0\r\n", wire.PubReply(odd, "r\x00\xff", "x\x00y\r\nz"))
			c.ExpectSet(wire.MsgReply(odd, "1", "r\x00\xff", "x\x00y\r\nz"), wire.MsgReply(odd, "2\xf0", "r\x00\xff", "x\x00y\r\nz"))
			c.Sync()
		}},
	})
}

// refused expects each input to be answered with an unknown operation, before and after CONNECT.
func refused(t *testing.T, s *server.Server, inputs ...string) {
	for _, input := range inputs {
		for _, login := range []string{"", wire.Login(withHeaders)} {
			c := wire.Open(t, s.Addr())
			c.Send(login, input)
			c.ExpectFatal(unknownOperation)
		}
	}
}

// closedSilently expects each input to end the connection without an -ERR.
func closedSilently(t *testing.T, s *server.Server, inputs ...string) {
	for _, input := range inputs {
		t.Run(fmt.Sprintf("%.20q", input), func(t *testing.T) {
			c := wire.Ready(t, s.Addr(), withHeaders)
			c.Send(input)
			c.ExpectClosed()
		})
	}
}

func verbsInAnyCase(t *testing.T, s *server.Server) {
	mixed := func(verb string) string {
		out := []byte(strings.ToLower(verb))
		for i := 0; i < len(out); i += 2 {
			out[i] -= 'a' - 'A'
		}
		return string(out)
	}
	session, answer := everyVerb("case")
	for _, form := range []func(string) string{strings.ToLower, strings.ToUpper, mixed} {
		formed := strings.NewReplacer("CONNECT", form("CONNECT"), "UNSUB", form("UNSUB"), "SUB", form("SUB"),
			"HPUB", form("HPUB"), "PUB", form("PUB"), "PING", form("PING"), "PONG", form("PONG")).Replace(session)
		c := wire.Open(t, s.Addr())
		c.Send(formed)
		c.Expect(answer)
	}
	closedSilently(t, s, "-err 'x'\r\n", "-Err 'x'\r\n")
	c := wire.Ready(t, s.Addr())
	c.Send("+ok\r\ninfo {}\r\nInFo {}\r\n")
	c.Sync()
}

func blanks(t *testing.T, s *server.Server) {
	c := wire.Open(t, s.Addr())
	c.Send("CONNECT \t {\"verbose\":false,\"headers\":true} \t\r\n",
		"SUB  \t b.1  1\t\r\n", "SUB\tb.2\tq \t2 \r\n",
		"PUB b.1  2\r\nhi\r\n", "PUB \t b.2 \t r\t 2 \t\r\nhi\r\n",
		"HPUB  b.1\tr  12\t14 \r\nNATS/1.0\r\n\r\nhi\r\n",
		"UNSUB 1 \r\n", "UNSUB\t2\t 0 \r\n", wire.Pub("b.1", "no"), wire.Pub("b.2", "no"))
	c.Expect(wire.Msg("b.1", "1", "hi"), wire.MsgReply("b.2", "2", "r", "hi"), wire.HMsg("b.1 1 r", "NATS/1.0\r\n\r\n", "hi"))
	c.Sync()
}

// splitAnywhere cuts a session in two at every byte. Between the halves another connection makes a
// round trip, which gives the broker the time to read the first half alone.
func splitAnywhere(t *testing.T, s *server.Server) {
	const session = "SUB cut 1\r\nPUB cut 2\r\nhi\r\nHPUB cut 12 13\r\nNATS/1.0\r\n\r\nx\r\nUNSUB 1\r\nPING\r\n"
	between := wire.Ready(t, s.Addr())
	for cut := 1; cut < len(session); cut++ {
		c := wire.Ready(t, s.Addr(), withHeaders)
		c.Send(session[:cut])
		between.Sync()
		c.Send(session[cut:])
		c.Expect(wire.Msg("cut", "1", "hi"), wire.HMsg("cut 1", "NATS/1.0\r\n\r\n", "x"), "PONG\r\n")
		c.Close()
	}
}

func sizes(t *testing.T, s *server.Server) {
	c := wire.Ready(t, s.Addr())
	c.Send("SUB size 1\r\nPUB size 000000002\r\nhi\r\n")
	// The text of the size may be echoed or normalised.
	if got := c.Next(); got != "MSG size 1 2\r\nhi\r\n" && got != "MSG size 1 000000002\r\nhi\r\n" {
		t.Fatalf("unexpected delivery %q", got)
	}
	c.Sync()
	closedSilently(t, s, "PUB size 0000000002\r\nhi\r\n", "PUB size -1\r\nhi\r\n", "PUB size abc\r\nhi\r\n",
		"PUB size +2\r\nhi\r\n", "PUB size 0x2\r\nhi\r\n", "PUB size 2.\r\nhi\r\n",
		"HPUB size 0000000012 12\r\n", "HPUB size 12 abc\r\n")
}

func payloadLength(t *testing.T, s *server.Server) {
	long := wire.Ready(t, s.Addr())
	long.Send("PUB length 2\r\nhello\r\n")
	long.ExpectFatal(unknownOperation)

	other := watch(t, s, "length")
	short := wire.Ready(t, s.Addr())
	short.Send("PUB length 5\r\nhi\r\n")
	other.Sync()
	short.Send("x\r\nPING\r\n")
	short.Expect("PONG\r\n")
	other.Expect(wire.Msg("length", "1", "hi\r\nx"))
	other.Sync()
}

const (
	controlLine         = 4096
	controlLineExceeded = "maximum control line exceeded"
)

// padded returns verb and arguments with an argument part of exactly n bytes; the mark % in args
// is where it grows.
func padded(verb, args string, n int) string {
	fill := strings.Repeat("x", n-len(args)+1)
	return verb + " " + strings.Replace(args, "%", fill, 1) + "\r\n"
}

func controlLineLimit(t *testing.T, s *server.Server) {
	for _, operation := range []struct{ verb, args, payload, answer string }{
		{"SUB", "% 1", "", "+OK\r\n"},
		{"UNSUB", "%", "", "+OK\r\n"},
		{"PUB", "% 2", "hi\r\n", "+OK\r\n"},
		{"PUB", "a % 2", "hi\r\n", "+OK\r\n"},
		{"INFO", `{"name":"%"}`, "", ""},
	} {
		c := wire.Open(t, s.Addr())
		c.Send(padded(operation.verb, operation.args, controlLine), operation.payload, "PING\r\n")
		c.Expect(operation.answer, "PONG\r\n")
		c.Send(padded(operation.verb, operation.args, controlLine+1), operation.payload)
		c.ExpectFatal(controlLineExceeded)
	}

	// Trailing blanks count, leading ones do not; the line end does not either.
	c := wire.Open(t, s.Addr())
	c.Send("PUB", strings.Repeat(" ", 50), "a 2", strings.Repeat(" ", controlLine-len("a 2")), "\r\nhi\r\n")
	c.Expect("+OK\r\n")
	c.Send("PUB a 2", strings.Repeat(" ", controlLine-len("a 2")+1), "\r\nhi\r\n")
	c.ExpectFatal(controlLineExceeded)
}

func controlLineLimitOfEveryLine(t *testing.T, s *server.Server) {
	c := wire.Open(t, s.Addr())
	c.Send(padded("CONNECT", `{"verbose":false,"name":"%"}`, controlLine), "PING\r\n")
	c.Expect("PONG\r\n")

	long := wire.Open(t, s.Addr())
	long.Send(padded("CONNECT", `{"verbose":false,"name":"%"}`, controlLine+1))
	long.ExpectFatal(controlLineExceeded)

	for _, verb := range []string{"CONNECT ", "SUB ", "PUB ", "UNSUB ", "-ERR ", "INFO "} {
		endless := wire.Open(t, s.Addr())
		endless.Send(verb, strings.Repeat("x", controlLine+1))
		endless.ExpectFatal(controlLineExceeded)
	}
}
