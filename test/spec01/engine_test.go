package spec01

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

// TestLargeClose runs beside no other test, because it looks at single delays.
func TestLargeClose(t *testing.T) {
	t.Run("spec 01 #137", func(t *testing.T) {
		s := start(t, "")
		// A busy machine delays one of them; a broker that stalls delays all.
		least := slowestWhileClosing(t, s)
		for range 4 {
			least = min(least, slowestWhileClosing(t, s))
		}
		if least > 50*time.Millisecond {
			t.Errorf("a message took %s while a connection with many subscriptions closed", least)
		}
	})
}

// slowestWhileClosing closes a connection with 100,000 subscriptions and returns how long a message
// of another connection took at most until the last of them was gone.
func slowestWhileClosing(t *testing.T, s *server.Server) time.Duration {
	t.Helper()
	const subscriptions = 100_000
	other := wire.Ready(t, s.Addr(), withNoResponders)
	other.Send("SUB alive 1\r\nSUB box 2\r\n")
	other.Sync()
	large := wire.Ready(t, s.Addr())
	var subs strings.Builder
	for i := range subscriptions {
		fmt.Fprintf(&subs, "SUB large.%d.%d %d\r\n", i%100, i, i)
	}
	large.Send(subs.String())
	large.Sync()
	large.Close()

	slowest := time.Duration(0)
	last := fmt.Sprintf("large.%d.%d", (subscriptions-1)%100, subscriptions-1)
	for gone := false; !gone; {
		began := time.Now()
		other.Send(wire.PubReply(last, "box", ""), wire.Pub("alive", "?"))
		op := other.Next()
		if gone = op == wire.NoResponders(last, "box", "2"); gone {
			op = other.Next()
		}
		if op != wire.Msg("alive", "1", "?") {
			t.Fatalf("unexpected %q", op)
		}
		slowest = max(slowest, time.Since(began))
	}
	other.Close()
	return slowest
}
