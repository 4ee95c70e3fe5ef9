package server

import (
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Patience is how long a test waits for something that is bound to happen. It only passes in full
// when the test fails.
const Patience = 15 * time.Second

// FreePort is the Listen value of most tests: the loopback interface, any free port.
const FreePort = "127.0.0.1:-1"

// Options says how to run the program. The zero value runs it without a configuration file on
// FreePort.
type Options struct {
	Config string   // text of the configuration file; empty: no file
	File   string   // name of that file; its extension chooses the syntax; default "server.conf"
	Listen string   // host:port given as flags; default FreePort; "none": no flags, the file or the defaults decide
	Args   []string // further arguments
	Env    []string // further NAME=value pairs
	Dir    string   // working directory; default: a fresh one that the test removes
}

// Server is one run of the program. All methods may be called from any goroutine, those that can
// fail the test only from the test's own.
type Server struct {
	tb     testing.TB
	cmd    *exec.Cmd
	dir    string
	addr   string
	stderr *log
	stdout bytes.Buffer
	exited chan struct{} // closed after the process ended and its output was read
}

// Start runs the program and returns when it accepts clients. The test fails if it does not.
func Start(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := Launch(tb, o)
	const listening = "Listening for client connections on "
	s.addr = strings.TrimPrefix(s.WaitFor(listening).Text, listening)
	s.WaitFor("Server is ready")
	return s
}

// Launch runs the program and returns at once, for tests of a start that fails or that logs
// elsewhere. The process is ended with the test.
func Launch(tb testing.TB, o Options) *Server {
	tb.Helper()
	s := &Server{tb: tb, dir: o.Dir, stderr: newLog(), exited: make(chan struct{})}
	if s.dir == "" {
		s.dir = tb.TempDir()
	}
	s.cmd = exec.Command(Binary(tb), s.arguments(o)...)
	s.cmd.Dir = s.dir
	s.cmd.Env = append(os.Environ(), o.Env...)
	s.cmd.Stdout = &s.stdout
	adopt(s.cmd)
	pipe, err := s.cmd.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() {
		s.stderr.read(pipe)
		// The exit code is read from ProcessState; a failing exit is for the test to judge.
		_ = s.cmd.Wait()
		close(s.exited)
	}()
	tb.Cleanup(s.cleanup)
	return s
}

// arguments writes the configuration file and returns the command line.
func (s *Server) arguments(o Options) []string {
	var args []string
	if o.Config != "" {
		file := o.File
		if file == "" {
			file = "server.conf"
		}
		s.Write(file, o.Config)
		args = append(args, "-c", file)
	}
	listen := o.Listen
	if listen == "" {
		listen = FreePort
	}
	if listen != "none" {
		host, port, err := net.SplitHostPort(listen)
		if err != nil {
			s.tb.Fatal(err)
		}
		args = append(args, "-a", host, "-p", port)
	}
	return append(args, o.Args...)
}

// Write puts a file into the working directory.
func (s *Server) Write(name, text string) {
	s.tb.Helper()
	if err := os.WriteFile(s.Path(name), []byte(text), 0o600); err != nil {
		s.tb.Fatal(err)
	}
}

// Path returns the path of a file in the working directory.
func (s *Server) Path(name string) string { return filepath.Join(s.dir, name) }

// Addr returns the host:port of the client listener.
func (s *Server) Addr() string { return s.addr }

// URL returns the client listener as a URL; credentials ("user:password" or a token) may be empty.
func (s *Server) URL(credentials string) string {
	if credentials != "" {
		credentials += "@"
	}
	return "nats://" + credentials + s.addr
}

// PID returns the process id.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Log returns the lines written to stderr so far.
func (s *Server) Log() []Line {
	lines, _, _ := s.stderr.from(0)
	return lines
}

// WaitFor returns the first line of the log that contains text, waiting for it if need be.
func (s *Server) WaitFor(text string) Line {
	s.tb.Helper()
	return s.WaitForAt("", text)
}

// WaitForAt is WaitFor among the lines of one level, such as "WRN"; empty: of any.
func (s *Server) WaitForAt(level, text string) Line {
	s.tb.Helper()
	deadline := time.After(Patience)
	for seen := 0; ; {
		lines, closed, grown := s.stderr.from(seen)
		for _, line := range lines {
			if strings.Contains(line.Text, text) && (level == "" || line.Level == level) {
				return line
			}
		}
		if closed {
			s.tb.Fatalf("the program ended without logging %s %q; its log:\n%s", level, text, s.stderr)
		}
		seen += len(lines)
		select {
		case <-grown:
		case <-deadline:
			s.tb.Fatalf("%s %q was not logged within %s; the log:\n%s", level, text, Patience, s.stderr)
		}
	}
}

// Signal sends a signal to the process.
func (s *Server) Signal(sig os.Signal) {
	s.tb.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.tb.Fatalf("signal %v: %v", sig, err)
	}
}

// Stop ends the process in the orderly way (SIGTERM) and returns its exit code.
func (s *Server) Stop() int {
	s.tb.Helper()
	s.Signal(syscall.SIGTERM)
	return s.Wait()
}

// Kill ends the process without giving it a chance to say goodbye.
func (s *Server) Kill() {
	s.tb.Helper()
	s.Signal(os.Kill)
	s.Wait()
}

// Wait returns the exit code of a process that ends by itself; -1 if a signal ended it.
func (s *Server) Wait() int {
	s.tb.Helper()
	select {
	case <-s.exited:
	case <-time.After(Patience):
		s.tb.Fatalf("the program did not end within %s; its log:\n%s", Patience, s.stderr)
	}
	return s.cmd.ProcessState.ExitCode()
}

// Stdout returns what an ended process wrote to its standard output.
func (s *Server) Stdout() string {
	s.tb.Helper()
	s.Wait()
	return s.stdout.String()
}

// Stderr returns what the process wrote to its standard error so far.
func (s *Server) Stderr() string { return s.stderr.String() }

func (s *Server) cleanup() {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.tb.Errorf("ending the program: %v", err)
	}
	select {
	case <-s.exited:
	case <-time.After(Patience):
		s.tb.Errorf("the program ignored SIGTERM; its log:\n%s", s.stderr)
		_ = s.cmd.Process.Kill()
		<-s.exited
	}
	for _, line := range s.Log() {
		if strings.HasPrefix(line.Raw, "panic: ") || strings.HasPrefix(line.Raw, "fatal error: ") || line.Raw == "WARNING: DATA RACE" {
			s.tb.Errorf("the program crashed or raced; its log:\n%s", s.stderr)
			return
		}
	}
}
