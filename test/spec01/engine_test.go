package spec01

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/test/wire"
)

func TestLargeClose(t *testing.T) {
	t.Parallel()
	t.Run("spec 01 #137", func(t *testing.T) {
		t.Parallel()
		const subscriptions = 100_000
		s := start(t, "")
		other := wire.Ready(t, s.Addr(), withNoResponders)
		other.Send("SUB alive 1\r\nSUB box 2\r\n")
		large := wire.Ready(t, s.Addr())
		var subs strings.Builder
		for i := range subscriptions {
			fmt.Fprintf(&subs, "SUB large.%d.%d %d\r\n", i%100, i, i)
		}
		large.Send(subs.String())
		large.Sync()
		large.Close()

		// Until the last of them is gone, the messages of another connection take no longer.
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
		// A few tens of milliseconds, and some for a busy machine.
		if slowest > 250*time.Millisecond {
			t.Errorf("a message took %s while the connection closed", slowest)
		}
	})
}
