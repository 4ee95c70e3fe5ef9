package host

import (
	"errors"
	"log/slog"
	"time"
)

// ErrNotGranted is returned by a call that the configuration does not allow this
// driver. Trying again does not help.
var ErrNotGranted = errors.New("not granted")

// ErrClosed is returned by a call that affects the broker when the driver that
// makes it has been closed already.
var ErrClosed = errors.New("driver is closed")

// Host is the broker as one open driver sees it. It is safe for concurrent use
// and no method blocks on other connections.
type Host interface {
	// Log is the broker's log, every entry marked with the driver's name. It
	// must never be given a secret.
	Log() *slog.Logger

	// Now is the broker's time. A driver whose answers depend on the time asks
	// here, so that tests can choose it.
	Now() time.Time

	// Announce says that what the driver answered earlier no longer holds for
	// the identities that change selects: the broker judges their connections
	// again and closes those that would not be let in any more. It returns
	// before that has happened. A driver can announce only for identities that
	// it issued itself. The errors are ErrNotGranted and ErrClosed.
	Announce(change Change) error
}

// Change selects identities that a driver issued. A zero member selects
// any value, so the zero Change selects every identity of the driver.
type Change struct {
	Account string // the account the identity is bound to
	Key     string // the identity's Key
}
