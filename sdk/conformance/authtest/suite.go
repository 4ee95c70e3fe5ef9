package authtest

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/conformance"
)

// Suite says what a driver is and how it should answer.
type Suite struct {
	Driver auth.Driver
	// Settings are valid settings, written as a JSON object. Passwords and other
	// secrets in them should have eight characters or more, so that the kit can
	// look for them where they must not be.
	Settings string
	// Invalid are settings that must be refused, by what is wrong with them.
	Invalid map[string]string
	// Now is the broker's time; the machine's when zero.
	Now time.Time
	// Cases should hold at least one attempt for each outcome that the driver
	// can have.
	Cases []Case
}

// Case is an attempt and the answer it deserves.
type Case struct {
	Name    string
	Attempt auth.Attempt
	Outcome auth.Outcome
	// Reason is that of a Reject.
	Reason auth.Reason
	// Identity, when set, is that of an Accept.
	Identity *auth.Identity
	// Fails is set when the driver should return an error.
	Fails bool
}

// Run runs the kit.
func Run(t *testing.T, s Suite) {
	t.Run("describes itself", s.describes)
	t.Run("refuses wrong settings", s.refusesSettings)
	for _, c := range s.Cases {
		t.Run(c.Name, func(t *testing.T) { s.answers(t, c) })
	}
	t.Run("has cases", s.hasCases)
	t.Run("is asked by many", s.isAskedByMany)
	t.Run("lives beside its next generation", s.generations)
	t.Run("returns when the context ends", s.returns)
	t.Run("leaves nothing behind", s.leavesNothing)
}

// Open opens an authenticator for a test, to be closed when the test ends.
func Open(t testing.TB, driver auth.Driver, settings string) (auth.Authenticator, *conformance.Host) {
	t.Helper()
	h := new(conformance.Host)
	a, err := open(t, driver, settings, h)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { closeIt(t, a) })
	return a, h
}

func open(t testing.TB, driver auth.Driver, text string, h *conformance.Host) (auth.Authenticator, error) {
	t.Helper()
	settings, err := conformance.Settings(t, driver.Describe().Options, text)
	if err != nil {
		return nil, err
	}
	return driver.Open(context.Background(), settings, h)
}

func closeIt(t testing.TB, a auth.Authenticator) {
	t.Helper()
	if err := a.Close(context.Background()); err != nil {
		t.Errorf("close: %v", err)
	}
}

// opened is a driver of the suite, opened for one test.
func (s *Suite) opened(t *testing.T) (auth.Authenticator, *conformance.Host) {
	t.Helper()
	a, h := Open(t, s.Driver, s.Settings)
	if !s.Now.IsZero() {
		h.SetNow(s.Now)
	}
	return a, h
}

// ask hands the attempt over as the broker would.
func (s *Suite) ask(a auth.Authenticator, c Case) (auth.Verdict, error) {
	return a.Authenticate(context.Background(), c.Attempt.Only(s.Driver.Describe().Reads...))
}

// faults are what is wrong with an answer to the case.
func (c *Case) faults(verdict auth.Verdict, err error) []string {
	var faults []string
	fault := func(wrong bool, text string) {
		if wrong {
			faults = append(faults, text)
		}
	}
	if c.Fails {
		fault(err == nil, "no error")
		return faults
	}
	if err != nil {
		return []string{"error: " + err.Error()}
	}
	fault(verdict.Outcome != c.Outcome, verdict.Outcome.String()+", want "+c.Outcome.String())
	if verdict.Outcome == auth.Reject && c.Outcome == auth.Reject {
		fault(verdict.Reason != c.Reason, verdict.Reason.String()+", want "+c.Reason.String())
	}
	id := verdict.Identity
	fault((id != nil) != (verdict.Outcome == auth.Accept), "an identity comes with Accept and with nothing else")
	if id == nil {
		return faults
	}
	fault(id.User == "", "the identity has no user")
	fault(id.Key == "", "the identity has no key")
	fault(id.Generation != 0 || id.Driver != "", "generation and driver are the host's to fill in")
	fault(id.Permissions.Validate() != nil, "the identity's permissions are not valid")
	fault(c.Identity != nil && !reflect.DeepEqual(id, c.Identity), "not the wanted identity")
	return faults
}
