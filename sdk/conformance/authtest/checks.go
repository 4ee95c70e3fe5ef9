package authtest

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/conformance"
)

// patience is how long the kit waits for what must happen but may take a while.
const patience = 10 * time.Second

var driverName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

func (s *Suite) describes(t *testing.T) {
	d := s.Driver.Describe()
	if !driverName.MatchString(d.Name) {
		t.Errorf("name %q: want lower-case letters, digits and dashes", d.Name)
	}
	if d.Summary == "" || strings.Contains(d.Summary, "\n") {
		t.Errorf("summary %q: want one line", d.Summary)
	}
	if d.Options == nil {
		t.Fatal("no table of options; a driver without settings has an empty one")
	}
	for _, o := range d.Options.Options() {
		if o.Doc == "" {
			t.Errorf("option %q is not documented", o.Name)
		}
	}
	s.opened(t)
	if again := s.Driver.Describe(); !reflect.DeepEqual(d, again) {
		t.Errorf("describes itself as %+v first and as %+v when open", d, again)
	}
}

func (s *Suite) refusesSettings(t *testing.T) {
	for name, settings := range s.Invalid {
		t.Run(name, func(t *testing.T) {
			h := new(conformance.Host)
			a, err := open(t, s.Driver, settings, h)
			if err == nil {
				closeIt(t, a)
				t.Fatal("accepted")
			}
			s.keepsSecrets(t, settings, Case{}, err.Error(), h.Logged())
		})
	}
}

// answers checks one case, and that neither the attempt is touched nor a secret
// told.
func (s *Suite) answers(t *testing.T, c Case) {
	a, h := s.opened(t)
	given := c.Attempt.Only(s.Driver.Describe().Reads...)
	before := *given
	verdict, err := a.Authenticate(context.Background(), given)
	for _, fault := range c.faults(verdict, err) {
		t.Errorf("%s: %+v %+v", fault, verdict, verdict.Identity)
	}
	if !reflect.DeepEqual(before, *given) {
		t.Error("the attempt was changed")
	}
	s.keepsSecrets(t, s.Settings, c, fmt.Sprintf("%+v %+v %v", verdict, verdict.Identity, err), h.Logged())
}

// keepsSecrets looks for the secrets of settings and attempt in what was said.
func (s *Suite) keepsSecrets(t *testing.T, settings string, c Case, said ...string) {
	t.Helper()
	secrets := conformance.Secrets(s.Driver.Describe().Options, conformance.Value(t, settings))
	for _, secret := range []string{c.Attempt.Password, c.Attempt.Token, c.Attempt.Signature, c.Attempt.JWT} {
		if conformance.Searchable(secret) {
			secrets = append(secrets, secret)
		}
	}
	for _, leak := range conformance.Leaks(secrets, said...) {
		t.Errorf("a secret is told: %s", leak)
	}
}

func (s *Suite) hasCases(t *testing.T) {
	seen := make(map[auth.Outcome]bool)
	for _, c := range s.Cases {
		seen[c.Outcome] = seen[c.Outcome] || !c.Fails
	}
	if !seen[auth.Accept] || !seen[auth.NotMine] {
		t.Error("want at least one attempt that is accepted and one that is not the driver's")
	}
}

// isAskedByMany checks that answers do not depend on who else is asking.
func (s *Suite) isAskedByMany(t *testing.T) {
	a, _ := s.opened(t)
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() {
			for _, c := range s.Cases {
				verdict, err := s.ask(a, c)
				for _, fault := range c.faults(verdict, err) {
					t.Errorf("%s: %s", c.Name, fault)
				}
			}
		})
	}
	asking.Wait()
}

// generations checks that closing one authenticator leaves the next one alone,
// as a reload does.
func (s *Suite) generations(t *testing.T) {
	next, _ := s.opened(t)
	h := new(conformance.Host)
	old, err := open(t, s.Driver, s.Settings, h)
	if err != nil {
		t.Fatalf("open beside another generation: %v", err)
	}
	closeIt(t, old)
	for _, c := range s.Cases {
		verdict, err := s.ask(next, c)
		for _, fault := range c.faults(verdict, err) {
			t.Errorf("%s: %s", c.Name, fault)
		}
	}
}

// returns checks that a call whose context has ended does not last. What it
// answers is left open: a driver that is quick needs no context.
func (s *Suite) returns(t *testing.T) {
	a, _ := s.opened(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range s.Cases {
		returned := make(chan struct{})
		go func() {
			defer close(returned)
			verdict, err := a.Authenticate(ctx, c.Attempt.Only(s.Driver.Describe().Reads...))
			if err == nil && verdict.Outcome == auth.Accept && c.Outcome != auth.Accept {
				t.Errorf("%s: accepted because the context has ended", c.Name)
			}
		}()
		select {
		case <-returned:
		case <-time.After(patience):
			t.Fatalf("%s: still running %v after the context has ended", c.Name, patience)
		}
	}
}

// leavesNothing checks that opening and closing leaves no goroutine behind, also
// when the settings are refused.
func (s *Suite) leavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 3 {
		a, err := open(t, s.Driver, s.Settings, new(conformance.Host))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range s.Cases {
			_, _ = s.ask(a, c) // judged elsewhere
		}
		closeIt(t, a)
	}
	for _, settings := range s.Invalid {
		if a, err := open(t, s.Driver, settings, new(conformance.Host)); err == nil {
			closeIt(t, a)
		}
	}
	deadline := time.After(patience)
	for runtime.NumGoroutine() > before {
		select {
		case <-deadline:
			t.Fatalf("%d goroutines before, %d after", before, runtime.NumGoroutine())
		default:
			runtime.Gosched()
		}
	}
}
