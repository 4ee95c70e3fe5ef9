package daemon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/broker"
	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/plugins/host"
	"github.com/trellismq/trellis/sdk/auth"
	sdk "github.com/trellismq/trellis/sdk/host"
	"github.com/trellismq/trellis/sdk/option"
)

// broken is a driver that can be configured but not opened.
type broken struct{}

var errBroken = errors.New("out of order")

func (broken) Describe() auth.Description {
	return auth.Description{Name: "broken", Options: option.NewTable()}
}

func (broken) Open(context.Context, *option.Settings, sdk.Host) (auth.Authenticator, error) {
	return nil, errBroken
}

const (
	before = `
listen: "127.0.0.1:-1"
max_payload: 1000
system_account: SYS
accounts { SYS {}, A { users: [{user: ann, password: a}] } }
`
	after = `
listen: "127.0.0.1:-1"
max_payload: 2000
debug: true
system_account: SYS
accounts { SYS {}, B { users: [{user: bob, password: b}] } }
`
)

// options reads a configuration.
func options(t *testing.T, text string) *config.Options {
	t.Helper()
	o, report, err := config.Load(write(t, text), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Err(); err != nil {
		t.Fatal(err)
	}
	return o
}

// running starts a server for tests of reloads.
func running(t *testing.T, o *config.Options) (*server, *output) {
	t.Helper()
	registry, err := host.NewRegistry(Drivers{Auth: append(slices.Clone(drivers.Auth), broken{})})
	if err != nil {
		t.Fatal(err)
	}
	log := newOutput()
	l, err := openLog(&o.Logging, log)
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(o, l, registry)
	t.Cleanup(func() {
		s.stop()
		l.Close()
	})
	if err := s.start(context.Background(), ""); err != nil {
		t.Fatal(err)
	}
	return s, log
}

// admits reports whether the server lets a user in.
func admits(t *testing.T, s *server, user, password string) bool {
	t.Helper()
	nc, err := nats.Connect(s.broker.URL(), nats.UserInfo(user, password), nats.NoReconnect(), nats.Timeout(patience))
	if err != nil {
		if !errors.Is(err, nats.ErrAuthorization) {
			t.Fatal(err)
		}
		return false
	}
	nc.Close()
	return true
}

// state is what a failed reload must leave as it was.
func state(t *testing.T, s *server) string {
	t.Helper()
	var accounts []string
	for _, a := range s.accounts.Accounts() {
		accounts = append(accounts, a.Name())
	}
	nc, err := nats.Connect(s.broker.URL(), nats.UserInfo("ann", "a"), nats.NoReconnect(), nats.Timeout(patience))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	return fmt.Sprintf("listening on %v, accounts %q, ann is in with max_payload %d, debug %v, bob is in: %v, options %p",
		s.broker.Addr(), accounts, nc.MaxPayload(), s.log.Debug(), admits(t, s, "bob", "b"), s.options)
}

// resources counts what a failed reload must give back: goroutines, and where it
// can be told open files.
func resources() (goroutines, files int) {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return runtime.NumGoroutine(), 0
	}
	return runtime.NumGoroutine(), len(open)
}

// settle waits until no more resources are in use than before.
func settle(t *testing.T, goroutines, files int) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; runtime.Gosched() {
		g, f := resources()
		if g <= goroutines && f <= files {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines and %d files, before the reload %d and %d", g, f, goroutines, files)
		}
	}
}

// as reports whether err is an E.
func as[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// Each owner fails in turn, in a reload that would change something of every
// other.
func TestFailedReloadChangesNothing(t *testing.T) {
	tests := []struct {
		owner  string
		change string // appended to the new file
		is     func(error) bool
	}{
		{"accounts", "accounts { B { users: [{user: bob, password: b}] } }\n", func(err error) bool { return errors.Is(err, account.ErrSystemMissing) }},
		{"authenticators", "auth: [{driver: userpass}, {driver: broken}]\n", func(err error) bool { return errors.Is(err, errBroken) }},
		{"log", "log_file: \"/no/such/folder/server.log\"\n", func(err error) bool { return errors.Is(err, os.ErrNotExist) }},
		{"broker", "write_deadline: \"3s\"\n", as[*broker.FixedError]},
		{"nobody", "server_name: other\n", as[*config.RefusedError]},
		{"nobody", "jetstream {}\n", as[*MissingError]},
		{"nobody", "max_pending: 1\n", func(err error) bool { return strings.Contains(err.Error(), "max_payload (2000)") }},
	}
	for _, test := range tests {
		t.Run(test.owner, func(t *testing.T) {
			s, _ := running(t, options(t, before))
			was := state(t, s)
			next := options(t, after+test.change)
			if next.Logging.File == "" {
				next.Logging.File = filepath.Join(t.TempDir(), "server.log")
			}
			goroutines, files := resources()
			err := s.reload(context.Background(), next)
			if err == nil || !test.is(err) {
				t.Fatalf("error %v", err)
			}
			settle(t, goroutines, files)
			if is := state(t, s); is != was {
				t.Errorf("changed:\n%s\nbefore:\n%s", is, was)
			}
		})
	}
}

func TestReload(t *testing.T) {
	s, stderr := running(t, options(t, before))
	closed := make(chan error, 1)
	ann, err := nats.Connect(s.broker.URL(), nats.UserInfo("ann", "a"), nats.NoReconnect(), nats.Timeout(patience),
		nats.ClosedHandler(func(nc *nats.Conn) { closed <- nc.LastError() }))
	if err != nil {
		t.Fatal(err)
	}
	defer ann.Close()
	address := s.broker.Addr().String()
	next := options(t, after)
	next.Logging.File = filepath.Join(t.TempDir(), "server.log")
	if err := s.reload(context.Background(), next); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-closed:
		if errors.Is(err, nats.ErrAuthorization) {
			t.Error("the user of an account that went away was told so:", err)
		}
	case <-time.After(patience):
		t.Error("the user of an account that went away is still in")
	}
	if s.broker.Addr().String() != address {
		t.Errorf("listening on %v, before on %s", s.broker.Addr(), address)
	}
	if admits(t, s, "ann", "a") || !admits(t, s, "bob", "b") {
		t.Error("the users are not those of the new file")
	}
	bob, err := nats.Connect(s.broker.URL(), nats.UserInfo("bob", "b"), nats.Timeout(patience))
	if err != nil {
		t.Fatal(err)
	}
	defer bob.Close()
	if bob.MaxPayload() != 2000 {
		t.Errorf("max_payload is %d", bob.MaxPayload())
	}
	text, err := os.ReadFile(next.Logging.File)
	if err != nil || !strings.Contains(string(text), "[DBG]") {
		t.Errorf("%v, the new log file holds %q", err, text)
	}
	if strings.Contains(stderr.String(), "[DBG]") {
		t.Errorf("the old log went on:\n%s", stderr)
	}
}

// The hidden user is the same after a reload, so that nobody it stands for is
// noticed to have changed.
func TestReloadKeepsHiddenUser(t *testing.T) {
	const file = "listen: \"127.0.0.1:-1\"\naccounts { $SYS { users: [{user: admin, password: x}] } }\n"
	o := options(t, file)
	if err := admitAnonymous(o, nil); err != nil {
		t.Fatal(err)
	}
	s, _ := running(t, o)
	nc, err := nats.Connect(s.broker.URL(), nats.NoReconnect(), nats.Timeout(patience))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if err := s.reload(context.Background(), options(t, file+"max_payload: 1000\n")); err != nil {
		t.Fatal(err)
	}
	if err := nc.FlushTimeout(patience); err != nil {
		t.Error(err)
	}
}
