package account

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/trellismq/trellis/sdk/auth"
)

func names(accounts []*Account) []string {
	var s []string
	for _, a := range accounts {
		s = append(s, a.Name())
	}
	return s
}

func commit(t *testing.T, s *Set, d Definitions) *Change {
	t.Helper()
	c, err := s.Prepare(d)
	if err != nil {
		t.Fatal(err)
	}
	c.Commit()
	return c
}

func defined(names ...string) []Definition {
	var d []Definition
	for _, name := range names {
		d = append(d, Definition{Name: name, Limits: Unlimited()})
	}
	return d
}

func TestNewSet(t *testing.T) {
	s := NewSet()
	if got := names(s.Accounts()); !slices.Equal(got, []string{Default, System}) {
		t.Errorf("accounts %q", got)
	}
	byDefault, ok := s.Lookup("")
	if !ok || byDefault != s.Default() || byDefault.Name() != Default || byDefault.Limits() != Unlimited() {
		t.Errorf("default account %+v", byDefault)
	}
	if s.System() == nil || s.System().Name() != System {
		t.Errorf("system account %v", s.System())
	}
	if _, ok := s.Lookup("A"); ok {
		t.Error("found an account that is not there")
	}
}

func TestSystemAccount(t *testing.T) {
	s := NewSet()
	commit(t, s, Definitions{Accounts: defined("A", "ADMIN"), System: "ADMIN"})
	if got := names(s.Accounts()); s.System().Name() != "ADMIN" || !slices.Equal(got, []string{Default, "A", "ADMIN"}) {
		t.Errorf("system account %v of %q", s.System().Name(), got)
	}
	commit(t, s, Definitions{Accounts: defined("A", System)})
	if got := names(s.Accounts()); s.System().Name() != System || len(got) != 3 {
		t.Errorf("system account %v of %q", s.System().Name(), got)
	}
	commit(t, s, Definitions{Accounts: defined("A"), NoSystem: true})
	if got := names(s.Accounts()); s.System() != nil || !slices.Equal(got, []string{Default, "A"}) {
		t.Errorf("system account %v of %q", s.System(), got)
	}
}

func TestPrepareRefuses(t *testing.T) {
	s := NewSet()
	commit(t, s, Definitions{Accounts: defined("A")})
	before := s.Accounts()
	bad := Definition{Name: "B", DefaultPermissions: &auth.Permissions{Publish: auth.Subjects{Allow: []string{"a..b"}}}}
	var wrong *auth.SubjectError
	for name, tt := range map[string]struct {
		definitions Definitions
		is          func(error) bool
	}{
		"twice":       {Definitions{Accounts: defined("B", "B")}, func(err error) bool { return errors.Is(err, ErrTwice) }},
		"no name":     {Definitions{Accounts: defined("")}, func(err error) bool { return errors.Is(err, ErrNoName) }},
		"no system":   {Definitions{System: "B"}, func(err error) bool { return errors.Is(err, ErrSystemMissing) }},
		"permissions": {Definitions{Accounts: []Definition{bad}}, func(err error) bool { return errors.As(err, &wrong) }},
	} {
		t.Run(name, func(t *testing.T) {
			if c, err := s.Prepare(tt.definitions); c != nil || !tt.is(err) {
				t.Errorf("got %v, %v", c, err)
			}
			if !slices.Equal(s.Accounts(), before) {
				t.Error("a refused change has an effect")
			}
		})
	}
}

// Nothing changes before Commit; accounts that stay keep object and counters.
func TestChange(t *testing.T) {
	s := NewSet()
	commit(t, s, Definitions{Accounts: defined("A", "B")})
	a, _ := s.Lookup("A")
	b, _ := s.Lookup("B")
	if err := a.Register(); err != nil {
		t.Fatal(err)
	}
	permissions := &auth.Permissions{}
	next := Definitions{Accounts: append(defined("C"), Definition{
		Name: "A", Limits: Limits{MaxConnections: 1, MaxPayload: 10}, DefaultPermissions: permissions,
	})}
	c, err := s.Prepare(next)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Lookup("C"); ok || a.Limits() != Unlimited() || a.DefaultPermissions() != nil {
		t.Error("a change has an effect before it is committed")
	}
	if got := c.Removed(); len(got) != 1 || got[0] != b {
		t.Errorf("removed %q", names(got))
	}
	c.Commit()
	if now, _ := s.Lookup("A"); now != a || a.Connections() != 1 {
		t.Error("A is another account now")
	}
	if a.Limits().MaxPayload != 10 || a.DefaultPermissions() != permissions {
		t.Errorf("A is defined as %+v, %v", a.Limits(), a.DefaultPermissions())
	}
	if got := names(s.Accounts()); !slices.Equal(got, []string{Default, System, "A", "C"}) {
		t.Errorf("accounts %q", got)
	}
	if err := a.Register(); !errors.Is(err, ErrTooManyConnections) {
		t.Errorf("Register at the new limit: %v", err)
	}
	a.Unregister()
	if err := a.Register(); err != nil {
		t.Errorf("Register below the limit: %v", err)
	}
}

func TestRegister(t *testing.T) {
	for _, tt := range []struct{ limit, want int64 }{{-1, 800}, {0, 0}, {1, 1}, {37, 37}} {
		a := newAccount(&Definition{Name: "A", Limits: Limits{MaxConnections: tt.limit}})
		var taken atomic.Int64
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 100 {
					if a.Register() == nil {
						taken.Add(1)
					}
				}
			})
		}
		group.Wait()
		if taken.Load() != tt.want || a.Connections() != tt.want {
			t.Errorf("limit %d: %d took a place, %d are counted", tt.limit, taken.Load(), a.Connections())
		}
	}
}

func TestCounters(t *testing.T) {
	a := newAccount(&Definition{Name: "A"})
	a.AddReceived(2, 30)
	a.AddReceived(1, 5)
	a.AddSent(7, 90)
	a.AddSlowConsumer()
	if a.Received() != (Traffic{3, 35}) || a.Sent() != (Traffic{7, 90}) || a.SlowConsumers() != 1 {
		t.Errorf("received %v, sent %v, slow consumers %d", a.Received(), a.Sent(), a.SlowConsumers())
	}
}
