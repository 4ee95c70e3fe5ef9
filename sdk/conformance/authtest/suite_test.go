package authtest

import (
	"errors"
	"testing"

	"github.com/trellismq/trellis/sdk/auth"
)

// Every answer that breaks the contract, or the case, has to be noticed.
func TestFaults(t *testing.T) {
	accepted := func(change func(*auth.Identity)) auth.Verdict {
		id := &auth.Identity{User: "u", Key: "k"}
		change(id)
		return auth.Verdict{Outcome: auth.Accept, Identity: id}
	}
	unchanged := func(*auth.Identity) {}
	yes := Case{Outcome: auth.Accept}
	exactly := Case{Outcome: auth.Accept, Identity: &auth.Identity{User: "u", Key: "k"}}
	no := Case{Outcome: auth.Reject, Reason: auth.Expired}
	pass := Case{Outcome: auth.NotMine}
	fails := Case{Fails: true}
	for _, test := range []struct {
		name    string
		c       Case
		verdict auth.Verdict
		err     error
		faulty  bool
	}{
		{"accepts", yes, accepted(unchanged), nil, false},
		{"accepts exactly", exactly, accepted(unchanged), nil, false},
		{"another identity", exactly, accepted(func(id *auth.Identity) { id.Account = "A" }), nil, true},
		{"no identity", yes, auth.Verdict{Outcome: auth.Accept}, nil, true},
		{"no user", yes, accepted(func(id *auth.Identity) { id.User = "" }), nil, true},
		{"no key", yes, accepted(func(id *auth.Identity) { id.Key = "" }), nil, true},
		{"the host's generation", yes, accepted(func(id *auth.Identity) { id.Generation = 1 }), nil, true},
		{"the host's name", yes, accepted(func(id *auth.Identity) { id.Driver = "d" }), nil, true},
		{"wrong permissions", yes, accepted(func(id *auth.Identity) {
			id.Permissions = &auth.Permissions{Publish: auth.Subjects{Deny: []string{"a b"}}}
		}), nil, true},
		{"an error instead", yes, accepted(unchanged), errors.New("down"), true},
		{"accepts instead", no, accepted(unchanged), nil, true},
		{"rejects", no, auth.Verdict{Outcome: auth.Reject, Reason: auth.Expired}, nil, false},
		{"rejects for another reason", no, auth.Verdict{Outcome: auth.Reject}, nil, true},
		{"rejects somebody", no, auth.Verdict{Outcome: auth.Reject, Reason: auth.Expired, Identity: &auth.Identity{}}, nil, true},
		{"passes", pass, auth.Verdict{}, nil, false},
		{"rejects instead", pass, auth.Verdict{Outcome: auth.Reject}, nil, true},
		{"fails", fails, auth.Verdict{}, errors.New("down"), false},
		{"passes instead", fails, auth.Verdict{}, nil, true},
	} {
		if faults := test.c.faults(test.verdict, test.err); (len(faults) > 0) != test.faulty {
			t.Errorf("%s: faults %q", test.name, faults)
		}
	}
}
