package userpass

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/conformance/authtest"
)

func hash(t testing.TB, text string, cost int) string {
	t.Helper()
	h, err := bcrypt.GenerateFromPassword([]byte(text), cost)
	if err != nil {
		t.Fatal(err)
	}
	return string(h)
}

func TestConformance(t *testing.T) {
	rejected := func(name string, reason auth.Reason, attempt auth.Attempt) authtest.Case {
		return authtest.Case{Name: name, Attempt: attempt, Outcome: auth.Reject, Reason: reason}
	}
	accepted := func(name string, id auth.Identity, attempt auth.Attempt) authtest.Case {
		return authtest.Case{Name: name, Attempt: attempt, Outcome: auth.Accept, Identity: &id}
	}
	notMine := func(name string, attempt auth.Attempt) authtest.Case {
		return authtest.Case{Name: name, Attempt: attempt, Outcome: auth.NotMine}
	}
	office := netip.MustParseAddrPort("10.0.0.7:1")
	authtest.Run(t, authtest.Suite{
		Driver: Driver{},
		Now:    time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC),
		Settings: fmt.Sprintf(`{"users": [
			{"user": "alice", "password": "alice-secret"},
			{"username": "bob", "pass": %q, "account": "B", "permissions": {"publish": "b.>"}},
			{"user": "eve"},
			{"user": "web", "password": "web-secret", "connection_types": "websocket"},
			{"user": "near", "password": "near-secret", "source_networks": ["10.0.0.0/8"]},
			{"user": "day", "password": "day-secret", "times": [{"start": "08:00:00", "end": "16:00:00"}], "times_location": "UTC"},
			{"user": "behind", "password": "behind-secret", "proxy_required": true}
		]}`, hash(t, "bob-secret", bcrypt.MinCost)),
		Invalid: map[string]string{
			"no users":          `{}`,
			"no name":           `{"users": [{"password": "alice-secret"}]}`,
			"empty name":        `{"users": [{"user": "", "password": "alice-secret"}]}`,
			"twice":             `{"users": [{"user": "a", "password": "alice-secret"}, {"user": "a"}]}`,
			"unknown field":     `{"users": [{"user": "a", "passwort": "alice-secret"}]}`,
			"password a number": `{"users": [{"user": "a", "password": 12345678}]}`,
		},
		Cases: []authtest.Case{
			accepted("plain", auth.Identity{User: "alice", Key: "alice"}, auth.Attempt{User: "alice", Password: "alice-secret"}),
			accepted("hashed", auth.Identity{User: "bob", Key: "bob", Account: "B",
				Permissions: &auth.Permissions{Publish: auth.Subjects{Allow: []string{"b.>"}}}},
				auth.Attempt{User: "bob", Password: "bob-secret"}),
			accepted("no password", auth.Identity{User: "eve", Key: "eve"}, auth.Attempt{User: "eve"}),
			accepted("spec 03 #18", auth.Identity{User: "alice", Key: "alice"},
				auth.Attempt{User: "alice", Password: "alice-secret", JWT: "not-a-user-jwt"}),
			accepted("default user", auth.Identity{User: "alice", Key: "alice"}, auth.Attempt{User: "alice", Default: true}),
			accepted("within its times", auth.Identity{User: "day", Key: "day", Expires: time.Date(2026, 1, 5, 16, 0, 0, 0, time.UTC)},
				auth.Attempt{User: "day", Password: "day-secret"}),
			accepted("from its network", auth.Identity{User: "near", Key: "near"},
				auth.Attempt{User: "near", Password: "near-secret", Remote: office}),
			rejected("wrong password", auth.BadCredentials, auth.Attempt{User: "alice", Password: "wrong-secret"}),
			rejected("wrong password, hashed", auth.BadCredentials, auth.Attempt{User: "bob", Password: "wrong-secret"}),
			rejected("no password shown", auth.BadCredentials, auth.Attempt{User: "alice"}),
			rejected("password of a user without", auth.BadCredentials, auth.Attempt{User: "eve", Password: "wrong-secret"}),
			rejected("wrong connection type", auth.ConnectionTypeNotAllowed, auth.Attempt{Type: auth.Standard, User: "web", Password: "web-secret"}),
			rejected("default user on a wrong connection type", auth.ConnectionTypeNotAllowed, auth.Attempt{Type: auth.Standard, User: "web", Default: true}),
			rejected("from elsewhere", auth.SourceNotAllowed, auth.Attempt{User: "near", Password: "near-secret"}),
			rejected("past the proxy", auth.ProxyRequired, auth.Attempt{User: "behind", Password: "behind-secret"}),
			notMine("unknown user", auth.Attempt{User: "mallory", Password: "alice-secret"}),
			notMine("nothing shown", auth.Attempt{}),
			notMine("only a password", auth.Attempt{Password: "alice-secret"}),
			notMine("only a token", auth.Attempt{Token: "alice-secret"}),
		},
	})
}

func TestRequirePassword(t *testing.T) {
	t.Run("spec 03 #31", func(t *testing.T) {
		a, _ := authtest.Open(t, Driver{}, `{"users": [{"user": "cert"}, {"user": "alice", "password": "alice-secret"}], "require_password": true}`)
		for _, test := range []struct {
			attempt auth.Attempt
			want    auth.Outcome
		}{
			{auth.Attempt{User: "cert"}, auth.Reject},
			{auth.Attempt{User: "cert", Password: "x"}, auth.Reject},
			{auth.Attempt{User: "cert", Default: true}, auth.Accept},
			{auth.Attempt{User: "alice", Password: "alice-secret"}, auth.Accept},
		} {
			if verdict, err := a.Authenticate(context.Background(), &test.attempt); err != nil || verdict.Outcome != test.want {
				t.Errorf("%v: %v %v", &test.attempt, verdict.Outcome, err)
			}
		}
	})
}

func TestPlaintextWarning(t *testing.T) {
	const warning = "Plaintext passwords detected, use nkeys or bcrypt"
	hashed := hash(t, "bob-secret", bcrypt.MinCost)
	for _, test := range []struct {
		name     string
		settings string
		warned   bool
	}{
		{"plain", fmt.Sprintf(`{"users": [{"user": "a", "password": %q}, {"user": "b", "password": "plain"}]}`, hashed), true},
		{"hashed", fmt.Sprintf(`{"users": [{"user": "a", "password": %q}]}`, hashed), false},
		{"empty", `{"users": [{"user": "a"}]}`, true},
		{"empty, certificate needed", `{"users": [{"user": "a"}], "require_password": true}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, h := authtest.Open(t, Driver{}, test.settings)
			if got := strings.Contains(h.Logged(), warning); got != test.warned {
				t.Errorf("warned %v: %s", got, h.Logged())
			}
		})
	}
}

// An unknown name must take about as long as a wrong password, or names could be
// guessed one by one. The hash is costly enough to tell it from not hashing.
func TestUnknownUserTakesAsLong(t *testing.T) {
	const cost = 8
	a, _ := authtest.Open(t, Driver{}, fmt.Sprintf(`{"users": [{"user": "plain", "password": "words"}, {"user": "bob", "password": %q}]}`, hash(t, "bob-secret", cost)))
	quickest := func(user string) time.Duration {
		least := time.Hour
		for range 3 {
			start := time.Now()
			if _, err := a.Authenticate(context.Background(), &auth.Attempt{User: user, Password: "wrong-secret"}); err != nil {
				t.Fatal(err)
			}
			least = min(least, time.Since(start))
		}
		return least
	}
	if known, unknown := quickest("bob"), quickest("mallory"); unknown < known/4 {
		t.Errorf("an unknown user takes %v, a known one %v", unknown, known)
	}
}
