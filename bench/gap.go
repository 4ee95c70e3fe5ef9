package main

import (
	"math"
	"sync"
	"time"
)

// A gapMeter finds the longest time that a receiver waited for bytes between
// begin and end. A nil meter measures nothing.
type gapMeter struct {
	mu      sync.Mutex
	open    bool          // guarded by mu
	last    time.Duration // guarded by mu: when bytes arrived last, or begin
	longest time.Duration // guarded by mu
}

// begin opens the window: what came before does not count.
func (m *gapMeter) begin() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open, m.last, m.longest = true, nanotime(), 0
}

// received says that bytes have arrived.
func (m *gapMeter) received() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.advance(nanotime())
}

// end closes the window, and the gap that is open then.
func (m *gapMeter) end() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.advance(nanotime())
	m.open = false
}

// advance ends the current gap at the time; mu is held.
func (m *gapMeter) advance(now time.Duration) {
	if m.open {
		m.longest = max(m.longest, now-m.last)
		m.last = now
	}
}

// milliseconds returns the longest gap, not-a-number for a nil meter.
func (m *gapMeter) milliseconds() float64 {
	if m == nil {
		return math.NaN()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return float64(m.longest) / float64(time.Millisecond)
}
