// Package wire is a client of the NATS protocol for tests that look at exact bytes: it sends what
// it is told to send, however wrong, and compares what comes back byte for byte. It owns one TCP
// connection and knows of the protocol only where an operation ends, so that it can answer the
// broker's PINGs, which may come between any two operations, without the test seeing them.
//
// Every read has a deadline. That nothing came is shown by a barrier (Sync, or a message that the
// same publisher sent later), not by waiting.
package wire
