package broker

import "time"

// Bounds of holding a producer back (client protocol, producer stall).
const (
	stallGated = 2 * time.Millisecond
	stallFull  = 5 * time.Millisecond
	stallTotal = 10 * time.Millisecond // per read
)

// stall holds one producer back while a receiver of its messages is gated. It
// belongs to the goroutine that serves the producer.
type stall struct {
	time  *timing
	spent time.Duration // in this batch
	count int64
}

// wait returns when gate opens, or when the producer has waited long enough.
func (s *stall) wait(gate <-chan struct{}, full bool) {
	limit := stallGated
	if full {
		limit = stallFull
	}
	limit = min(limit, stallTotal-s.spent)
	if limit <= 0 {
		return
	}
	s.count++
	start := s.time.Now()
	timeout, release := s.time.After(limit)
	select {
	case <-gate:
	case <-timeout:
	}
	release()
	s.spent += s.time.Now().Sub(start)
}
