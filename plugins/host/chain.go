package host

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/trellismq/trellis/sdk/auth"
)

// chain is the authenticators of one configuration in the order they are tried.
// It is immutable and holds its generations until it is not held itself.
type chain struct {
	links   []*generation
	holders atomic.Int64 // the creator counts as one
	nonce   bool
}

func newChain(links []*generation) *chain {
	c := &chain{links: links}
	c.holders.Store(1)
	c.nonce = slices.ContainsFunc(links, func(g *generation) bool { return g.description.Capabilities&auth.NeedsNonce != 0 })
	return c
}

// hold reports false when nobody holds the chain any more: it is too late then.
func (c *chain) hold() bool {
	for {
		n := c.holders.Load()
		if n == 0 {
			return false
		}
		if c.holders.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (c *chain) release() {
	if c.holders.Add(-1) > 0 {
		return
	}
	for _, g := range c.links {
		g.release()
	}
}

// authenticate asks one link after the other until one knows the attempt.
func (c *chain) authenticate(ctx context.Context, attempt *auth.Attempt) (auth.Verdict, error) {
	if len(c.links) == 0 {
		return auth.Verdict{Outcome: auth.Accept, Identity: &auth.Identity{}}, nil
	}
	for _, g := range c.links {
		verdict, err := g.ask(ctx, attempt)
		if err != nil {
			return auth.Verdict{Outcome: auth.Reject}, fmt.Errorf("authenticator %s: %w", g.name, err)
		}
		if verdict.Outcome != auth.NotMine {
			return verdict, nil
		}
	}
	return auth.Verdict{Outcome: auth.Reject, Reason: auth.BadCredentials, Detail: "no authenticator knows the credentials"}, nil
}

// serving returns the link that can go on serving what is planned, or nil.
func (c *chain) serving(p *planned) *generation {
	if c == nil {
		return nil
	}
	for _, g := range c.links {
		if g.same(p) {
			return g
		}
	}
	return nil
}

// revoked reports whether an identity that an earlier chain issued has to be
// judged again by this one.
func (c *chain) revoked(id *auth.Identity) bool {
	for _, g := range c.links {
		if g.name == id.Driver {
			return g.description.Capabilities&auth.Reevaluates != 0
		}
	}
	return true
}
