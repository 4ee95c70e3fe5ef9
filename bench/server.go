package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// The user that every connection of the bench authenticates as, unless the
// server is open.
const (
	benchUser     = "bench"
	benchPassword = "bench"
)

// tenants is the part of the configuration that an open server does without. The
// user has allow lists with literal and wildcard entries for either direction,
// because a broker without permissions is not what anyone runs.
const tenants = `system_account: SYS
accounts {
  BENCH {
    users = [
      { user: "` + benchUser + `", password: "` + benchPassword + `", permissions: {
          publish:   { allow: ["bench.>", "work.*.done", "status", "_INBOX.>"] }
          subscribe: { allow: ["bench.>", "work.*.todo", "status", "_INBOX.>"] }
      } }
      { user: "reader", password: "reader", permissions: {
          publish:   { deny: ">" }
          subscribe: { allow: "bench.>" }
      } }
    ]
  }
  SYS { users = [ { user: "admin", password: "admin" } ] }
}
`

// readyWithin bounds how long a server may take from its start to its first PONG.
const readyWithin = 15 * time.Second

// An address says where a server listens and how to introduce oneself there.
type address struct {
	netip.AddrPort
	open bool // the server knows no users, so there are no credentials to send
}

// configuration returns what a server at the address is started with.
func (a address) configuration() []byte {
	text := fmt.Appendf(nil, "host: %v\nport: %d\n", a.Addr(), a.Port())
	if a.open {
		return text
	}
	return append(text, tenants...)
}

// A server is a running broker.
type server struct {
	addr address
	pid  int

	cmd    *exec.Cmd
	log    string        // file with what the server printed
	exited chan struct{} // closed when the process has ended
}

// startServer starts the binary on a free port of the loopback interface and
// waits until it has answered a whole CONNECT, SUB and PING, so that the code of
// those is resident before anyone looks at the server's memory. The process ends
// with stop, with ctx, or with this process, whichever comes first. wrap, if
// given, is a command line that runs the server, such as a tracer's.
func startServer(ctx context.Context, b program, dir string, wrap ...string) (*server, error) {
	free, err := freeAddress()
	if err != nil {
		return nil, err
	}
	addr := address{free, b.open}
	base := filepath.Join(dir, fmt.Sprintf("%s-%d", b.name, addr.Port()))
	config := base + ".conf"
	if err := os.WriteFile(config, addr.configuration(), 0o600); err != nil {
		return nil, err
	}
	out, err := os.Create(base + ".log")
	if err != nil {
		return nil, err
	}
	defer out.Close()

	argv := append(wrap, b.path, "-c", config)
	s := &server{addr: addr, log: out.Name(), exited: make(chan struct{})}
	s.cmd = exec.CommandContext(ctx, argv[0], argv[1:]...)
	s.cmd.Stdout, s.cmd.Stderr = out, out
	// A group of its own, so that a tracer goes together with what it traces.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	s.cmd.Cancel = s.kill
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", b.name, err)
	}
	s.pid = s.cmd.Process.Pid
	go func() {
		defer close(s.exited)
		_ = s.cmd.Wait() // the server is always killed, so its exit code says nothing
	}()
	if err := s.awaitReady(ctx); err != nil {
		s.stop()
		return nil, fmt.Errorf("%s: %w\n%s", b.name, err, s.logTail())
	}
	return s, nil
}

// stop kills the server and waits for its end.
func (s *server) stop() {
	_ = s.kill() // fails only for a process that has already ended
	<-s.exited
}

func (s *server) kill() error { return syscall.Kill(-s.pid, syscall.SIGKILL) }

func (s *server) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	retry := time.NewTicker(5 * time.Millisecond)
	defer retry.Stop()
	for {
		err := s.greet(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.exited:
			return fmt.Errorf("the server ended before it was ready: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("the server was not ready after %v: %w", readyWithin, err)
		case <-retry.C:
		}
	}
}

// greet does what each idle connection of the bench does, with a plain net.Conn
// so that it can give up with ctx.
func (s *server) greet(ctx context.Context) error {
	var dialer net.Dialer
	c, err := dialer.DialContext(ctx, "tcp", s.addr.String())
	if err != nil {
		return err
	}
	defer c.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := c.SetDeadline(deadline); err != nil {
			return err
		}
	}
	r := bufio.NewReader(c)
	info, err := r.ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(info, "INFO ") {
		return fmt.Errorf("greeted with %q instead of INFO", info)
	}
	if _, err := c.Write([]byte(s.addr.connectLine() + "SUB bench.ready 1\r\nPING\r\n")); err != nil {
		return err
	}
	for {
		line, err := r.ReadString('\n')
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(line, "PONG"):
			return nil
		case strings.HasPrefix(line, "-ERR"):
			return errors.New(strings.TrimSpace(line))
		}
	}
}

// logTail returns the end of what the server printed.
func (s *server) logTail() string {
	const most = 2 << 10
	text, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-most):])
}

// freeAddress returns an address that nobody listens on now. The servers get a
// fixed port instead of choosing one, because reading the choice back would
// depend on what they log.
func freeAddress() (netip.AddrPort, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return netip.AddrPort{}, err
	}
	defer l.Close()
	return netip.ParseAddrPort(l.Addr().String())
}
