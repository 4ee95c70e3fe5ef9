package robustness

import (
	"fmt"
	"os"
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

// bystander is a connection that must not notice what happens to others.
type bystander struct {
	conn    *wire.Conn
	subject string // its own
	count   int
}

func newBystander(t *testing.T, s *server.Server, members ...string) *bystander {
	t.Helper()
	b := &bystander{conn: wire.Ready(t, s.Addr(), members...)}
	b.subject = fmt.Sprint("bystander.", b.conn.Info()["client_id"])
	b.conn.Send("SUB ", b.subject, " 1\r\n")
	b.conn.Sync()
	return b
}

// undisturbed sends itself a message and expects nothing else.
func (b *bystander) undisturbed() {
	b.count++
	payload := fmt.Sprint(b.count)
	b.conn.Send(wire.Pub(b.subject, payload))
	b.conn.Expect(wire.Msg(b.subject, "1", payload))
}
