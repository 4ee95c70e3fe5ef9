//go:build linux && !ordinary

package broker

import (
	"net"
	"syscall"
	"unsafe"

	"github.com/trellismq/trellis/sdk/auth"
)

// rawTCP is the transport for TCP on Linux. It makes its system calls without
// telling the scheduler that they might block, which they cannot, since the
// descriptor is non-blocking: telling it wakes the runtime's monitor thread
// whenever the process had been idle, and that is what light load costs
// (docs/rationale.md, delivery path).
//
// The whole life of the connection runs inside one callback of the descriptor's
// poller. After a short read it waits again instead of reading until there is
// nothing left: the poller is edge-triggered, so later bytes raise a new event,
// and reading on at once would take them in ever smaller pieces. Only the end of
// the stream may have come with the bytes just read, without an event of its
// own; it is looked for.
type rawTCP struct {
	conn *net.TCPConn
	raw  syscall.RawConn
	fd   int // valid until the client's Finish has returned
	in   intake
	err  error
}

// serveTCP serves an accepted connection.
func (b *Broker) serveTCP(conn *net.TCPConn) {
	t := &rawTCP{conn: conn}
	raw, err := conn.SyscallConn()
	if err == nil {
		t.raw = raw
		err = raw.Control(func(fd uintptr) { t.fd = int(fd) })
	}
	if err != nil {
		conn.Close() // it was closed before we looked
		return
	}
	b.serve(Conn{Transport: t, Type: auth.Standard, Remote: remoteOf(conn)}, t.read, func() { conn.Close() })
}

func (t *rawTCP) read(c *Client) error {
	defer t.in.drop()
	if err := t.raw.Read(func(uintptr) bool { return t.turn(c) }); err != nil {
		return endOfInput(err)
	}
	return t.err
}

// turn reads until there is nothing more at the moment, and reports whether the
// connection is over.
func (t *rawTCP) turn(c *Client) (over bool) {
	read := rawRead
	for {
		room := t.in.space()
		n, errno := read(t.fd, room)
		switch {
		case errno == syscall.EINTR:
			continue
		case errno == syscall.EAGAIN:
			t.in.rest()
			return false
		case errno != 0:
			t.err = errno
			return true
		case n == 0:
			return true
		}
		if t.in.feed(c, n) == Closed {
			return true
		}
		if n < len(room) && !hangup(t.fd) {
			t.in.rest()
			return false
		}
		// A flood. The monitor thread sees to it that other connections get their
		// turn; a call that is announced wakes it, if need be.
		read = announcedRead
	}
}

// TryWrite implements Transport.
func (t *rawTCP) TryWrite(bufs [][]byte) (int, error) {
	total := 0
	for len(bufs) > 0 {
		n, size, errno := rawWrite(t.fd, bufs)
		switch {
		case errno == syscall.EINTR:
			continue
		case errno == syscall.EAGAIN:
			return total, nil
		case errno != 0:
			return total, errno
		}
		total += n
		if n < size {
			return total, nil
		}
		bufs = bufs[min(len(bufs), maxVector):]
	}
	return total, nil
}

// Write implements Transport.
func (t *rawTCP) Write(bufs [][]byte) (total int, err error) {
	waitErr := t.raw.Write(func(uintptr) bool {
		var n int
		n, err = t.TryWrite(bufs)
		total += n
		bufs = skip(bufs, n)
		return err != nil || len(bufs) == 0
	})
	if err == nil {
		err = waitErr
	}
	return total, err
}

// Interrupt implements Transport.
func (t *rawTCP) Interrupt() { interrupt(t.conn) }

// maxVector is how many pieces one write takes.
const maxVector = 64

func rawRead(fd int, p []byte) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall(syscall.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
	return int(n), errno
}

func announcedRead(fd int, p []byte) (int, syscall.Errno) {
	n, _, errno := syscall.Syscall(syscall.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
	return int(n), errno
}

// hangup reports whether the peer will send nothing more.
func hangup(fd int) bool {
	const pollRDHUP, pollERR, pollHUP = 0x2000, 0x8, 0x10
	poll := struct {
		fd              int32
		events, revents int16
	}{fd: int32(fd), events: pollRDHUP}
	var timeout syscall.Timespec
	n, _, errno := syscall.RawSyscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&poll)), 1,
		uintptr(unsafe.Pointer(&timeout)), 0, 0, 0)
	return errno == 0 && n > 0 && poll.revents&(pollRDHUP|pollERR|pollHUP) != 0
}

// rawWrite writes up to maxVector of bufs with one call. It answers also how
// much that would have been in all.
func rawWrite(fd int, bufs [][]byte) (n, size int, errno syscall.Errno) {
	if len(bufs) == 1 {
		p := bufs[0]
		r, _, e := syscall.RawSyscall(syscall.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
		return int(r), len(p), e
	}
	return rawWritev(fd, bufs)
}

// rawWritev is apart so that its vector is not in the frame of every writer.
//
//go:noinline
func rawWritev(fd int, bufs [][]byte) (n, size int, errno syscall.Errno) {
	var vector [maxVector]syscall.Iovec
	count := min(len(bufs), maxVector)
	for i := range count {
		vector[i].Base = unsafe.SliceData(bufs[i])
		vector[i].SetLen(len(bufs[i]))
		size += len(bufs[i])
	}
	r, _, e := syscall.RawSyscall(syscall.SYS_WRITEV, uintptr(fd), uintptr(unsafe.Pointer(&vector[0])), uintptr(count))
	return int(r), size, e
}
