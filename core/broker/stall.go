package broker

import "time"

// Bounds of holding a producer back (client protocol, producer stall).
const (
	stallGated = 2 * time.Millisecond
	stallFull  = 5 * time.Millisecond
	stallTotal = 10 * time.Millisecond // per read

	// easeFor is the same long before a receiver is gated.
	easeFor = time.Millisecond
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
	s.count++
	s.until(gate, limit)
}

// ease waits a moment for a receiver that is reading.
func (s *stall) ease(caughtUp <-chan struct{}) { s.until(caughtUp, easeFor-s.spent) }

func (s *stall) until(open <-chan struct{}, limit time.Duration) {
	limit = min(limit, stallTotal-s.spent)
	if limit <= 0 {
		return
	}
	start := s.time.Now()
	timeout, release := s.time.After(limit)
	select {
	case <-open:
	case <-timeout:
	}
	release()
	s.spent += s.time.Now().Sub(start)
}
