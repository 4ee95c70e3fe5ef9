package auth

import (
	"context"

	"github.com/trellismq/trellis/sdk/host"
	"github.com/trellismq/trellis/sdk/option"
)

// Driver makes authenticators. One Driver value serves the whole process and is
// safe for concurrent use.
//
// Life cycle: Describe may be called at any time, also without Open, and always
// answers the same. Open is called once per generation: at start and for each
// reload that changes the driver's settings. The new Authenticator is opened
// while the old one still serves; the old one is closed when the last call into
// it has returned. An Open that fails leaves nothing behind.
type Driver interface {
	Describe() Description
	Open(ctx context.Context, settings *option.Settings, h host.Host) (Authenticator, error)
}

// Authenticator answers attempts. Authenticate is called concurrently from
// many goroutines, never from one that serves a connection's traffic, and must
// return when ctx ends. Close is called once, after every Authenticate has
// returned.
type Authenticator interface {
	Authenticate(ctx context.Context, attempt *Attempt) (Verdict, error)
	Close(ctx context.Context) error
}

// Description is what a driver says of itself.
type Description struct {
	Name    string // as the configuration names it: lower case
	Summary string // one line for listings
	// Reads lists the fields of an attempt that the driver looks at; the others
	// it lists are blank in what it is given.
	Reads []AttemptField
	// Options describes the driver's settings.
	Options      *option.Table
	Capabilities Capability
}

// Capability is a bit of what only some drivers can do. The host asks for
// nothing that the bit does not promise, and never asserts a type.
type Capability uint32

// The capabilities.
const (
	// NeedsNonce: INFO carries a nonce while an authenticator of this driver is
	// open.
	NeedsNonce Capability = 1 << iota
	// Reevaluates: on reload, live identities of this driver are judged again
	// from the credentials they showed.
	Reevaluates
)
