package spec01

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestHeaders(t *testing.T) {
	t.Parallel()
	check(t, start(t, ""), []line{
		{"spec 01 #89", func(t *testing.T, s *server.Server) {
			for _, login := range []string{"", wire.Login(), wire.Login(`"headers":false`)} {
				c := wire.Open(t, s.Addr())
				c.Send(login, wire.HPub("h", "NATS/1.0\r\n\r\n", "hi"))
				c.ExpectClosed()
			}
		}},
		{"spec 01 #90", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr(), withHeaders)
			c.Send("SUB bytes 1\r\n")
			for _, headers := range []string{
				"NATS/1.0\r\nA: B\r\na:b\r\nA:   C  \r\n\r\n", "NATS/1.0 404 Not Found\r\n\r\n", "abcd", "\r\n\r\n", "NATS/1.0", "\x00\xff", "NATS/1.0\r\nno colon\r\n\r\n",
			} {
				for _, payload := range []string{"", "hi"} {
					c.Send(wire.HPub("bytes", headers, payload), wire.HPub("bytes reply", headers, payload))
					c.Expect(wire.HMsg("bytes 1", headers, payload), wire.HMsg("bytes 1 reply", headers, payload))
				}
			}
			c.Send(wire.HPub("bytes", "", "hi"), wire.HPub("bytes reply", "", "hi"))
			c.Expect(wire.Msg("bytes", "1", "hi"), wire.MsgReply("bytes", "1", "reply", "hi"))
			c.Sync()
		}},
		{"spec 01 #91", func(t *testing.T, s *server.Server) {
			closedSilently(t, s, "HPUB h 12 11\r\nNATS/1.0\r\n\r\n\r\n", "HPUB h 1 0\r\n\r\n", "HPUB h -1 5\r\n", "HPUB h 5 -1\r\n", "HPUB h 12\r\n", "HPUB h r 12 \r\n", "HPUB h x 5\r\n")
		}},
		{"spec 01 #92", func(t *testing.T, s *server.Server) {
			plain := watch(t, s, "strip")
			silent := wire.Open(t, s.Addr())
			silent.Send("SUB strip 1\r\n")
			silent.Expect("+OK\r\n")
			c := wire.Ready(t, s.Addr(), withHeaders)
			c.Send(wire.HPub("strip", "NATS/1.0\r\nA: B\r\n\r\n", "body"), wire.HPub("strip reply", "NATS/1.0\r\n\r\n", ""), wire.HPub("strip", "junk", "x"))
			for _, receiver := range []*wire.Conn{plain, silent} {
				receiver.Expect(wire.Msg("strip", "1", "body"), wire.MsgReply("strip", "1", "reply", ""), wire.Msg("strip", "1", "x"))
				receiver.Sync()
			}
		}},
		{"spec 01 #93", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr(), withHeaders)
			headers := "NATS/1.0\r\n" + strings.Repeat("Name: "+strings.Repeat("v", 1016)+"\r\n", 100) + "\r\n"
			c.Send("SUB large 1\r\n", wire.HPub("large", headers, "body"))
			c.Expect(wire.HMsg("large 1", headers, "body"))

			fill := strings.Repeat("b", 1<<20-len(headers))
			c.Send(wire.HPub("large", headers, fill))
			c.Expect(wire.HMsg("large 1", headers, fill))
			c.Send(fmt.Sprintf("HPUB large %d %d\r\n", len(headers), 1<<20+1))
			c.ExpectFatal("Maximum Payload Violation")
		}},
	})
}
