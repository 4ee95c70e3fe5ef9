package host

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/auth"
)

// ErrNotServing is returned for an attempt before the first configuration is
// committed and after Close.
var ErrNotServing = errors.New("authentication is not serving")

// Authentication answers attempts with the chain of the configuration that was
// committed last. It is safe for concurrent use; Prepare and what comes of it
// must be called by one goroutine at a time.
type Authentication struct {
	registry    *Registry
	environment Environment
	current     atomic.Pointer[chain]
	opened      uint64 // generations so far; only Prepare touches it
}

// NewAuthentication makes an Authentication that serves nobody until a
// configuration is prepared and committed.
func NewAuthentication(r *Registry, e Environment) *Authentication {
	e.setDefaults()
	return &Authentication{registry: r, environment: e}
}

// Required reports whether clients have to show credentials.
func (a *Authentication) Required() bool {
	c := a.current.Load()
	return c == nil || len(c.links) > 0
}

// NeedsNonce reports whether connections are to be given a nonce to sign.
func (a *Authentication) NeedsNonce() bool {
	c := a.current.Load()
	return c != nil && c.nonce
}

// Authenticate asks the authenticators of the chain in order. An error comes
// with a Reject: a driver failed, and nobody may get in because of that.
func (a *Authentication) Authenticate(ctx context.Context, attempt *auth.Attempt) (auth.Verdict, error) {
	c := a.hold()
	if c == nil {
		return auth.Verdict{Outcome: auth.Reject}, ErrNotServing
	}
	defer c.release()
	return c.authenticate(ctx, attempt)
}

// hold returns the current chain, held, or nil.
func (a *Authentication) hold() *chain {
	for {
		c := a.current.Load()
		if c == nil || c.hold() {
			return c
		}
	}
}

// Prepare opens what the configuration asks for and the current chain does not
// hold. The current chain goes on serving; there is no Change when it already is
// what the configuration asks for. An error leaves everything as it was: an
// *option.InvalidError for a configuration that cannot be, else what kept a driver
// from opening.
func (a *Authentication) Prepare(ctx context.Context, _, new *config.Options) (config.Change, error) {
	plan, err := a.registry.Plan(new)
	if err != nil {
		return nil, err
	}
	current := a.current.Load()
	var links []*generation
	for _, p := range plan.links {
		g := current.serving(&p)
		if g != nil {
			g.hold()
		} else {
			a.opened++
			if g, err = openGeneration(ctx, p, &a.environment, a.opened); err != nil {
				newChain(links).release()
				return nil, err
			}
		}
		links = append(links, g)
	}
	next := newChain(links)
	if current != nil && slices.Equal(current.links, links) {
		next.release()
		return nil, nil
	}
	return &change{a, next}, nil
}

// Close stops serving and waits until every driver is closed, or ctx ends.
func (a *Authentication) Close(ctx context.Context) error {
	c := a.current.Swap(nil)
	if c == nil {
		return nil
	}
	c.release()
	for _, g := range c.links {
		select {
		case <-g.closed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// change is a chain that is ready to serve.
type change struct {
	owner *Authentication
	next  *chain
}

// Commit makes the prepared chain serve, and has live connections judged again by
// it.
func (c *change) Commit() {
	old := c.owner.current.Swap(c.next)
	if old == nil {
		return
	}
	c.owner.environment.Recheck(c.next.revoked)
	old.release()
}

// Abort closes what was opened for the prepared chain.
func (c *change) Abort() { c.next.release() }
