package spec01

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

// kernelMost is more than the kernel takes off the broker's hands for a receiver that does not
// read: the send buffer of the broker's side grows to 4 MiB, the receiver's does not grow.
const kernelMost = 5 << 20

const chunk = 60_000

// asleep returns a connection that subscribed to a subject and never reads by itself.
func asleep(t *testing.T, s *server.Server, subject string) *wire.Conn {
	t.Helper()
	c := wire.Ready(t, s.Addr())
	c.Send("SUB ", subject, " 1\r\n")
	c.Sync()
	return c
}

// flood publishes chunks of a subject, total bytes at least, and returns how many when the broker
// has taken them all. It sends large bites, because the broker may make the publisher wait once
// per read.
func flood(publisher *wire.Conn, subject string, total int) (chunks int) {
	const bite = 20
	publications := strings.Repeat(wire.Pub(subject, strings.Repeat("x", chunk)), bite)
	for ; chunks*chunk < total; chunks += bite {
		publisher.Send(publications)
		publisher.Sync()
	}
	return chunks
}

// noError fails if what a cut-off receiver read says why.
func noError(t *testing.T, got string) {
	t.Helper()
	if strings.Contains(got[max(0, len(got)-200):], "-ERR") {
		t.Errorf("the slow consumer was told: %q", got[len(got)-200:])
	}
}

func TestSlowConsumers(t *testing.T) {
	t.Parallel()
	t.Run("spec 01 #100", func(t *testing.T) {
		t.Parallel()
		const pending = 1 << 20
		s := start(t, fmt.Sprintf("max_payload: 65536\nmax_pending: %d\n", pending))
		slow, publisher := asleep(t, s, "slow"), wire.Ready(t, s.Addr())
		healthy := watch(t, s, "slow")
		publication := strings.Repeat("x", chunk)
		const messages = (pending+kernelMost)/chunk + 20
		for range messages {
			publisher.Send(wire.Pub("slow", publication))
			healthy.Expect(wire.Msg("slow", "1", publication))
		}
		publisher.Sync()
		healthy.Sync()
		s.WaitFor(fmt.Sprintf("Slow Consumer Detected: MaxPending of %d Exceeded", pending))
		got := slow.Drain()
		noError(t, got)
		if strings.Count(got, "MSG slow 1 ") >= messages {
			t.Error("the slow consumer got everything")
		}
	})
	t.Run("spec 01 #101", func(t *testing.T) {
		t.Parallel()
		s := start(t, `write_deadline: "500ms"`)
		slow, publisher := asleep(t, s, "slow"), wire.Ready(t, s.Addr())
		flood(publisher, "slow", kernelMost+4*chunk)
		s.WaitFor("Slow Consumer Detected: WriteDeadline of 500ms exceeded")
		publisher.Sync()
		noError(t, slow.Drain())
	})
	t.Run("spec 01 #102", stallIsBounded)
	t.Run("spec 01 #103", noStall)
	t.Run("spec 01 #104", memoryOfDeadReceiver)
}

// gated returns a server with a receiver of the subject "gate" that has more pending than three
// quarters of the limit, where producers are stalled, and less than the limit, where it is cut off.
// It returns how many chunks that took.
func gated(t *testing.T, more string) (s *server.Server, receiver, publisher *wire.Conn, chunks int) {
	t.Helper()
	const pending = 48 << 20
	s = start(t, fmt.Sprintf("max_pending: %d\nwrite_deadline: \"60s\"\n%s\n", pending, more))
	receiver, publisher = asleep(t, s, "gate"), wire.Ready(t, s.Addr())
	return s, receiver, publisher, flood(publisher, "gate", pending/4*3+kernelMost)
}

func stallIsBounded(t *testing.T) {
	t.Parallel()
	_, receiver, publisher, chunks := gated(t, "")
	const tries = 41
	var gated, free []time.Duration
	for i := range tries {
		gated = append(gated, roundTrip(publisher, "gate", fmt.Sprint(i)))
		free = append(free, roundTrip(publisher, "nobody", fmt.Sprint(i)))
	}
	// Medians, and what the closed gate adds, because a busy machine delays everything.
	slices.Sort(gated)
	slices.Sort(free)
	if added := gated[tries/2] - free[tries/2]; added > 15*time.Millisecond {
		t.Errorf("a receiver that does not read delays a publish by %s", added)
	}
	// Delayed, not dropped.
	for range chunks {
		receiver.Expect(wire.Msg("gate", "1", strings.Repeat("x", chunk)))
	}
	for i := range tries {
		receiver.Expect(wire.Msg("gate", "1", fmt.Sprint(i)))
	}
	receiver.Sync()
}

func roundTrip(publisher *wire.Conn, subject, payload string) time.Duration {
	began := time.Now()
	publisher.Send(wire.Pub(subject, payload))
	publisher.Sync()
	return time.Since(began)
}

func noStall(t *testing.T) {
	t.Parallel()
	s, receiver, publisher, _ := gated(t, "no_fast_producer_stall: true")
	other := watch(t, s, "gate")
	publisher.Send(wire.Pub("gate", "lost"))
	other.Expect(wire.Msg("gate", "1", "lost"))
	publisher.Sync()
	// While the receiver reads its gate opens again; the chunks that came at the closed gate are gone too.
	go func() {
		// The PONG shows the test where the backlog ends; a failed write shows as its absence.
		_ = receiver.Write("PING\r\n")
	}()
	for op := receiver.Next(); op != "PONG\r\n"; op = receiver.Next() {
		if op != wire.Msg("gate", "1", strings.Repeat("x", chunk)) {
			t.Fatalf("a message for a closed gate was delivered: %.80q", op)
		}
	}
	publisher.Send(wire.Pub("gate", "again"))
	receiver.Expect(wire.Msg("gate", "1", "again"))
	other.Expect(wire.Msg("gate", "1", "again"))
}

func memoryOfDeadReceiver(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the memory of a process is read from /proc")
	}
	const pending = 12 << 20
	s := start(t, fmt.Sprintf("max_pending: %d", pending))
	asleep(t, s, "dead")
	publisher := wire.Ready(t, s.Addr())
	before := peakMemory(t, s.PID())
	flood(publisher, "dead", 12*pending)
	s.WaitFor("Slow Consumer Detected")
	// A broker that kept everything would grow by twelve times the limit and what its collector adds.
	if grown := peakMemory(t, s.PID()) - before; grown > 8*pending {
		t.Errorf("the process grew by %d MiB for a receiver that may hold %d MiB", grown>>20, pending>>20)
	}
}

// peakMemory returns the largest resident size a process ever had, in bytes.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if peak == nil {
		t.Fatal("no VmHWM in the status of the process")
	}
	kib, err := strconv.Atoi(string(peak[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}
