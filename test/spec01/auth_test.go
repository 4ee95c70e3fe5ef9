package spec01

import (
	"testing"
	"time"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestAuthentication(t *testing.T) {
	t.Parallel()
	s := start(t, `authorization { timeout: 10, users: [ {user: a, password: pa} ] }`)
	check(t, s, []line{
		{"spec 01 #46", func(t *testing.T, s *server.Server) {
			for _, first := range []string{"PING\r\n", "SUB a 1\r\n", wire.Pub("a", "hi"), "PONG\r\n", "+OK\r\n", "UNSUB 1\r\n", "\r\n", "GET / HTTP/1.1\r\n\r\n", "P"} {
				c := wire.Open(t, s.Addr())
				c.Send(first)
				c.ExpectFatal(notAuthorized)
			}
			c := wire.Open(t, s.Addr())
			c.Send("COFFEE\r\n")
			c.ExpectFatal(unknownOperation)
		}},
		{"spec 01 #47", func(t *testing.T, s *server.Server) {
			for _, members := range []string{`"user":"a","pass":"wrong"`, `"user":"b","pass":"pa"`, `"user":"a"`, `"pass":"pa"`, `"auth_token":"pa"`, `"lang":"none"`} {
				c := wire.Open(t, s.Addr())
				c.Send(wire.Login(members), "SUB a 1\r\n")
				c.ExpectFatal(notAuthorized)
			}
			wire.Ready(t, s.Addr(), `"user":"a","pass":"pa"`)
		}},
	})
}

func TestAuthenticationTimeout(t *testing.T) {
	t.Parallel()
	t.Run("spec 01 #48", func(t *testing.T) {
		t.Parallel()
		s := start(t, `authorization { timeout: 0.5, user: a, password: pa }`)
		for name, input := range map[string]string{"silent": "", "half a verb": "CONN", "half a line": "CONNECT {\"user\":\"a\",\"pass\":\"pa\""} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				began := time.Now()
				c := wire.Open(t, s.Addr())
				c.Send(input)
				c.ExpectFatal("Authentication Timeout")
				if took := time.Since(began); took < 400*time.Millisecond || took > 2*time.Second {
					t.Errorf("closed after %s", took)
				}
			})
		}
	})
	t.Run("spec 01 #49", func(t *testing.T) {
		t.Parallel()
		s := start(t, `authorization { timeout: 0.1 }`)
		c := wire.Open(t, s.Addr())
		c.ExpectSilence(time.Second)
		c.Sync()
	})
}

func TestNoAuthUser(t *testing.T) {
	t.Parallel()
	s := start(t, `
authorization { timeout: 10, users: [
  {user: guest, password: g, permissions: { publish: { deny: "closed" } } }
  {user: a, password: pa}
] }
no_auth_user: guest
`)
	check(t, s, []line{
		{"spec 01 #50", func(t *testing.T, s *server.Server) {
			c := wire.Open(t, s.Addr())
			c.Sync()
			// As that user, and with the defaults of a connection without CONNECT.
			c.Send("SUB guest 1\r\n", wire.Pub("closed", ""), wire.Pub("guest", "hi"))
			c.Expect("+OK\r\n", wire.Err(`Permissions Violation for Publish to "closed"`), "+OK\r\n", wire.Msg("guest", "1", "hi"))

			empty := wire.Ready(t, s.Addr())
			empty.Send(wire.Pub("closed", ""))
			empty.ExpectErr(`Permissions Violation for Publish to "closed"`)

			for _, members := range []string{`"user":"a","pass":"wrong"`, `"user":"nobody"`, `"pass":"g"`, `"auth_token":"g"`} {
				wrong := wire.Open(t, s.Addr())
				wrong.Send(wire.Login(members))
				wrong.ExpectFatal(notAuthorized)
			}
			named := wire.Ready(t, s.Addr(), `"user":"a","pass":"pa"`)
			named.Send(wire.Pub("closed", ""))
			named.Sync()
		}},
	})
}
