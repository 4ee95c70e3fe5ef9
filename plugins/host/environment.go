package host

import (
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
	sdk "github.com/trellismq/trellis/sdk/host"
)

// Environment is what drivers get from the program around the host. The zero
// value of every field means its default.
type Environment struct {
	// Log takes what drivers have to say; default: nobody.
	Log Logger
	// Now is the broker's time; default: the machine's.
	Now func() time.Time
	// Recheck makes the broker judge again the connections whose identity it
	// answers true for. It must not wait for that. Default: nothing happens.
	Recheck func(selects func(*auth.Identity) bool)
}

func (e *Environment) setDefaults() {
	if e.Now == nil {
		e.Now = time.Now
	}
	if e.Recheck == nil {
		e.Recheck = func(func(*auth.Identity) bool) {}
	}
}

// seat is the place of one open driver in the program: its sdk/host.
type seat struct {
	environment *Environment
	log         *slog.Logger
	link        string
	scope       scope
	closed      atomic.Bool
}

var _ sdk.Host = (*seat)(nil)

func newSeat(e *Environment, link string, s scope) *seat {
	var handler slog.Handler = slog.DiscardHandler
	if e.Log != nil {
		handler = &driverLog{out: e.Log}
	}
	return &seat{environment: e, log: slog.New(handler).With("authenticator", link), link: link, scope: s}
}

// Log is the program's log, marked with the link's name.
func (s *seat) Log() *slog.Logger { return s.log }

// Now is the broker's time.
func (s *seat) Now() time.Time { return s.environment.Now() }

// Announce has the connections judged again that the change selects among those
// that the link let in.
func (s *seat) Announce(change sdk.Change) error {
	switch {
	case s.closed.Load():
		return sdk.ErrClosed
	case change.Account != "" && !s.scope.allows(change.Account):
		return sdk.ErrNotGranted
	}
	s.environment.Recheck(func(id *auth.Identity) bool {
		return id.Driver == s.link &&
			(change.Account == "" || bound(id.Account) == change.Account) &&
			(change.Key == "" || id.Key == change.Key)
	})
	return nil
}
