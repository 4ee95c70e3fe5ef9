package spec02

import (
	"os"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

func TestLimits(t *testing.T) {
	t.Parallel()
	t.Run("spec 02 #61", func(t *testing.T) {
		for _, key := range []string{"max_connections", "max_conn"} {
			for _, value := range []string{"0", "-1"} {
				s := server.Start(t, server.Options{Config: key + ": " + value + "\n"})
				for range 2 {
					wire.Open(t, s.Addr()).ExpectFatal("maximum connections exceeded")
				}
			}
		}
	})
}

func TestTrace(t *testing.T) {
	t.Parallel()
	t.Run("spec 02 #95", func(t *testing.T) {
		s := server.Start(t, server.Options{Config: `
trace: true
max_traced_msg_len: 5
authorization { users: [ {user: a, password: s3cr3t-password} ] }
`})
		// Neither what lets in nor what does not is shown, however it is written.
		for _, members := range []string{
			`"user":"a","pass":"s3cr3t-password","auth_token":"s3cr3t-token"`,
			`"user":"a", "pass" : "s3cr3t-password", "auth_token"  :"s3cr3t-token"`,
			`"PASS":"s3cr3t-wrong","user":"a"`,
			`"user":"a","pass":"s3cr3t-\"quoted\\","auth_token":"s3cr3t\u002dtoken"`,
		} {
			c := wire.Open(t, s.Addr())
			c.Send(wire.Login(members), "PING\r\n")
			if c.Next() == "PONG\r\n" {
				c.Close()
			} else {
				c.ExpectClosed()
			}
		}
		c := wire.Ready(t, s.Addr(), `"user":"a","pass":"s3cr3t-password"`)
		c.Send("SUB trace 1\r\n", wire.Pub("trace", "hello world"), wire.Pub("trace", "short"), wire.Pub("trace", "\"\x00\r\nx"), wire.Pub("end", ""))
		c.Expect(wire.Msg("trace", "1", "hello world"), wire.Msg("trace", "1", "short"), wire.Msg("trace", "1", "\"\x00\r\nx"))
		s.WaitForAt("TRC", "<<- [PUB end 0]")
		for _, text := range []string{
			`<<- [SUB trace 1]`, `<<- [PUB trace 11]`, `<<- MSG_PAYLOAD: ["hello..."]`, `->> [MSG trace 1 11]`, `->> MSG_PAYLOAD: ["hello..."]`,
			`<<- MSG_PAYLOAD: ["short"]`, `<<- MSG_PAYLOAD: ["\"\x00\r\nx"]`,
		} {
			s.WaitForAt("TRC", text)
		}
		if strings.Contains(s.Stderr(), "s3cr3t") {
			t.Errorf("the trace shows a secret:\n%s", s.Stderr())
		}
	})
}
