package clocktest

import (
	"sync"
	"time"
)

// Manual is a clock.Clock whose time only Step moves.
type Manual struct {
	mu       sync.Mutex
	changed  *sync.Cond // sleepers came or went
	now      time.Time
	sleepers map[chan time.Time]time.Time
}

// New returns a clock at a fixed time.
func New() *Manual {
	m := &Manual{now: time.Unix(1_700_000_000, 0), sleepers: make(map[chan time.Time]time.Time)}
	m.changed = sync.NewCond(&m.mu)
	return m
}

// Now is the time Step last moved to.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// After implements clock.Clock.
func (m *Manual) After(d time.Duration) (<-chan time.Time, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ch := make(chan time.Time, 1)
	m.sleepers[ch] = m.now.Add(d)
	m.changed.Broadcast()
	return ch, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.sleepers, ch)
		m.changed.Broadcast()
	}
}

// Step waits until somebody sleeps, moves the clock to the earliest wake-up time
// and wakes its sleepers.
func (m *Manual) Step() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.sleepers) == 0 {
		m.changed.Wait()
	}
	var next time.Time
	for _, at := range m.sleepers {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if next.After(m.now) {
		m.now = next
	}
	for ch, at := range m.sleepers {
		if !at.After(m.now) {
			ch <- m.now
			delete(m.sleepers, ch)
		}
	}
}
