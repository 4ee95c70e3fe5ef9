package host

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/trellismq/trellis/auth-drivers/nkey"
	"github.com/trellismq/trellis/auth-drivers/tlsmap"
	"github.com/trellismq/trellis/auth-drivers/token"
	"github.com/trellismq/trellis/auth-drivers/userpass"
	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/auth"
	sdk "github.com/trellismq/trellis/sdk/host"
	"github.com/trellismq/trellis/sdk/option"
)

// fake is a driver whose behaviour a test writes. It counts what is open.
type fake struct {
	name         string
	reads        []auth.AttemptField
	capabilities auth.Capability
	open         func(settings *option.Settings, h sdk.Host) error
	answer       func(ctx context.Context, level string, attempt *auth.Attempt) (auth.Verdict, error)

	mu     sync.Mutex // guards all below
	opened []string   // "level" of each Open that worked
	closed []string
}

var level = option.Text("level").Doc("Tells generations apart.")

var fakeTable = option.NewTable(level)

func (f *fake) Describe() auth.Description {
	return auth.Description{Name: f.name, Summary: "for tests", Reads: f.reads, Options: fakeTable, Capabilities: f.capabilities}
}

func (f *fake) Open(_ context.Context, settings *option.Settings, h sdk.Host) (auth.Authenticator, error) {
	if f.open != nil {
		if err := f.open(settings, h); err != nil {
			return nil, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.opened = append(f.opened, level.Get(settings))
	return &fakeAuthenticator{f, level.Get(settings)}, nil
}

func (f *fake) state() (opened, closed string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.opened, " "), strings.Join(f.closed, " ")
}

type fakeAuthenticator struct {
	driver *fake
	level  string
}

func (a *fakeAuthenticator) Authenticate(ctx context.Context, attempt *auth.Attempt) (auth.Verdict, error) {
	return a.driver.answer(ctx, a.level, attempt)
}

func (a *fakeAuthenticator) Close(context.Context) error {
	a.driver.mu.Lock()
	defer a.driver.mu.Unlock()
	a.driver.closed = append(a.driver.closed, a.level)
	return nil
}

// letIn accepts everybody as the named user of the account.
func letIn(user, account string) func(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
	return func(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
		return auth.Verdict{Outcome: auth.Accept, Identity: &auth.Identity{User: user, Key: user, Account: account}}, nil
	}
}

func notMine(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
	return auth.Verdict{}, nil
}

// registry holds the usual drivers and those of the test.
func registry(t testing.TB, drivers ...auth.Driver) *Registry {
	t.Helper()
	usual := []auth.Driver{nkey.Driver{}, tlsmap.Driver{}, userpass.Driver{}, token.Driver{}}
	r, err := NewRegistry(Drivers{Auth: append(usual, drivers...)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// options reads a configuration in the NATS configuration language.
func options(t testing.TB, text string) *config.Options {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.conf")
	if err := os.WriteFile(path, []byte("server_name: test\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	o, report, err := config.Load(path, os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Err(); err != nil {
		t.Fatal(err)
	}
	return o
}

// serving is an Authentication that has committed a configuration.
func serving(t testing.TB, e Environment, text string, drivers ...auth.Driver) *Authentication {
	t.Helper()
	return servingOptions(t, e, options(t, text), drivers...)
}

func servingOptions(t testing.TB, e Environment, o *config.Options, drivers ...auth.Driver) *Authentication {
	t.Helper()
	a := NewAuthentication(registry(t, drivers...), e)
	t.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	reload(t, a, o)
	return a
}

func reload(t testing.TB, a *Authentication, o *config.Options) {
	t.Helper()
	change, err := a.Prepare(context.Background(), nil, o)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change.Commit()
	}
}

// says asks the chain and renders its answer in short.
func says(a *Authentication, attempt *auth.Attempt) string {
	verdict, err := a.Authenticate(context.Background(), attempt)
	switch {
	case err != nil && verdict.Outcome != auth.Reject:
		return fmt.Sprintf("error with %v", verdict.Outcome)
	case err != nil:
		return "error: " + err.Error()
	case verdict.Outcome != auth.Accept:
		return verdict.Outcome.String() + ": " + verdict.Reason.String()
	}
	id := verdict.Identity
	return fmt.Sprintf("%s in %s by %s", id.User, bound(id.Account), id.Driver)
}
