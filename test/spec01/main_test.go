package spec01

import (
	"os"
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

const (
	unknownOperation = "Unknown Protocol Operation"
	notAuthorized    = "Authorization Violation"
	withHeaders      = `"headers":true`
	withNoResponders = `"headers":true,"no_responders":true`
	noEcho           = `"echo":false`
)

// start runs the program with this configuration; empty: none.
func start(t *testing.T, config string) *server.Server {
	t.Helper()
	return server.Start(t, server.Options{Config: config})
}

// line is one line of the checklist, tested on a server of its group.
type line struct {
	name string
	test func(t *testing.T, s *server.Server)
}

// check runs the lines in parallel.
func check(t *testing.T, s *server.Server, lines []line) {
	for _, l := range lines {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			l.test(t, s)
		})
	}
}

// watch subscribes another connection to subjects, with the sids 1, 2, ...
func watch(t *testing.T, s *server.Server, subjects ...string) *wire.Conn {
	t.Helper()
	c := wire.Ready(t, s.Addr())
	for i, subject := range subjects {
		c.Send("SUB ", subject, " ", string(rune('1'+i)), "\r\n")
	}
	c.Sync()
	return c
}
