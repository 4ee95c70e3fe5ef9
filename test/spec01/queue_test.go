package spec01

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestQueueGroups(t *testing.T) {
	t.Parallel()
	check(t, start(t, ""), []line{
		{"spec 01 #83", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB work 1\r\nSUB work 2\r\nSUB work red 3\r\nSUB work red 4\r\nSUB work blue 5\r\nSUB work blue 6\r\nSUB work Blue 7\r\n")
			for i := range 50 {
				payload := fmt.Sprint(i)
				c.Send(wire.Pub("work", payload))
				bySID := map[string]int{}
				for range 5 {
					op := c.Next()
					sid := strings.Fields(op)[2]
					if op != wire.Msg("work", sid, payload) {
						t.Fatalf("unexpected %q", op)
					}
					bySID[sid]++
				}
				if bySID["1"] != 1 || bySID["2"] != 1 || bySID["3"]+bySID["4"] != 1 || bySID["5"]+bySID["6"] != 1 || bySID["7"] != 1 {
					t.Fatalf("deliveries by sid: %v", bySID)
				}
			}
			c.Sync()
		}},
		{"spec 01 #84", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB group.* q 1\r\nSUB group.b q 2\r\nSUB group.> q 3\r\n")
			bySID := map[string]int{}
			for range 300 {
				c.Send(wire.Pub("group.b", ""))
				bySID[strings.Fields(c.Next())[2]]++
			}
			c.Sync()
			if len(bySID) != 3 {
				t.Errorf("deliveries by sid: %v", bySID)
			}
		}},
		{"spec 01 #85", uniformlyRandom},
		{"spec 01 #86", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr(), noEcho)
			c.Send("SUB mine q 1\r\nSUB mine q 2\r\nSUB mine q 3\r\n")
			c.Sync()
			other := wire.Ready(t, s.Addr())
			other.Send("SUB mine q 1\r\n")
			other.Sync()
			for i := range 100 {
				c.Send(wire.Pub("mine", fmt.Sprint(i)))
				other.Expect(wire.Msg("mine", "1", fmt.Sprint(i)))
			}
			c.Sync()
		}},
		{"spec 01 #87", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			const messages = 200
			c.Send("SUB limited q 1\r\nUNSUB 1 5\r\nSUB limited q 2\r\nUNSUB 2 7\r\nSUB limited q 3\r\n")
			bySID := map[string]int{}
			c.Send(strings.Repeat(wire.Pub("limited", ""), messages))
			for range messages {
				bySID[strings.Fields(c.Next())[2]]++
			}
			c.Sync()
			if bySID["1"] != 5 || bySID["2"] != 7 || bySID["3"] != messages-12 {
				t.Errorf("deliveries by sid: %v", bySID)
			}
		}},
		{"spec 01 #88", func(t *testing.T, s *server.Server) {
			c := wire.Ready(t, s.Addr())
			c.Send("SUB internal _sys_ 1\r\n")
			c.ExpectErr(`Permissions Violation for Subscription to "internal" using queue "_sys_"`)
			c.Send("SUB internal _sys_x 1\r\n", wire.Pub("internal", "hi"))
			c.Expect(wire.Msg("internal", "1", "hi"))
			c.Sync()
		}},
	})
}

// uniformlyRandom tells random choice from rotation: members get equal shares, and the same member
// is drawn twice in a row as often as chance says.
func uniformlyRandom(t *testing.T, s *server.Server) {
	const members, messages = 4, 16000
	conns := make([]*wire.Conn, members)
	for i := range conns {
		conns[i] = wire.Ready(t, s.Addr())
		conns[i].Send("SUB share q 1\r\nSUB share.end 2\r\n")
		conns[i].Sync()
	}
	publisher := wire.Ready(t, s.Addr())
	var batch strings.Builder
	for i := range messages {
		batch.WriteString(wire.Pub("share", fmt.Sprint(i)))
	}
	publisher.Send(batch.String(), wire.Pub("share.end", ""))

	drawn := make([]int, messages)
	for i := range drawn {
		drawn[i] = -1
	}
	for member, c := range conns {
		share := 0
		for op := c.Next(); op != wire.Msg("share.end", "2", ""); op = c.Next() {
			var message int
			if _, err := fmt.Sscan(strings.Split(op, "\r\n")[1], &message); err != nil || drawn[message] >= 0 {
				t.Fatalf("unexpected %q (%v)", op, err)
			}
			drawn[message] = member
			share++
		}
		if math.Abs(float64(share)-messages/members) > messages/members/10 {
			t.Errorf("member %d got %d of %d messages", member, share, messages)
		}
	}
	repeats := 0
	for i, member := range drawn {
		if member < 0 {
			t.Fatalf("message %d reached nobody", i)
		}
		if i > 0 && member == drawn[i-1] {
			repeats++
		}
	}
	if math.Abs(float64(repeats)-messages/members) > messages/members/5 {
		t.Errorf("the same member twice in a row %d times in %d messages", repeats, messages)
	}
}
