//go:build !unix

package broker

import "net"

// nonBlocking: there is no portable way to write without waiting; the writer
// goroutine does all writing.
func nonBlocking(net.Conn) func(bufs [][]byte) (int, error) { return nil }
