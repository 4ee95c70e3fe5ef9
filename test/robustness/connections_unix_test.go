//go:build unix

package robustness

import (
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

// raiseFileLimit lets this process and its children have so many files open, or skips the test.
func raiseFileLimit(t *testing.T, files uint64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur >= files {
		return
	}
	limit.Cur = min(files, limit.Max)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur < files {
		t.Skipf("SKIPPED: the test needs %d open files and this user may have %d (ulimit -n)", files, limit.Max)
	}
}

// TestSilentConnections makes 5,000 connections that never send CONNECT to a server that wants a
// login. Others log in and exchange messages meanwhile, and each silent one is told and closed.
func TestSilentConnections(t *testing.T) {
	const connections = 5000
	raiseFileLimit(t, connections+1000)
	s := server.Start(t, server.Options{Config: `authorization { timeout: 3, users: [ {user: a, password: b} ] }`})
	const login = `"user":"a","pass":"b"`
	b := newBystander(t, s, login)
	silent := make([]*wire.Conn, connections)
	for i := range silent {
		silent[i] = wire.Dial(t, s.Addr())
		if i%3 == 0 {
			// A third of them begins and stops.
			silent[i].Send("CONNECT {\"user\":")
		}
		if i%500 == 0 {
			b.undisturbed()
			newBystander(t, s, login).undisturbed()
		}
	}
	slowest := time.Duration(0)
	for _, c := range silent {
		began := time.Now()
		b.undisturbed()
		slowest = max(slowest, time.Since(began))
		c.ExpectInfo()
		c.ExpectFatal("Authentication Timeout")
	}
	if slowest > time.Second {
		t.Errorf("a message of another client took %s", slowest)
	}
	newBystander(t, s, login).undisturbed()
}

// TestConnectionChurn opens and closes connections in ways that are not polite.
func TestConnectionChurn(t *testing.T) {
	t.Parallel()
	s := server.Start(t, server.Options{})
	b := newBystander(t, s)
	for i := range 500 {
		conn, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		tcp := conn.(*net.TCPConn)
		if i%2 == 0 {
			// The end is a reset.
			if err := tcp.SetLinger(0); err != nil {
				t.Fatal(err)
			}
		}
		if i%3 == 0 {
			if _, err := conn.Write([]byte(wire.Login() + "SUB > 1\r\nPUB churn 100\r\nhalf")); err != nil {
				t.Fatal(err)
			}
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
		if i%50 == 0 {
			b.undisturbed()
		}
	}
	b.undisturbed()
}
