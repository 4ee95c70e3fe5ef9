package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

// connectLine returns what every raw connection introduces itself with.
func (a address) connectLine() string {
	credentials := `"user":"` + benchUser + `","pass":"` + benchPassword + `",`
	if a.open {
		credentials = ""
	}
	return `CONNECT {"verbose":false,"pedantic":false,` + credentials +
		`"lang":"raw","version":"1","protocol":1,"headers":true,"no_responders":true}` + "\r\n"
}

// A rawConn is a blocking socket that bypasses the runtime's poller, the
// cheapest way to send and receive from a goroutine that does nothing else.
type rawConn struct {
	fd int
}

// dialRaw connects and authenticates.
func dialRaw(addr address) (rawConn, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return rawConn{}, fmt.Errorf("socket: %w", err)
	}
	c := rawConn{fd}
	if err := c.handshake(addr); err != nil {
		c.close()
		return rawConn{}, err
	}
	return c, nil
}

func (c rawConn) handshake(addr address) error {
	if err := unix.SetsockoptInt(c.fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return fmt.Errorf("no delay: %w", err)
	}
	// Closing resets, so that no port waits out its minute: there are fewer
	// ports than the connections that a run opens.
	if err := unix.SetsockoptLinger(c.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}); err != nil {
		return fmt.Errorf("linger: %w", err)
	}
	if err := unix.Connect(c.fd, &unix.SockaddrInet4{Port: int(addr.Port()), Addr: addr.Addr().As4()}); err != nil {
		return fmt.Errorf("connect to %v: %w", addr, err)
	}
	return c.confirm([]byte(addr.connectLine()))
}

// confirm sends protocol lines and waits until the server has taken them all.
func (c rawConn) confirm(lines []byte) error {
	if err := c.write(append(lines, "PING\r\n"...)); err != nil {
		return err
	}
	return c.awaitPong()
}

// awaitPong reads up to a PONG, and the INFO that may come with it.
func (c rawConn) awaitPong() error {
	var got []byte
	buf := make([]byte, 4<<10)
	for !bytes.Contains(got, []byte("PONG\r\n")) {
		n, err := c.read(buf)
		if err != nil {
			return fmt.Errorf("%w after %.200q", err, got)
		}
		got = append(got, buf[:n]...)
		if at := bytes.Index(got, []byte("-ERR")); at >= 0 {
			return fmt.Errorf("the server refused: %.200q", got[at:])
		}
	}
	return nil
}

// read returns at least one byte or an error, io.EOF at the end.
func (c rawConn) read(buf []byte) (int, error) {
	for {
		n, err := unix.Read(c.fd, buf)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 0, fmt.Errorf("read: %w", err)
		case n == 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

// write sends all bytes.
func (c rawConn) write(b []byte) error {
	for len(b) > 0 {
		n, err := unix.Write(c.fd, b)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("write: %w", err)
		}
		b = b[max(n, 0):]
	}
	return nil
}

// complaint returns the error line that the server has sent, if any. It is for
// connections that nothing else is read from.
func (c rawConn) complaint() error {
	buf := make([]byte, 4<<10)
	n, _, err := unix.Recvfrom(c.fd, buf, unix.MSG_DONTWAIT)
	if err != nil {
		return nil // nothing was sent; a broken connection shows when writing
	}
	if at := bytes.Index(buf[:n], []byte("-ERR")); at >= 0 {
		return fmt.Errorf("the server complained: %.200q", buf[at:n])
	}
	return nil
}

// shutdown ends pending and later reads and writes.
func (c rawConn) shutdown() {
	_ = unix.Shutdown(c.fd, unix.SHUT_RDWR) // fails only when the peer was first
}

// close gives the descriptor back. Nothing may use it any more.
func (c rawConn) close() {
	_ = unix.Close(c.fd) // Linux releases the descriptor whatever it answers
}
