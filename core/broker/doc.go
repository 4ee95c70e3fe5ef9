// Package broker moves messages between connections.
//
// A [Broker] has accounts, each a subject space with an interest trie; clients
// and services subscribe and publish in them. The package owns the delivery
// path: a [Source] turns the publishes that one read brought into output, staged
// per [Target] and written once, inline and without waiting, at the end of the
// batch; a [Transport] moves the bytes. It owns connections and their life
// cycle, the listener, back-pressure and slow consumers, pings and
// authentication time-outs, and the seam for hooks that rewrite messages.
//
// It knows accounts and permissions through core/account, and who somebody is
// through an [Authenticator] it is given. It reads no configuration file:
// cmd/daemon turns one into [Options]. A program can run a broker inside itself:
//
//	b, err := broker.New(broker.Options{})
//	err = b.Start()
//	conn, err := b.InProcessConn()
//
// # Goroutines and locks
//
// Each connection has one goroutine, its transport's, which owns the
// connection's source and parser; a goroutine for CONNECT or a hook takes over
// while the transport waits for it. A target whose output is not taken at once
// has a writer goroutine until its queue is empty. One goroutine accepts, one
// runs the timer wheel.
//
// Locks are taken in this order: Client.mu or Service.mu, then the lock of an
// interest list or Broker.mu, then outbox.mu, then the wheel's. Nothing calls
// out of the package with a lock held, but a Service's own.
package broker
