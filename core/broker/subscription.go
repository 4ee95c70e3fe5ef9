package broker

import "sync/atomic"

// Subscription is one entry of an account's interest trie: who wants which
// messages, and how they are to be told which subscription they are for.
type Subscription struct {
	target  *Target
	space   *space
	subject string
	queue   string
	key     []byte // for clients the sid
	weight  int
	origin  uint64

	// filtered: a deny rule overlaps the subscription, each message is checked.
	filtered atomic.Bool
	closed   atomic.Bool
	// delivered counts messages since the subscription was created, including
	// those of finished batches only; exact once limit is set.
	delivered atomic.Int64
	// limit is the number of messages after which the subscription ends, 0 for
	// none (client protocol, UNSUB with a maximum).
	limit atomic.Int64
}

// Subject is the subject subscribed to.
func (s *Subscription) Subject() string { return s.subject }

// Queue is the queue group, empty for a plain subscription.
func (s *Subscription) Queue() string { return s.queue }

// Weight is how many members of its queue group the subscription stands for.
func (s *Subscription) Weight() int { return s.weight }

// Origin names the server the interest came from, 0 for this one.
func (s *Subscription) Origin() uint64 { return s.origin }

// Target is who subscribed.
func (s *Subscription) Target() *Target { return s.target }

// Account is the name of the account subscribed in.
func (s *Subscription) Account() string { return s.space.account.Name() }

// looked reports whether each message for the subscription needs a look of its
// own: a count to keep, a rule to check, a line to log.
func (s *Subscription) looked() bool {
	if s.filtered.Load() || s.limit.Load() > 0 || s.target.traced.Load() {
		return true
	}
	c := s.target.client
	return c != nil && c.replies.Load() != nil
}
