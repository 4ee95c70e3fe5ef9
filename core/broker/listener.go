package broker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
)

// Bounds of the pause after a failed accept.
const (
	acceptPause    = 10 * time.Millisecond
	acceptPauseMax = time.Second
)

// ListenError says that the client listener could not be opened.
type ListenError struct {
	Address string
	Err     error
}

func (e *ListenError) Error() string {
	return fmt.Sprintf("Error listening on port: %s, %q", e.Address, e.Err)
}

func (e *ListenError) Unwrap() error { return e.Err }

// Start opens the listener, unless the options say not to. When it returns
// without an error, clients are served.
func (b *Broker) Start() error {
	if b.options.DontListen {
		return nil
	}
	port := max(b.options.Port, 0)
	address := net.JoinHostPort(b.options.Host, strconv.Itoa(port))
	// Connections are checked by PING; the kernel's keep-alive would be a second
	// clock, paid for in system calls per connection.
	config := net.ListenConfig{KeepAlive: -1}
	l, err := config.Listen(context.Background(), "tcp", address)
	if err != nil {
		return &ListenError{Address: address, Err: err}
	}
	b.mu.Lock()
	if b.mu.closed {
		b.mu.Unlock()
		l.Close()
		return ErrClosed
	}
	b.mu.listener = l
	b.port = l.Addr().(*net.TCPAddr).Port
	if b.advertised.host != "" && b.advertised.port <= 0 {
		b.advertised.port = b.port
	}
	b.serving.Add(1)
	b.mu.Unlock()
	go b.accept(l)
	return nil
}

// Addr is where the broker listens for clients; nil when it does not.
func (b *Broker) Addr() net.Addr {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.mu.listener == nil {
		return nil
	}
	return b.mu.listener.Addr()
}

// URL is where clients on this machine reach the broker.
func (b *Broker) URL() string {
	addr, ok := b.Addr().(*net.TCPAddr)
	if !ok {
		return ""
	}
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "nats://" + net.JoinHostPort(host, strconv.Itoa(addr.Port))
}

func (b *Broker) accept(l net.Listener) {
	defer b.serving.Done()
	pause := acceptPause
	for {
		conn, err := l.Accept()
		switch {
		case err == nil:
			pause = acceptPause
			b.serveTCP(conn.(*net.TCPConn))
		case errors.Is(err, net.ErrClosed):
			return
		default:
			// Out of file descriptors, most likely: some will be free again.
			b.log.Errorf("Error accepting a client connection: %v; trying again in %v", err, pause)
			fired, release := b.time.After(pause)
			select {
			case <-fired:
			case <-b.ctx.Done():
			}
			release()
			pause = min(2*pause, acceptPauseMax)
		}
	}
}

// serve runs a transport that reads in its own goroutine until the connection
// is over.
func (b *Broker) serve(conn Conn, read func(*Client) error, release func()) {
	c, err := b.Attach(conn)
	if err != nil {
		release()
		return
	}
	b.serving.Add(1)
	go func() {
		defer b.serving.Done()
		c.Finish(read(c))
		release()
	}()
}

// remoteOf is the peer's address, with IPv4 in its own form.
func remoteOf(conn net.Conn) netip.AddrPort {
	a, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	ap := a.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

// InProcessConn returns a connection to the broker that does not leave the
// process. Clients use it like a socket.
func (b *Broker) InProcessConn() (net.Conn, error) {
	client, server := net.Pipe()
	b.mu.Lock()
	closed := b.mu.closed
	b.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	b.serveStream(server, auth.InProcess)
	return client, nil
}
