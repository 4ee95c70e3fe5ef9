package clock

import "time"

// Clock tells the time and wakes sleepers. Implementations are safe for
// concurrent use.
type Clock interface {
	// Now is the current time with a monotonic reading.
	Now() time.Time
	// After returns a channel that receives once, d from now, and a function
	// that releases it early. d <= 0 fires at once.
	After(d time.Duration) (fired <-chan time.Time, release func())
}

// System is the machine's clock.
func System() Clock { return system{} }

type system struct{}

func (system) Now() time.Time { return time.Now() }

func (system) After(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}
