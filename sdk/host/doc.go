// Package host is what a driver may ask of the broker that runs it.
//
// The broker hands a [Host] to a driver when it opens it; the driver may keep it
// until it is closed. A method exists here only if every runtime serves it, so a
// driver never has to ask whether a call works. What a driver may do with a
// method is limited by what the configuration grants it; a call beyond that
// fails with [ErrNotGranted] and has no effect.
//
// The package imports the standard library only.
package host
