// Package clock is where time enters the broker.
//
// [Clock] is the one source of now and of waiting; the broker gets it through
// its options, so that tests can hold time still. [Wheel] runs everything that
// happens at a time - pings, authentication timeouts, write deadlines, expiry -
// on one goroutine with one system timer, so that a connection costs no timer
// of its own.
package clock
