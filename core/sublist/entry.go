package sublist

import "errors"

// Entry is one interest in a subject. What its methods answer must not change
// while it is in a list, and the zero value of the type is not an entry.
type Entry interface {
	comparable
	// Subject is what is subscribed to, wildcards allowed. The list may hold on
	// to the string.
	Subject() string
	// Queue names the queue group, empty for a plain subscription.
	Queue() string
	// Weight is how many members of the group the entry stands for: 1 for a
	// subscription of this broker, the number of members there for the interest
	// of another. It matters to queue groups only; see [MaxWeight].
	Weight() int
}

// MaxWeight is the highest weight of an entry; higher ones count as this much,
// those below 1 as 1.
const MaxWeight = 1 << 16

// Refusals of a list. They leave it as it was.
var (
	// ErrInvalidSubject: the entry's subject cannot be subscribed to.
	ErrInvalidSubject = errors.New("invalid subject")
	// ErrDuplicate: this very entry is in the list already.
	ErrDuplicate = errors.New("entry is already in the list")
	// ErrNotFound: the entry is not in the list.
	ErrNotFound = errors.New("entry is not in the list")
)

// Change is what an observer is told.
type Change[E Entry] struct {
	Entry E
	// Removed is false for an insert.
	Removed bool
	// Edge is true when the change decides whether there is any interest in the
	// entry's subject and queue: the first entry came or the last one left.
	Edge bool
	// Generation numbers the changes of a list from 1 without a gap.
	Generation uint64
}

// Stats describes a list since it was made.
type Stats struct {
	Entries   int // in the list now
	Subjects  int // distinct subjects now
	Wildcards int // those of them with a wildcard
	Inserts   uint64
	Removes   uint64
	Matches   uint64 // questions answered by Match
}
