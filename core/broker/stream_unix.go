//go:build unix

package broker

import (
	"net"
	"syscall"
)

// nonBlocking returns a function that writes to conn without waiting, by the
// scheduler-aware system calls that are sound on every Unix; nil when conn is no
// socket.
func nonBlocking(conn net.Conn) func(bufs [][]byte) (int, error) {
	socket, ok := conn.(*net.TCPConn)
	if !ok {
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return nil
	}
	return func(bufs [][]byte) (total int, err error) {
		controlErr := raw.Write(func(fd uintptr) bool {
			total, err = writeEach(int(fd), bufs)
			return true
		})
		if err == nil {
			err = controlErr
		}
		return total, err
	}
}

func writeEach(fd int, bufs [][]byte) (total int, err error) {
	for _, b := range bufs {
		for len(b) > 0 {
			n, err := syscall.Write(fd, b)
			switch {
			case err == syscall.EINTR:
			case err == syscall.EAGAIN:
				return total, nil
			case err != nil:
				return total, err
			default:
				total += n
				b = b[n:]
			}
		}
	}
	return total, nil
}
