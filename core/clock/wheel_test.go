package clock_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/trellismq/trellis/core/clock"
	"github.com/trellismq/trellis/core/clock/clocktest"
)

// Timers of every level fire in order, at their tick and not before.
func TestWheelFiresInOrder(t *testing.T) {
	manual := clocktest.New()
	wheel := clock.NewWheel(manual)
	defer wheel.Close()
	start := manual.Now()

	rng := rand.New(rand.NewPCG(1, 2))
	const n = 2000
	timers := make([]clock.Timer, n)
	var mu sync.Mutex
	fired := make(map[int]time.Duration)
	want := make([]time.Duration, n)
	for i := range timers {
		want[i] = time.Duration(rng.Int64N(int64(time.Hour)) >> rng.IntN(30))
		wheel.Arm(&timers[i], want[i], func(time.Time) {
			mu.Lock()
			defer mu.Unlock()
			if _, twice := fired[i]; twice {
				t.Errorf("timer %d fired twice", i)
			}
			fired[i] = manual.Now().Sub(start)
		})
	}
	stopped := 7
	wheel.Stop(&timers[stopped])

	for manual.Now().Sub(start) < time.Hour+time.Second {
		manual.Step()
	}
	mu.Lock()
	defer mu.Unlock()
	for i, d := range want {
		got, ok := fired[i]
		if i == stopped {
			if ok {
				t.Errorf("stopped timer fired")
			}
			continue
		}
		if !ok {
			t.Fatalf("timer %d of %v never fired", i, d)
		}
		if got < d || got > d+2*clock.Tick {
			t.Errorf("timer %d of %v fired at %v", i, d, got)
		}
	}
}

func TestWheelRearmsFromItsOwnCall(t *testing.T) {
	wheel := clock.NewWheel(clock.System())
	defer wheel.Close()
	var timer clock.Timer
	done := make(chan struct{})
	n := 0
	var again func(time.Time)
	again = func(time.Time) {
		if n++; n == 5 {
			close(done)
			return
		}
		wheel.Arm(&timer, time.Millisecond, again)
	}
	wheel.Arm(&timer, 0, again)
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the timer stopped rearming itself")
	}
}

func BenchmarkArmStop(b *testing.B) {
	wheel := clock.NewWheel(clock.System())
	defer wheel.Close()
	var timer clock.Timer
	b.ReportAllocs()
	for b.Loop() {
		wheel.Arm(&timer, time.Minute, func(time.Time) {})
		wheel.Stop(&timer)
	}
}
