package host

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
)

// closeTimeout is how long a driver may take to close.
const closeTimeout = 10 * time.Second

// generation is one driver opened with one set of settings. It is immutable. It
// is held by the chains it is part of and by the calls into it, and closed when
// the last of them lets go.
type generation struct {
	planned
	number        uint64
	environment   *Environment
	seat          *seat
	authenticator auth.Authenticator
	holders       atomic.Int64
	closed        chan struct{}
}

// openGeneration opens a driver; the caller holds it.
func openGeneration(ctx context.Context, p planned, e *Environment, number uint64) (g *generation, err error) {
	g = &generation{
		planned: p, number: number, environment: e, seat: newSeat(e, p.name, p.scope), closed: make(chan struct{}),
	}
	defer func() {
		if r := recover(); r != nil {
			err = &panicError{r, debug.Stack()}
		}
		if err != nil {
			g.seat.closed.Store(true)
			err = fmt.Errorf("authenticator %s: %w", p.name, err)
			if !p.pos.IsZero() {
				err = fmt.Errorf("%s: %w", p.pos, err)
			}
		}
	}()
	g.authenticator, err = p.driver.Open(ctx, p.settings, g.seat)
	if err == nil && g.authenticator == nil {
		err = errors.New("opened nothing")
	}
	g.holders.Store(1)
	return g, err
}

func (g *generation) hold() { g.holders.Add(1) }

func (g *generation) release() {
	if g.holders.Add(-1) == 0 {
		go g.close()
	}
}

func (g *generation) close() {
	defer close(g.closed)
	defer func() {
		if r := recover(); r != nil {
			g.seat.log.Error("closing failed", "error", &panicError{r, debug.Stack()})
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	err := g.authenticator.Close(ctx)
	g.seat.closed.Store(true)
	if err != nil {
		g.seat.log.Error("closing failed", "error", err)
	}
}

// errNoAnswer is the answer of a driver whose goroutine ended without one.
var errNoAnswer = errors.New("ended without an answer")

type answer struct {
	verdict auth.Verdict
	err     error
}

// ask hands an attempt to the driver and waits for the answer as long as ctx and
// the link's timeout allow. The driver may go on after that; its answer is lost,
// and it stays open until it has returned.
func (g *generation) ask(ctx context.Context, attempt *auth.Attempt) (auth.Verdict, error) {
	if g.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, g.timeout)
		defer cancel()
	}
	answers := make(chan answer, 1)
	g.hold()
	go func() {
		defer g.release()
		given := answer{err: errNoAnswer}
		defer func() {
			if r := recover(); r != nil {
				given = answer{err: &panicError{r, debug.Stack()}}
			}
			answers <- given
		}()
		given.verdict, given.err = g.authenticator.Authenticate(ctx, attempt.Only(g.description.Reads...))
	}()
	var given answer
	select {
	case given = <-answers:
	case <-ctx.Done():
		given.err = fmt.Errorf("no answer in time: %w", context.Cause(ctx))
	}
	if given.err == nil {
		return g.checked(given.verdict)
	}
	return auth.Verdict{}, given.err
}

// checked is the verdict if the driver may give it, with the identity marked as
// the generation's.
func (g *generation) checked(verdict auth.Verdict) (auth.Verdict, error) {
	switch {
	case verdict.Outcome == auth.NotMine, verdict.Outcome == auth.Reject:
		verdict.Identity = nil
		return verdict, nil
	case verdict.Outcome != auth.Accept:
		return auth.Verdict{}, fmt.Errorf("unknown outcome %d", verdict.Outcome)
	case verdict.Identity == nil:
		return auth.Verdict{}, errors.New("accepted without saying whom")
	}
	id := *verdict.Identity
	if !g.scope.allows(id.Account) {
		return auth.Verdict{}, fmt.Errorf("accepted %q into account %q, for which it may not answer", id.User, bound(id.Account))
	}
	if err := id.Permissions.Validate(); err != nil {
		return auth.Verdict{}, fmt.Errorf("permissions of %q: %w", id.User, err)
	}
	if !id.Expires.IsZero() && !id.Expires.After(g.environment.Now()) {
		return auth.Verdict{Outcome: auth.Reject, Reason: auth.Expired, Detail: fmt.Sprintf("%q expired at %v", id.Key, id.Expires)}, nil
	}
	id.Generation, id.Driver = g.number, g.name
	verdict.Identity = &id
	return verdict, nil
}

// panicError is what a driver panicked with.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.value, e.stack) }
