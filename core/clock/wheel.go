package clock

import (
	"math/bits"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Tick is the wheel's resolution: a timer fires up to one tick late, never
	// early.
	Tick = time.Millisecond

	slotBits = 6
	slots    = 1 << slotBits
	levels   = 6 // 64^6 ms: about two years; later deadlines wait in the last slot
)

// Timer is one pending call, embedded in what it belongs to. The zero Timer is
// stopped. Its fields belong to the wheel it is armed on.
type Timer struct {
	fn         func(now time.Time)
	due        int64 // in ticks since the wheel's start
	slot       *Timer
	prev, next *Timer
	level      int8
	index      int8
	armed      atomic.Bool
}

// Wheel is a hierarchical timer wheel. Arm and Stop take constant time. All
// calls run on the wheel's own goroutine, one after the other, so they must be
// short; they may arm and stop timers. Safe for concurrent use.
type Wheel struct {
	clock Clock
	start time.Time

	mu struct {
		sync.Mutex
		now      int64 // last tick that was run
		heads    [levels][slots]Timer
		occupied [levels]uint64
		wake     int64 // tick the goroutine sleeps until; 0 while it runs
		closed   bool
	}
	poke chan struct{}
	done chan struct{}
}

// NewWheel starts a wheel on c. Close ends it.
func NewWheel(c Clock) *Wheel {
	w := &Wheel{clock: c, start: c.Now(), poke: make(chan struct{}, 1), done: make(chan struct{})}
	for l := range w.mu.heads {
		for s := range w.mu.heads[l] {
			h := &w.mu.heads[l][s]
			h.prev, h.next = h, h
		}
	}
	go w.run()
	return w
}

// Close stops the wheel and waits for a call in progress. Timers still armed
// never fire.
func (w *Wheel) Close() {
	w.mu.Lock()
	closed := w.mu.closed
	w.mu.closed = true
	w.mu.Unlock()
	if !closed {
		close(w.poke)
	}
	<-w.done
}

// Arm calls fn once, d from now (d <= 0: at the next tick), on the wheel's
// goroutine. A timer that is armed already is moved.
func (w *Wheel) Arm(t *Timer, d time.Duration, fn func(now time.Time)) {
	due := int64((w.clock.Now().Sub(w.start) + d + Tick - 1) / Tick)
	w.mu.Lock()
	w.unlinkLocked(t)
	t.fn = fn
	t.due = max(due, w.mu.now+1)
	w.linkLocked(t)
	poke := !w.mu.closed && t.due < w.mu.wake
	if poke {
		select {
		case w.poke <- struct{}{}:
		default:
		}
	}
	w.mu.Unlock()
}

// Stop disarms t. It does not wait for a call that has begun.
func (w *Wheel) Stop(t *Timer) {
	w.mu.Lock()
	w.unlinkLocked(t)
	w.mu.Unlock()
}

func (w *Wheel) linkLocked(t *Timer) {
	delta := t.due - w.mu.now
	level := 0
	for level < levels-1 && delta >= 1<<(slotBits*(level+1)) {
		level++
	}
	due := t.due
	if limit := w.mu.now + 1<<(slotBits*levels) - 1; due > limit {
		due = limit
	}
	index := due >> (slotBits * level) & (slots - 1)
	t.level, t.index = int8(level), int8(index)
	t.slot = &w.mu.heads[level][index]
	t.prev, t.next = t.slot.prev, t.slot
	t.prev.next, t.next.prev = t, t
	w.mu.occupied[level] |= 1 << index
	t.armed.Store(true)
}

func (w *Wheel) unlinkLocked(t *Timer) {
	if t.slot == nil {
		return
	}
	t.prev.next, t.next.prev = t.next, t.prev
	if t.slot.next == t.slot {
		w.mu.occupied[t.level] &^= 1 << t.index
	}
	t.slot, t.prev, t.next = nil, nil, nil
	t.armed.Store(false)
}

// run sleeps until the next occupied slot, as long as there is one.
func (w *Wheel) run() {
	defer close(w.done)
	for {
		w.mu.Lock()
		w.mu.wake = w.nextLocked()
		wake, closed := w.mu.wake, w.mu.closed
		w.mu.Unlock()
		if closed {
			return
		}
		wait := w.start.Add(time.Duration(wake) * Tick).Sub(w.clock.Now())
		if wait > 0 {
			fired, release := w.clock.After(wait)
			select {
			case <-fired:
			case <-w.poke:
			}
			release()
		}
		w.advance()
	}
}

// nextLocked is the tick at which a slot must be looked at next.
func (w *Wheel) nextLocked() int64 {
	next := w.mu.now + 1<<(slotBits*levels-1)
	for level := range levels {
		if w.mu.occupied[level] == 0 {
			continue
		}
		shift := slotBits * level
		at := w.mu.now >> shift
		// Slots behind the current one, in the order they come up; the current
		// one itself comes up last, a turn later.
		ahead := bits.RotateLeft64(w.mu.occupied[level], -int(at&(slots-1))-1)
		tick := (at + 1 + int64(bits.TrailingZeros64(ahead))) << shift
		next = min(next, tick)
	}
	return next
}

// advance runs every tick up to now that has something in it.
func (w *Wheel) advance() {
	now := w.clock.Now()
	target := int64(now.Sub(w.start) / Tick)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mu.wake = 0
	for !w.mu.closed {
		tick := w.nextLocked()
		if tick > target {
			w.mu.now = max(w.mu.now, target)
			return
		}
		w.mu.now = tick
		// Coarser slots first: what is due in them now moves down.
		for level := levels - 1; level > 0; level-- {
			if tick&(1<<(slotBits*level)-1) == 0 {
				w.cascadeLocked(&w.mu.heads[level][tick>>(slotBits*level)&(slots-1)])
			}
		}
		w.fireLocked(&w.mu.heads[0][tick&(slots-1)], now)
	}
}

// cascadeLocked spreads a coarse slot over finer ones. Timers due at this very
// tick land in the current slot of level 0, which is run next.
func (w *Wheel) cascadeLocked(head *Timer) {
	for t := head.next; t != head; t = head.next {
		w.unlinkLocked(t)
		w.linkLocked(t)
	}
}

func (w *Wheel) fireLocked(head *Timer, now time.Time) {
	for t := head.next; t != head && !w.mu.closed; t = head.next {
		w.unlinkLocked(t)
		if t.due > w.mu.now { // beyond the last level's reach when it was armed
			w.linkLocked(t)
			continue
		}
		fn := t.fn
		w.mu.Unlock()
		fn(now)
		w.mu.Lock()
	}
}

// Armed reports whether t is waiting to fire. It is meaningful only to whoever
// arms and stops t; the wheel may fire it at any moment.
func (t *Timer) Armed() bool { return t.armed.Load() }
