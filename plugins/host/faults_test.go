package host

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
)

// Whatever a driver does wrong, nobody gets in, and the next driver is not asked.
func TestFailsClosed(t *testing.T) {
	now := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	accept := func(id *auth.Identity) func(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
		return func(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
			return auth.Verdict{Outcome: auth.Accept, Identity: id}, nil
		}
	}
	for _, test := range []struct {
		name   string
		link   string // more of the link's configuration
		answer func(context.Context, string, *auth.Attempt) (auth.Verdict, error)
		want   string
	}{
		{"error", "", func(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
			return auth.Verdict{Outcome: auth.Accept, Identity: &auth.Identity{User: "x"}}, errors.New("directory is down")
		}, "error: authenticator faulty: directory is down"},
		{"panic", "", func(context.Context, string, *auth.Attempt) (auth.Verdict, error) { panic("nil map") }, "error: authenticator faulty: panic: nil map"},
		{"goroutine ends", "", func(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
			runtime.Goexit()
			return auth.Verdict{}, nil
		}, "error: authenticator faulty: ended without an answer"},
		{"timeout", `, timeout: "1ms"`, func(ctx context.Context, _ string, _ *auth.Attempt) (auth.Verdict, error) {
			<-ctx.Done()
			return auth.Verdict{}, ctx.Err()
		}, "error: authenticator faulty: "},
		{"unknown outcome", "", func(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
			return auth.Verdict{Outcome: 77, Identity: &auth.Identity{User: "x"}}, nil
		}, "error: authenticator faulty: unknown outcome 77"},
		{"nobody accepted", "", accept(nil), "error: authenticator faulty: accepted without saying whom"},
		{"system account", "", accept(&auth.Identity{User: "x", Account: "$SYS"}), `error: authenticator faulty: accepted "x" into account "$SYS", for which it may not answer`},
		{"account that is not listed", ", accounts: [A, B]", accept(&auth.Identity{User: "x", Account: "C"}), `error: authenticator faulty: accepted "x" into account "C"`},
		{"default account that is not listed", ", accounts: [A, B]", accept(&auth.Identity{User: "x"}), `error: authenticator faulty: accepted "x" into account "$G"`},
		{"account that is listed", ", accounts: [A, B]", accept(&auth.Identity{User: "x", Account: "B"}), "x in B by faulty"},
		{"permissions that are none", "", accept(&auth.Identity{User: "x", Permissions: &auth.Permissions{Publish: auth.Subjects{Allow: []string{"a..b"}}}}),
			`error: authenticator faulty: permissions of "x": subject "a..b" is not a valid subject`},
		{"expired", "", accept(&auth.Identity{User: "x", Expires: now}), "reject: credentials have expired"},
		{"not yet expired", "", accept(&auth.Identity{User: "x", Expires: now.Add(1)}), "x in $G by faulty"},
		{"rejects with an identity", "", func(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
			return auth.Verdict{Outcome: auth.Reject, Identity: &auth.Identity{User: "x"}}, nil
		}, "reject: bad credentials"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := serving(t, Environment{Now: func() time.Time { return now }},
				"auth: [ { driver: faulty "+test.link+" }, { driver: generous } ]",
				&fake{name: "faulty", answer: test.answer}, &fake{name: "generous", answer: letIn("anybody", "")})
			if got := says(a, new(auth.Attempt)); !strings.HasPrefix(got, test.want) {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestChainWithSystemAccountOfAnotherName(t *testing.T) {
	a := serving(t, Environment{}, `accounts { OPS {} }
		system_account: OPS
		auth: [ { driver: fake } ]`, &fake{name: "fake", answer: letIn("x", "OPS")})
	if got := says(a, new(auth.Attempt)); !strings.Contains(got, `account "OPS", for which it may not answer`) {
		t.Error(got)
	}
}

// A driver that ignores its context must not keep the client waiting.
func TestDriverThatHangs(t *testing.T) {
	hang := make(chan struct{})
	f := &fake{name: "hangs", answer: func(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
		<-hang
		return auth.Verdict{Outcome: auth.Accept, Identity: &auth.Identity{User: "late"}}, nil
	}}
	a := serving(t, Environment{}, `auth: [ { driver: hangs } ]`, f)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	verdict, err := a.Authenticate(ctx, new(auth.Attempt))
	if verdict.Outcome != auth.Reject || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v %v", verdict.Outcome, err)
	}
	close(hang)
}

func TestDriverIsGivenWhatItReads(t *testing.T) {
	given := make(chan *auth.Attempt, 1)
	a := serving(t, Environment{}, `auth: [ { driver: reads } ]`, &fake{
		name: "reads", reads: []auth.AttemptField{auth.ReadsUser},
		answer: func(_ context.Context, _ string, attempt *auth.Attempt) (auth.Verdict, error) {
			given <- attempt
			return auth.Verdict{}, nil
		},
	})
	says(a, &auth.Attempt{User: "u", Password: "p", Token: "t", Signature: "s", JWT: "j"})
	if got := <-given; got.User != "u" || got.Password != "" || got.Token != "" || got.Signature != "" || got.JWT != "" {
		t.Errorf("given %#v", *got)
	}
}

func TestIdentityIsMarked(t *testing.T) {
	id := &auth.Identity{User: "x", Key: "x"}
	a := serving(t, Environment{}, `auth: [ { driver: one }, { driver: two } ]`,
		&fake{name: "one", answer: notMine},
		&fake{name: "two", answer: func(context.Context, string, *auth.Attempt) (auth.Verdict, error) {
			return auth.Verdict{Outcome: auth.Accept, Identity: id}, nil
		}})
	verdict, err := a.Authenticate(context.Background(), new(auth.Attempt))
	if err != nil || verdict.Identity.Driver != "two" || verdict.Identity.Generation != 2 {
		t.Errorf("%+v %v", verdict.Identity, err)
	}
	if id.Driver != "" || id.Generation != 0 {
		t.Error("the driver's own identity was changed")
	}
}
