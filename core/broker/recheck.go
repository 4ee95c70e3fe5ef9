package broker

import (
	"context"
	"reflect"
	"sync"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/sdk/auth"
)

// session is how a client got in: what it showed, and who it turned out to be.
// Immutable.
type session struct {
	attempt  *auth.Attempt
	identity *auth.Identity
	account  *account.Account
}

// account is the one the client is in, as any goroutine may ask.
func (c *Client) account() *account.Account {
	if s := c.session.Load(); s != nil {
		return s.account
	}
	return c.broker.home.account
}

// judging is how many connections are judged again at a time.
const judging = 16

// judge asks the authenticator about an attempt.
func (b *Broker) judge(a *auth.Attempt) (auth.Verdict, error) {
	ctx, cancel := context.WithTimeout(b.ctx, b.options.AuthTimeout)
	defer cancel()
	return b.options.Authenticator.Authenticate(ctx, a)
}

// Recheck judges again the clients whose identity selects answers true for, by
// what they showed when they came. A client that would not be let in any more is
// told so and closed; one that would be somebody else now, in another account or
// with other permissions, is closed without a word and finds out when it comes
// back. Recheck returns at once; selects is called from another goroutine.
func (b *Broker) Recheck(selects func(*auth.Identity) bool) {
	b.judgements.Add(1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.mu.closed {
		return
	}
	clients := b.clientsLocked()
	b.serving.Add(1)
	go func() {
		defer b.serving.Done()
		b.recheck(clients, selects)
	}()
}

func (b *Broker) recheck(clients []*Client, selects func(*auth.Identity) bool) {
	var workers sync.WaitGroup
	due := make(chan *Client)
	for range min(judging, len(clients)) {
		workers.Go(func() {
			for c := range due {
				c.recheck()
			}
		})
	}
	for _, c := range clients {
		if s := c.session.Load(); s != nil && selects(s.identity) {
			due <- c
		}
	}
	close(due)
	workers.Wait()
}

func (c *Client) recheck() {
	s := c.session.Load()
	if s == nil || c.isClosed() {
		return
	}
	verdict, err := c.broker.judge(s.attempt)
	switch id := verdict.Identity; {
	case c.broker.ctx.Err() != nil: // shutting down
	case err != nil:
		c.errorf("authentication failed: %v", err)
		c.revoke(s, AuthFailure)
	case verdict.Outcome != auth.Accept || id == nil:
		if verdict.Detail != "" {
			c.debugf("authentication refused: %s", verdict.Detail)
		}
		reason := AuthFailure
		if verdict.Reason == auth.Revoked {
			reason = CredentialsRevoked
		}
		c.revoke(s, reason)
	case id.Account != s.identity.Account || !reflect.DeepEqual(id.Permissions, s.identity.Permissions):
		c.close(AuthFailure)
	default:
		c.session.CompareAndSwap(s, &session{s.attempt, id, s.account})
	}
}

func (c *Client) revoke(s *session, reason CloseReason) {
	c.errorf("authentication error%s", offered(s.attempt))
	c.expel(errAuthorization, reason)
}
