package spec01

import (
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestNoResponders(t *testing.T) {
	t.Parallel()
	s := start(t, `
authorization { users: [ {user: u, password: p, permissions: { publish: { deny: "closed" } } } ] }
no_auth_user: u
`)
	check(t, s, []line{
		{"spec 01 #94", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr(), withNoResponders)
			c.Send("SUB inbox.exact 1\r\nSUB inbox.wild.* w\r\n")
			c.Send(wire.PubReply("nobody", "inbox.exact", "hi"))
			c.Expect("HMSG inbox.exact 1 38 38\r\nNATS/1.0 503\r\nNats-Subject: nobody\r\n\r\n\r\n")
			long := "nobody." + strings.Repeat("x", 100)
			c.Send(wire.PubReply(long, "inbox.wild.7", ""), wire.HPub("nobody inbox.wild.8", "NATS/1.0\r\n\r\n", ""))
			c.Expect(wire.NoResponders(long, "inbox.wild.7", "w"), wire.NoResponders("nobody", "inbox.wild.8", "w"))
			// Malformed subjects have no responders either.
			c.Send(wire.PubReply("no..body", "inbox.exact", ""))
			c.Expect(wire.NoResponders("no..body", "inbox.exact", "1"))
			c.Sync()
			// It does not count toward the limit of the subscription.
			c.Send("UNSUB 1 1\r\n", wire.PubReply("nobody", "inbox.exact", ""), wire.Pub("inbox.exact", "real"), wire.Pub("inbox.exact", "more"))
			c.Expect(wire.NoResponders("nobody", "inbox.exact", "1"), wire.Msg("inbox.exact", "1", "real"))
			c.Sync()
		}},
		{"spec 01 #95", func(t *testing.T, s *server.Server) {
			other := watch(t, s, "box.other")
			c := wire.Ready(t, s.Addr(), withNoResponders)
			c.Send("SUB box.queue q 1\r\nSUB box.closed 2\r\n", wire.PubReply("nobody", "box.queue", ""), wire.PubReply("nobody", "box.other", ""), wire.Pub("nobody", ""))
			c.Sync()
			other.Sync()
			c.Send(wire.PubReply("closed", "box.closed", ""))
			c.ExpectErr(`Permissions Violation for Publish to "closed"`)
			c.Sync()

			quiet := wire.Ready(t, s.Addr(), withHeaders)
			quiet.Send("SUB box.quiet 1\r\n", wire.PubReply("nobody", "box.quiet", ""))
			quiet.Sync()
		}},
		{"spec 01 #96", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr(), withNoResponders, noEcho)
			c.Send("SUB own 1\r\nSUB own q 2\r\nSUB own.box 3\r\n", wire.PubReply("own", "own.box", ""))
			c.Expect(wire.NoResponders("own", "own.box", "3"))
			other := watch(t, s, "own")
			c.Send(wire.PubReply("own", "own.box", ""))
			other.Expect(wire.MsgReply("own", "1", "own.box", ""))
			c.Sync()
		}},
	})
}
