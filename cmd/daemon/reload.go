package daemon

import (
	"context"

	"github.com/trellismq/trellis/core/config"
)

// reload goes over to other options, or changes nothing and says why not. Reloads
// must not run at the same time.
func (s *server) reload(ctx context.Context, next *config.Options) error {
	if err := refuseMissing(next.Features()); err != nil {
		return err
	}
	if err := next.Validate(); err != nil {
		return err
	}
	if err := admitAnonymous(next, s.options); err != nil {
		return err
	}
	if err := config.Reload(ctx, s.owners, s.options, next); err != nil {
		return err
	}
	s.options = next
	return nil
}

// step is a prepared change that holds nothing until it is committed.
type step func()

// Commit implements config.Change.
func (s step) Commit() { s() }

// Abort implements config.Change.
func (step) Abort() {}

// accountsOwner applies what is configured about accounts.
type accountsOwner struct{ *server }

// Prepare implements config.Owner.
func (s accountsOwner) Prepare(_ context.Context, _, next *config.Options) (config.Change, error) {
	change, err := s.accounts.Prepare(definitions(next))
	if err != nil {
		return nil, err
	}
	return step(func() {
		change.Commit()
		s.broker.Retire(change.Removed())
	}), nil
}

// brokerOwner applies limits.
type brokerOwner struct{ *server }

// Prepare implements config.Owner.
func (s brokerOwner) Prepare(_ context.Context, _, next *config.Options) (config.Change, error) {
	change, err := s.broker.Prepare(s.brokerOptions(next))
	if err != nil {
		return nil, err
	}
	return step(change.Commit), nil
}

// Prepare implements config.Owner: it opens another log file.
func (l *logger) Prepare(_ context.Context, old, next *config.Options) (config.Change, error) {
	change := &logChange{log: l, style: styleOf(&next.Logging)}
	if next.Logging.File == old.Logging.File {
		return change, nil
	}
	to, err := l.open(next.Logging.File)
	if err != nil {
		return nil, err
	}
	change.to = &to
	return change, nil
}

// logChange is a log ready to be written in another way.
type logChange struct {
	log   *logger
	style *logStyle
	to    *destination // nil for the present one
}

// Commit implements config.Change.
func (c *logChange) Commit() {
	c.log.style.Store(c.style)
	if c.to == nil {
		return
	}
	c.log.mu.Lock()
	defer c.log.mu.Unlock()
	before := c.log.to
	c.log.to = *c.to
	// Every line was written already; there is nothing to save and nobody to tell.
	_ = before.close()
}

// Abort implements config.Change.
func (c *logChange) Abort() {
	if c.to != nil {
		_ = c.to.close() // nothing was written to it
	}
}
