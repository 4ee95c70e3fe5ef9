// Package protocol reads and writes the NATS wire protocol.
//
// [Parser] takes bytes in any split and yields one [Op] at a time, in place:
// the slices of an Op alias the bytes it was parsed from. It keeps no bytes of
// its own; whoever feeds it keeps what was not consumed and offers it again
// with more behind it. The Append functions are the writers.
//
// The package knows grammar and sizes only. Who may do what, and what an error
// means for a connection, is decided by its caller, core/broker.
package protocol
