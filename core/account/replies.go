package account

import (
	"sync"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
)

// expireAtOnce bounds how many expired replies one call clears away, so that no
// delivery pays for a flood before it. It is more than one call adds, so they
// still go faster than they come.
const expireAtOnce = 64

// Replies are the reply subjects that a connection with allow_responses was sent
// and may therefore publish to. Deliveries track them, the connection's own
// publishes use them up. It is safe for concurrent use.
//
// A reply that is tracked again while it is open stays as it is: the same
// subject in two requests allows no more answers than in one, and no fewer.
type Replies struct {
	max     int           // negative: any number
	expires time.Duration // negative: never

	lock sync.Mutex
	open map[string]*reply
	// oldest and newest are the ends of the list of open replies by time. All
	// live equally long, so they expire from one end.
	oldest, newest *reply
}

// reply is an open reply subject.
type reply struct {
	subject      string
	since        time.Time
	used         int
	older, newer *reply
}

// NewReplies returns an empty tracker; zeros in r mean the defaults.
func NewReplies(r auth.Responses) *Replies {
	r = withDefaults(r)
	return &Replies{max: r.Max, expires: r.Expires, open: make(map[string]*reply)}
}

// Track opens name, the reply subject of a request being delivered at now to the
// connection. Callers pass only what the connection could not publish to anyway.
func (r *Replies) Track(name []byte, now time.Time) {
	r.lock.Lock()
	defer r.lock.Unlock()
	for range expireAtOnce {
		if r.oldest == nil || !r.expired(r.oldest, now) {
			break
		}
		r.close(r.oldest)
	}
	if e := r.open[string(name)]; e != nil {
		if !r.expired(e, now) {
			return
		}
		r.close(e)
	}
	e := &reply{subject: string(name), since: now, older: r.newest}
	if r.newest == nil {
		r.oldest = e
	} else {
		r.newest.newer = e
	}
	r.newest = e
	r.open[e.subject] = e
}

// Use reports whether the connection may answer to name at now, and counts the
// answer if so.
func (r *Replies) Use(name []byte, now time.Time) bool {
	r.lock.Lock()
	defer r.lock.Unlock()
	e := r.open[string(name)]
	if e == nil {
		return false
	}
	if r.expired(e, now) {
		r.close(e)
		return false
	}
	e.used++
	if r.max > 0 && e.used >= r.max {
		r.close(e)
	}
	return true
}

// Len returns how many replies are open, some perhaps expired.
func (r *Replies) Len() int {
	r.lock.Lock()
	defer r.lock.Unlock()
	return len(r.open)
}

func (r *Replies) expired(e *reply, now time.Time) bool {
	return r.expires > 0 && now.Sub(e.since) > r.expires
}

// close forgets e. The lock is held.
func (r *Replies) close(e *reply) {
	delete(r.open, e.subject)
	if e.older == nil {
		r.oldest = e.newer
	} else {
		e.older.newer = e.newer
	}
	if e.newer == nil {
		r.newest = e.older
	} else {
		e.newer.older = e.older
	}
}
