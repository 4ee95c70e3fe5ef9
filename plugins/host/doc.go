// Package host runs the drivers that plug into the broker.
//
// It owns the registry of compiled-in drivers ([Registry]), the way from a
// configuration to the drivers it names ([Registry.Plan]), and the life of those
// drivers: a driver that was opened with certain settings is a generation, which
// never changes; a reload opens the generations it needs beside the old ones,
// swaps one pointer, and each old generation is closed when the last call into
// it has returned. What a driver asks of the broker through sdk/host is checked
// against its grants here.
//
// The broker sees [Authentication], which asks a chain of authenticators and
// fails closed: an error, a panic or a driver that does not answer in time lets
// nobody in. cmd creates it, gives it to the broker, and reloads it.
package host
