package main

import (
	"errors"

	"golang.org/x/sys/unix"
)

// A metronome ticks at a fixed rate with the precision of the kernel's timers:
// the runtime's own wait in whole milliseconds when the process is idle. It
// belongs to one goroutine.
type metronome struct {
	next, period int64 // nanoseconds of the monotonic clock
}

// newMetronome returns a metronome that ticks rate times per second, first
// after the fraction phase (0 to 1) of a period.
func newMetronome(rate int, phase float64) *metronome {
	period := int64(1e9) / int64(rate)
	return &metronome{monotonic() + int64(phase*float64(period)), period}
}

// wait sleeps until the next tick. Ticks that were missed are left out, not
// made up for in a burst.
func (m *metronome) wait() {
	at := unix.NsecToTimespec(m.next)
	for errors.Is(unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &at, nil), unix.EINTR) {
		// The time is absolute, so an interrupted sleep just begins again.
	}
	m.next = max(m.next+m.period, monotonic())
}

func monotonic() int64 {
	var now unix.Timespec
	// Cannot fail: the clock exists on every Linux and the pointer is valid.
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
	return now.Nano()
}
