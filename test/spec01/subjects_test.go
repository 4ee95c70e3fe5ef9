package spec01

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestSubjects(t *testing.T) {
	t.Parallel()
	check(t, start(t, ""), []line{
		{"spec 01 #68", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			for _, subject := range []string{"a..b", ".a", "a.", ">.a", ".", "a.>.b", "a..>"} {
				c.Send("SUB ", subject, " 1\r\n")
				c.ExpectErr("Invalid Subject")
				c.Send("SUB ", subject, " queue 1\r\n")
				c.ExpectErr("Invalid Subject")
			}
			c.Send("SUB invalid.not 1\r\n", wire.Pub("invalid.not", "hi"))
			c.Expect(wire.Msg("invalid.not", "1", "hi"))
			c.Sync()
		}},
		{"spec 01 #69", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB lit.a* 1\r\nSUB lit.>x 2\r\nSUB full.> 3\r\nSUB lit.**.x 4\r\n",
				wire.Pub("lit.ab", ""), wire.Pub("lit.yx", ""), wire.Pub("full", ""), wire.Pub("lit.aa.x", ""),
				wire.Pub("lit.a*", "a"), wire.Pub("lit.>x", "b"), wire.Pub("full.x", "c"), wire.Pub("full.x.y", "d"), wire.Pub("lit.**.x", "e"))
			c.Expect(wire.Msg("lit.a*", "1", "a"), wire.Msg("lit.>x", "2", "b"), wire.Msg("full.x", "3", "c"), wire.Msg("full.x.y", "3", "d"), wire.Msg("lit.**.x", "4", "e"))
			c.Sync()
		}},
		{"spec 01 #70", func(t *testing.T, _ *server.Server) {
			// A server of its own: the subscription to > sees everything.
			c := wire.Ready(t, start(t, "").Addr())
			c.Send("SUB wild.* 1\r\nSUB wild.> 2\r\nSUB > 3\r\nSUB wild.bar 4\r\n", wire.Pub("wild.*", "x"))
			c.ExpectSet(wire.Msg("wild.*", "1", "x"), wire.Msg("wild.*", "2", "x"), wire.Msg("wild.*", "3", "x"))
			c.Send("UNSUB 3\r\n", wire.Pub("wild.>", "y"))
			c.ExpectSet(wire.Msg("wild.>", "1", "y"), wire.Msg("wild.>", "2", "y"))
			c.Sync()
		}},
		{"spec 01 #71", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB mal.> 1\r\nSUB mal.* 2\r\nSUB *.mal 3\r\nSUB *.*.mal 4\r\nSUB mal.*.x 5\r\n")
			for _, subject := range []string{"mal..x", ".mal", "mal.", "mal..", "..mal", "mal.a..b"} {
				c.Send(wire.Pub(subject, "x"))
			}
			c.Sync()
		}},
		{"spec 01 #72", func(t *testing.T, s *server.Server) {
			tokens := make([]string, 200)
			for i := range tokens {
				tokens[i] = fmt.Sprint("t", i)
			}
			subject := strings.Join(tokens, ".")
			tokens[100] = "*"
			c := wire.Ready(t, s.Addr())
			c.Send("SUB ", subject, " 1\r\nSUB ", strings.Join(tokens, "."), " 2\r\n", wire.Pub(subject, "deep"))
			c.ExpectSet(wire.Msg(subject, "1", "deep"), wire.Msg(subject, "2", "deep"))
			c.Sync()
		}},
		{"spec 01 #73", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB dup.one 1\r\nSUB dup.two 1\r\nSUB dup.one queue 1\r\n", wire.Pub("dup.two", "no"), wire.Pub("dup.one", "yes"))
			c.Expect(wire.Msg("dup.one", "1", "yes"))
			c.Sync()
		}},
		{"spec 01 #74", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			for _, sid := range []string{"abc", "-1", "007", "a.b*c>d", `"{}'\`, "ü", strings.Repeat("s", 500)} {
				c.Send("SUB sid ", sid, "\r\n", wire.Pub("sid", "x"), "UNSUB ", sid, "\r\n", wire.Pub("sid", "x"))
				c.Expect(wire.Msg("sid", sid, "x"))
				c.Sync()
			}
		}},
	})
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	check(t, start(t, ""), []line{
		{"spec 01 #75", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB max 1\r\nUNSUB 1 2\r\n", wire.Pub("max", "a"), wire.Pub("max", "b"), wire.Pub("max", "c"))
			c.Expect(wire.Msg("max", "1", "a"), wire.Msg("max", "1", "b"))
			c.Sync()
			c.Send("SUB max 1\r\n", wire.Pub("max", "d"), wire.Pub("max", "e"), wire.Pub("max", "f"))
			c.Expect(wire.Msg("max", "1", "d"), wire.Msg("max", "1", "e"), wire.Msg("max", "1", "f"))
		}},
		{"spec 01 #76", func(t *testing.T, s *server.Server) {
			for _, operation := range []string{"UNSUB 1 2\r\n", "UNSUB 1 1\r\n", "UNSUB 1 0\r\n", "UNSUB 1 x\r\n", "UNSUB 1 -5\r\n", "UNSUB 1 99999999999\r\n"} {
				c := wire.Ready(t, s.Addr())
				c.Send("SUB late 1\r\n", wire.Pub("late", "a"), wire.Pub("late", "b"), operation, wire.Pub("late", "c"))
				c.Expect(wire.Msg("late", "1", "a"), wire.Msg("late", "1", "b"))
				c.Sync()
				c.Close()
			}
		}},
		{"spec 01 #77", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB more 1\r\nUNSUB 1 1\r\nUNSUB 1 2\r\n", wire.Pub("more", "a"), wire.Pub("more", "b"), wire.Pub("more", "c"))
			c.Expect(wire.Msg("more", "1", "a"), wire.Msg("more", "1", "b"))
			c.Sync()
			c.Send("SUB more 2\r\nUNSUB 2 5\r\n", wire.Pub("more", "a"), "UNSUB 2\r\n", wire.Pub("more", "b"))
			c.Expect(wire.Msg("more", "2", "a"))
			c.Sync()
			c.Send("SUB more 3\r\nUNSUB 3 5\r\nUNSUB 3 2\r\n", wire.Pub("more", "a"), wire.Pub("more", "b"), wire.Pub("more", "c"))
			c.Expect(wire.Msg("more", "3", "a"), wire.Msg("more", "3", "b"))
			c.Sync()
		}},
		{"spec 01 #78", maxUnderConcurrency},
		{"spec 01 #79", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB twice 1\r\nSUB twice 2\r\n", wire.Pub("twice", "x"))
			c.ExpectSet(wire.Msg("twice", "1", "x"), wire.Msg("twice", "2", "x"))
			c.Sync()
		}},
		{"spec 01 #80", orderOfOnePair},
		{"spec 01 #81", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send(wire.Pub("now", "0"), "SUB now 1\r\n", wire.Pub("now", "1"), "UNSUB 1\r\n", wire.Pub("now", "2"), "SUB now 1\r\n", wire.Pub("now", "3"), "UNSUB 1\r\n", wire.Pub("now", "4"))
			c.Expect(wire.Msg("now", "1", "1"), wire.Msg("now", "1", "3"))
			c.Sync()
		}},
		{"spec 01 #82", func(t *testing.T, s *server.Server) {
			other := watch(t, s, "echo")
			c := wire.Ready(t, s.Addr(), noEcho)
			c.Send("SUB echo 1\r\nSUB echo queue 2\r\n", wire.Pub("echo", "own"))
			c.Sync()
			other.Expect(wire.Msg("echo", "1", "own"))
			other.Send(wire.Pub("echo", "other"))
			other.Expect(wire.Msg("echo", "1", "other"))
			c.ExpectSet(wire.Msg("echo", "1", "other"), wire.Msg("echo", "2", "other"))
			c.Sync()
		}},
	})
}

// maxUnderConcurrency has publishers race for the last messages of a subscription. What each of
// them sends last shows that all it sent before was dealt with.
func maxUnderConcurrency(t *testing.T, s *server.Server) {
	const publishers, each, most = 8, 2000, 3001
	c := watch(t, s, "race", "race.end")
	c.Send("UNSUB 1 ", fmt.Sprint(most), "\r\n")
	c.Sync()
	conns := make([]*wire.Conn, publishers)
	for i := range conns {
		conns[i] = wire.Ready(t, s.Addr())
	}
	errs := make([]error, publishers)
	var running sync.WaitGroup
	for i, publisher := range conns {
		running.Go(func() {
			batch := strings.Repeat(wire.Pub("race", "x"), 50)
			for range each / 50 {
				if errs[i] == nil {
					errs[i] = publisher.Write(batch)
				}
			}
			if errs[i] == nil {
				errs[i] = publisher.Write(wire.Pub("race.end", ""))
			}
		})
	}
	messages := 0
	for ends := 0; ends < publishers; {
		switch op := c.Next(); op {
		case wire.Msg("race", "1", "x"):
			messages++
		case wire.Msg("race.end", "2", ""):
			ends++
		default:
			t.Fatalf("unexpected %q", op)
		}
	}
	running.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if messages != most {
		t.Errorf("%d messages, want %d", messages, most)
	}
	c.Sync()
}

// orderOfOnePair publishes in a pattern of subjects and expects each subscription's copies in order,
// and the first copies of all messages in order too.
func orderOfOnePair(t *testing.T, s *server.Server) {
	const messages = 5000
	subjects := []string{"order.a", "order.b", "order.a.c"}
	c := watch(t, s, "order.*", "order.>", "order.a")
	publisher := wire.Ready(t, s.Addr())
	var batch strings.Builder
	copies := 0
	for i := range messages {
		subject := subjects[i%len(subjects)]
		copies += map[string]int{"order.a": 3, "order.b": 2, "order.a.c": 1}[subject]
		batch.WriteString(wire.Pub(subject, fmt.Sprintf("%06d", i)))
	}
	publisher.Send(batch.String())
	last := ""
	seen := map[string]bool{}
	for range copies {
		header, payload, _ := strings.Cut(c.Next(), "\r\n")
		fields := strings.Fields(header)
		if payload < last {
			t.Fatalf("%q came after %q", payload, last)
		}
		last = payload
		copyOf := fields[2] + " " + payload
		if seen[copyOf] {
			t.Fatalf("sid %s got %q twice", fields[2], payload)
		}
		seen[copyOf] = true
	}
	c.Sync()
}
