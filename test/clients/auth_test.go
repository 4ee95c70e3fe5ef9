package clients

import (
	"errors"
	"fmt"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
	"golang.org/x/crypto/bcrypt"

	"github.com/trellismq/trellis/test/natsgo"
)

// hash returns a bcrypt hash at the least cost.
func hash(t *testing.T, secret string) string {
	t.Helper()
	h, err := bcrypt.GenerateFromPassword([]byte(secret), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return string(h)
}

func TestLogin(t *testing.T) {
	t.Parallel()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	user := func(name, password string) nats.Option { return nats.UserInfo(name, password) }
	for name, test := range map[string]struct {
		config string
		right  []nats.Option
		wrong  []nats.Option
	}{
		"token": {
			config: `authorization { token: "t0k#n" }`,
			right:  []nats.Option{nats.Token("t0k#n")},
			wrong:  []nats.Option{nats.Token("token"), nats.Token(""), user("t0k#n", "")},
		},
		"bcrypt token": {
			config: fmt.Sprintf(`authorization { token: "%s" }`, hash(t, "secret")),
			right:  []nats.Option{nats.Token("secret")},
			wrong:  []nats.Option{nats.Token("Secret"), user("secret", "")},
		},
		"single user": {
			config: `authorization { user: alice, password: wonder }`,
			right:  []nats.Option{user("alice", "wonder")},
			wrong:  []nats.Option{user("alice", ""), user("bob", "wonder"), user("", ""), nats.Token("wonder")},
		},
		"users, plain and bcrypt": {
			config: fmt.Sprintf(`authorization { users: [ {user: alice, password: wonder}, {user: bob, password: "%s"} ] }`, hash(t, "builder")),
			right:  []nats.Option{user("alice", "wonder"), user("bob", "builder")},
			wrong:  []nats.Option{user("alice", "builder"), user("bob", "wonder"), user("carol", ""), user("bob", hash(t, "builder"))},
		},
		"nkey": {
			config: fmt.Sprintf(`authorization { users: [ {nkey: %s}, {user: alice, password: wonder} ] }`, public),
			right:  []nats.Option{nats.Nkey(public, pair.Sign), user("alice", "wonder")},
			wrong:  []nats.Option{nats.Nkey(public, stranger.Sign), foreign(t, stranger), user("alice", "")},
		},
		"accounts": {
			config: `accounts { A { users: [ {user: alice, password: wonder} ] }, B { users: [ {user: bob, password: builder} ] } }`,
			right:  []nats.Option{user("alice", "wonder"), user("bob", "builder")},
			wrong:  []nats.Option{user("alice", "builder"), user("A", "wonder")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, test.config)
			for _, option := range test.right {
				nc := natsgo.Connect(t, s.URL(""), option)
				sub := natsgo.Subscribe(t, nc, "login")
				natsgo.Publish(t, nc, "login", "in")
				natsgo.Expect(t, sub, "login", "in")
				nc.Close()
			}
			for i, option := range test.wrong {
				if _, err := nats.Connect(s.URL(""), option); !errors.Is(err, nats.ErrAuthorization) {
					t.Errorf("wrong login %d: %v", i, err)
				}
			}
			if _, err := nats.Connect(s.URL("")); !errors.Is(err, nats.ErrAuthorization) {
				t.Errorf("no login: %v", err)
			}
		})
	}
}

// foreign logs in with a key that the broker does not know.
func foreign(t *testing.T, pair nkeys.KeyPair) nats.Option {
	t.Helper()
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return nats.Nkey(public, pair.Sign)
}

func TestAccountsAreIsolated(t *testing.T) {
	t.Parallel()
	s := start(t, `accounts { A { users: [ {user: a, password: a} ] }, B { users: [ {user: b, password: b} ] } }`)
	inA, alsoA, inB := natsgo.Connect(t, s.URL("a:a")), natsgo.Connect(t, s.URL("a:a")), natsgo.Connect(t, s.URL("b:b"))
	subA, subB := natsgo.Subscribe(t, alsoA, "news"), natsgo.Subscribe(t, inB, "news")
	natsgo.Publish(t, inA, "news", "from a")
	natsgo.Expect(t, subA, "news", "from a")
	natsgo.Publish(t, inB, "news", "from b")
	natsgo.Expect(t, subB, "news", "from b")
	// Interest in one account is none in another.
	lonely := natsgo.Subscribe(t, inB, "only.in.b")
	if _, err := inA.Request("only.in.b", nil, natsgo.Patience); !errors.Is(err, nats.ErrNoResponders) {
		t.Errorf("a request across accounts: %v", err)
	}
	natsgo.Publish(t, inB, "only.in.b", "end")
	natsgo.Expect(t, lonely, "only.in.b", "end")
}
