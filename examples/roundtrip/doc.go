// Command roundtrip sends messages through a broker with nats.go, the stock client, and prints what came of them.
//
//	roundtrip                    starts a broker of its own on a free port and talks to it
//	roundtrip -url nats://...    talks to one that runs already
//
// It exits with 0 if every message made its way.
package main
