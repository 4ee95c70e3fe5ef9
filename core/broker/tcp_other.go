//go:build !linux || ordinary

package broker

import (
	"net"

	"github.com/trellismq/trellis/sdk/auth"
)

// serveTCP serves an accepted connection.
func (b *Broker) serveTCP(conn *net.TCPConn) { b.serveStream(conn, auth.Standard) }
