package robustness

import (
	"fmt"
	"os"
	"testing"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

// TestPromisedPayloads announces large payloads on many connections and sends none of them: memory
// is taken for what came, not for what was promised.
func TestPromisedPayloads(t *testing.T) {
	t.Parallel()
	s := server.Start(t, server.Options{Config: "max_payload: 8MB"})
	b := newBystander(t, s)
	before := residentMemory(t, s.PID())
	const promises, promised = 50, 8_000_000
	for i := range promises {
		c := wire.Ready(t, s.Addr())
		// The PONG shows that the promise was read up to its first bytes.
		c.Send(fmt.Sprintf("PING\r\nPUB promised.%d %d\r\nfirst bytes", i, promised))
		c.Expect("PONG\r\n")
	}
	b.undisturbed()
	if grown := residentMemory(t, s.PID()) - before; grown > promises*promised/4 {
		t.Errorf("promises of %d MiB took %d MiB", promises*promised>>20, grown>>20)
	}
}

// residentMemory returns how much of a process is in memory, in bytes.
func residentMemory(t *testing.T, pid int) int {
	t.Helper()
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		t.Fatal(err)
	}
	var total, resident int
	if _, err := fmt.Sscan(string(statm), &total, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * os.Getpagesize()
}
