package daemon

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trellismq/trellis/auth-drivers/nkey"
	"github.com/trellismq/trellis/auth-drivers/tlsmap"
	"github.com/trellismq/trellis/auth-drivers/token"
	"github.com/trellismq/trellis/auth-drivers/userpass"
	"github.com/trellismq/trellis/sdk/auth"
)

// patience is how long a test waits for what is bound to happen.
const patience = 15 * time.Second

var drivers = Drivers{Auth: []auth.Driver{nkey.Driver{}, tlsmap.Driver{}, userpass.Driver{}, token.Driver{}}}

// output is what a process writes, to be waited for.
type output struct {
	mu    sync.Mutex
	text  bytes.Buffer
	grown chan struct{} // closed and replaced by each write
}

func newOutput() *output { return &output{grown: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.grown)
	o.grown = make(chan struct{})
	return o.text.Write(p)
}

func (o *output) String() string {
	text, _ := o.now()
	return text
}

func (o *output) now() (text string, grown <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.grown
}

// process is a run of the program inside the test.
type process struct {
	t              *testing.T
	stdout, stderr *output
	signals        chan os.Signal
	ended          chan int
	address        string
}

// launch runs the program.
func launch(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{t: t, stdout: newOutput(), stderr: newOutput(), signals: make(chan os.Signal, 1), ended: make(chan int, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		p.ended <- Run(ctx, Process{
			Args: args, Environment: os.LookupEnv, Stdout: p.stdout, Stderr: p.stderr, Signals: p.signals,
		}, drivers)
		close(p.ended)
	}()
	t.Cleanup(func() {
		cancel()
		p.code()
	})
	return p
}

// execute runs the program to its end.
func execute(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	p := launch(t, args...)
	code = p.code()
	return code, p.stdout.String(), p.stderr.String()
}

// serve runs the program on a free port of this machine and returns when it is
// ready.
func serve(t *testing.T, args ...string) *process {
	t.Helper()
	p := launch(t, append([]string{"-a", "127.0.0.1", "-p", "-1"}, args...)...)
	p.waitFor(regexp.MustCompile("Server is ready\n"))
	p.address = listening(p.stderr.String())
	return p
}

// listening returns the address that a log says clients are awaited at.
func listening(log string) string {
	m := regexp.MustCompile(`Listening for client connections on (\S+)`).FindStringSubmatch(log)
	if m == nil {
		return ""
	}
	return m[1]
}

// waitFor waits until standard error matches.
func (p *process) waitFor(pattern *regexp.Regexp) {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		text, grown := p.stderr.now()
		if pattern.MatchString(text) {
			return
		}
		select {
		case <-grown:
		case code, ok := <-p.ended:
			if ok {
				p.ended <- code
			}
			if text := p.stderr.String(); !pattern.MatchString(text) {
				p.t.Fatalf("ended without %q:\n%s", pattern, text)
			}
			return
		case <-deadline:
			p.t.Fatalf("no %q within %v:\n%s", pattern, patience, text)
		}
	}
}

// code returns the exit code of a program that ends by itself.
func (p *process) code() int {
	p.t.Helper()
	select {
	case code := <-p.ended:
		return code
	case <-time.After(patience):
		p.t.Fatalf("did not end within %v:\n%s", patience, p.stderr)
		return 0
	}
}

// stop ends the program by a signal.
func (p *process) stop(s os.Signal) int {
	p.t.Helper()
	p.signals <- s
	return p.code()
}

// connect opens a connection, so that there is something to log.
func (p *process) connect() net.Conn {
	p.t.Helper()
	conn, err := net.DialTimeout("tcp", p.address, patience)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	return conn
}

// write makes a file in a directory of its own.
func write(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "test.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// expect fails unless a finished run went as it should; text is a part of
// standard error.
func expect(t *testing.T, wantCode int, text string, args ...string) {
	t.Helper()
	code, _, stderr := execute(t, args...)
	if code != wantCode || !strings.Contains(stderr, text) {
		t.Errorf("%q: exit %d, want %d; stderr %q, want %q", args, code, wantCode, stderr, text)
	}
}
