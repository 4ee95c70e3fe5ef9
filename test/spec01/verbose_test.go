package spec01

import (
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestVerbose(t *testing.T) {
	t.Parallel()
	s := start(t, `authorization { users: [ {user: u, password: p, permissions: { publish: { deny: "closed.>" }, subscribe: { deny: "closed.>" } } } ] }`)
	verbose := func(t *testing.T) *wire.Conn {
		c := wire.Open(t, s.Addr())
		c.Send("CONNECT {\"user\":\"u\",\"pass\":\"p\",\"pedantic\":false,\"headers\":true}\r\n")
		c.Expect("+OK\r\n")
		return c
	}
	check(t, s, []line{
		{"spec 01 #42", func(t *testing.T, _ *server.Server) {
			c := verbose(t)
			for _, operation := range []string{
				"SUB ok 1\r\n", "SUB ok 1\r\n", "SUB ok queue 2\r\n", "UNSUB 1\r\n", "UNSUB 2 5\r\n", "UNSUB 99\r\n", "UNSUB 99 1\r\n",
				wire.Pub("nobody", "hi"), wire.HPub("nobody", "NATS/1.0\r\n\r\n", "hi"), "CONNECT {}\r\n",
			} {
				c.Send(operation)
				c.Expect("+OK\r\n")
				c.Sync()
			}
			c.Send("PONG\r\nPING\r\n+OK\r\n")
			c.Expect("PONG\r\n")
			c.Sync()
		}},
		{"spec 01 #43", func(t *testing.T, _ *server.Server) {
			c := verbose(t)
			c.Send("SUB order 1\r\n", wire.Pub("order", "a"), wire.HPub("order", "NATS/1.0\r\n\r\n", "b"), "PING\r\n")
			c.Expect("+OK\r\n+OK\r\n", wire.Msg("order", "1", "a"), "+OK\r\n", wire.HMsg("order 1", "NATS/1.0\r\n\r\n", "b"), "PONG\r\n")
		}},
		{"spec 01 #44", func(t *testing.T, _ *server.Server) {
			c := verbose(t)
			for operation, text := range map[string]string{
				wire.Pub("closed.a", "hi"):                    `Permissions Violation for Publish to "closed.a"`,
				wire.HPub("closed.b", "NATS/1.0\r\n\r\n", ""): `Permissions Violation for Publish to "closed.b"`,
				wire.PubReply("open", "_R_.x", "hi"):          `Permissions Violation for Publish with Reply of "_R_.x"`,
				"SUB closed.a 1\r\n":                          `Permissions Violation for Subscription to "closed.a"`,
				"SUB closed.a q 1\r\n":                        `Permissions Violation for Subscription to "closed.a" using queue "q"`,
				"SUB a..b 1\r\n":                              "Invalid Subject",
			} {
				c.Send(operation)
				c.ExpectErr(text)
				c.Sync()
			}
		}},
		{"spec 01 #45", func(t *testing.T, _ *server.Server) {
			c := wire.Ready(t, s.Addr(), `"user":"u","pass":"p","pedantic":true`)
			c.Send("SUB pedantic.* 1\r\n")
			for _, subject := range []string{"pedantic.*", "pedantic.>"} {
				c.Send(wire.Pub(subject, "hi"))
				c.Expect(wire.Err("Invalid Publish Subject"), wire.Msg(subject, "1", "hi"))
			}
			for _, subject := range []string{"a..b", ".a", "a.", "*"} {
				c.Send(wire.Pub(subject, "hi"))
				c.ExpectErr("Invalid Publish Subject")
			}
			c.Send(wire.Pub("pedantic.a*", "literal"), wire.Pub("pedantic.>a", "literal"))
			c.Expect(wire.Msg("pedantic.a*", "1", "literal"), wire.Msg("pedantic.>a", "1", "literal"))
			c.Sync()
		}},
	})
}
