package spec01

import (
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestConnect(t *testing.T) {
	t.Parallel()
	check(t, start(t, ""), []line{
		{"spec 01 #34", func(t *testing.T, s *server.Server) {
			for _, document := range []string{`{}`, `null`, ` { "nobody" : {"knows":[1,2]}, "verbose" : true } `, `{"verbose":false,"verbose":true}`} {
				c := wire.Open(t, s.Addr())
				c.Send("CONNECT ", document, "\r\n")
				c.Expect("+OK\r\n")
				c.Sync()
			}
			for _, document := range []string{`[]`, `[{}]`, `"text"`, `1`, `{`, `{"verbose":}`, `{} {}`, `x`, ``,
				`{"verbose":"false"}`, `{"pedantic":1}`, `{"protocol":"1"}`, `{"protocol":1.5}`, `{"name":5}`, `{"headers":null_}`, `{"user":["a"]}`} {
				c := wire.Open(t, s.Addr())
				c.Send("CONNECT ", document, "\r\n")
				c.ExpectClosed()
			}
			c := wire.Open(t, s.Addr())
			c.Send("CONNECT {\"VERBOSE\":false,\"Pedantic\":false,\"hEaDers\":true}\r\nSUB case 1\r\n", wire.HPub("case", "NATS/1.0\r\n\r\n", ""))
			c.Expect(wire.HMsg("case 1", "NATS/1.0\r\n\r\n", ""))
		}},
		{"spec 01 #35", func(t *testing.T, s *server.Server) {
			for _, login := range []string{"", "CONNECT {}\r\n"} {
				c := wire.Open(t, s.Addr())
				if c.Send(login); login != "" {
					c.Expect("+OK\r\n")
				}
				c.Send("SUB defaults 1\r\n", wire.Pub("defaults", "hi"))
				c.Expect("+OK\r\n+OK\r\n", wire.Msg("defaults", "1", "hi"))
				c.Send(wire.Pub("defaults.*", ""))
				c.Expect(wire.Err("Invalid Publish Subject"), "+OK\r\n")
				c.Send(wire.HPub("defaults", "NATS/1.0\r\n\r\n", ""))
				c.ExpectClosed()
			}
		}},
		{"spec 01 #36", func(t *testing.T, s *server.Server) {
			for _, protocol := range []string{"2", "-1"} {
				c := wire.Open(t, s.Addr())
				c.Send(wire.Login(`"protocol":` + protocol))
				c.ExpectFatal("invalid client protocol")
			}
		}},
		{"spec 01 #37", func(t *testing.T, s *server.Server) {
			for _, members := range []string{`"no_responders":true`, `"no_responders":true,"headers":false`} {
				c := wire.Open(t, s.Addr())
				c.Send(wire.Login(members))
				c.ExpectFatal("no responders requires headers support")
			}
			wire.Ready(t, s.Addr(), withNoResponders)
		}},
		{"spec 01 #38", func(t *testing.T, s *server.Server) {
			for _, members := range []string{`"account":"A"`, `"account":"$G"`, `"new_account":true`} {
				c := wire.Open(t, s.Addr())
				c.Send(wire.Login(members))
				c.ExpectFatal(notAuthorized)
			}
			wire.Ready(t, s.Addr(), `"account":"","new_account":false`)
		}},
		{"spec 01 #39", func(t *testing.T, s *server.Server) {
			wire.Ready(t, s.Addr(), `"tls_required":true`)
		}},
	})
}

const twoAccounts = `accounts {
  A { users: [ {user: a, password: pa} ] }
  B { users: [ {user: b, password: pb} ] }
}`

func TestSecondConnect(t *testing.T) {
	t.Parallel()
	check(t, start(t, twoAccounts), []line{
		{"spec 01 #40", func(t *testing.T, s *server.Server) {
			other := wire.Ready(t, s.Addr(), `"user":"b","pass":"pb"`)
			other.Send("SUB back 1\r\n")
			other.Sync()
			c := wire.Ready(t, s.Addr(), `"user":"a","pass":"pa","echo":false,"headers":true`)
			c.Send("SUB again 1\r\n")
			c.Send("CONNECT {\"user\":\"b\",\"pass\":\"pb\",\"echo\":true,\"pedantic\":true}\r\n")
			// Quiet and with headers as before, with echo and pedantic now, without the subscription, in account B.
			c.Send(wire.Pub("again", "lost"), "SUB again 1\r\n", wire.Pub("again", "hi"))
			c.Expect(wire.Msg("again", "1", "hi"))
			c.Send(wire.HPub("again", "NATS/1.0\r\n\r\n", ""))
			c.Expect(wire.HMsg("again 1", "NATS/1.0\r\n\r\n", ""))
			c.Send(wire.Pub("a.*", ""), wire.Pub("back", "from b"))
			c.ExpectErr("Invalid Publish Subject")
			c.Sync()
			other.Expect(wire.Msg("back", "1", "from b"))
			// The interest in account A is gone: nobody listens there.
			inA := wire.Ready(t, s.Addr(), `"user":"a","pass":"pa"`, withNoResponders)
			inA.Send("SUB reply 1\r\n", wire.PubReply("again", "reply", ""))
			inA.Expect(wire.NoResponders("again", "reply", "1"))
			c.Sync()
		}},
		{"spec 01 #41", func(t *testing.T, s *server.Server) {
			for _, members := range []string{`"pass":"wrong"`, `"user":"nobody"`, `"user":"","pass":""`} {
				c := wire.Ready(t, s.Addr(), `"user":"a","pass":"pa"`)
				c.Send("CONNECT {", members, "}\r\n", wire.Pub("again", "no"))
				c.ExpectFatal(notAuthorized)
			}
		}},
	})
}
