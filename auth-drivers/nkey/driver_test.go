package nkey

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/conformance/authtest"
)

func newUser(t *testing.T) (nkeys.KeyPair, string) {
	t.Helper()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return pair, public
}

func TestConformance(t *testing.T) {
	pair, public := newUser(t)
	_, webOnly := newUser(t)
	other, unknown := newUser(t)
	account, err := nkeys.CreateAccount()
	if err != nil {
		t.Fatal(err)
	}
	accountKey, err := account.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	nonce := []byte("hS3vJ9kq0aE")
	sign := func(pair nkeys.KeyPair, over []byte) []byte {
		signature, err := pair.Sign(over)
		if err != nil {
			t.Fatal(err)
		}
		return signature
	}
	rawURL, padded := base64.RawURLEncoding.EncodeToString, base64.StdEncoding.EncodeToString
	shown := func(key, signature string) auth.Attempt {
		return auth.Attempt{Type: auth.Standard, NKey: key, Signature: signature, Nonce: nonce}
	}
	withoutNonce := shown(public, rawURL(sign(pair, nil)))
	withoutNonce.Nonce = nil
	identity := &auth.Identity{
		User: public, Key: public, Account: "N",
		Permissions: &auth.Permissions{Publish: auth.Subjects{Allow: []string{"n"}}},
	}
	accepted := func(name string, a auth.Attempt) authtest.Case {
		return authtest.Case{Name: name, Attempt: a, Outcome: auth.Accept, Identity: identity}
	}
	rejected := func(name string, reason auth.Reason, a auth.Attempt) authtest.Case {
		return authtest.Case{Name: name, Attempt: a, Outcome: auth.Reject, Reason: reason}
	}
	authtest.Run(t, authtest.Suite{
		Driver: Driver{},
		Settings: fmt.Sprintf(`{"users": [
			{"nkey": %q, "account": "N", "permissions": {"publish": "n"}},
			{"nkey": %q, "clients": ["WEBSOCKET"]}
		]}`, public, webOnly),
		Invalid: map[string]string{
			"no users":       `{}`,
			"no key":         `{"users": [{"account": "N"}]}`,
			"no key at all":  `{"users": [{"nkey": "derek"}]}`,
			"account key":    fmt.Sprintf(`{"users": [{"nkey": %q}]}`, accountKey),
			"twice":          fmt.Sprintf(`{"users": [{"nkey": %q}, {"nkey": %q}]}`, public, public),
			"with user name": fmt.Sprintf(`{"users": [{"nkey": %q, "user": "a"}]}`, public),
		},
		Cases: []authtest.Case{
			accepted("raw URL", shown(public, rawURL(sign(pair, nonce)))),
			accepted("padded", shown(public, padded(sign(pair, nonce)))),
			accepted("default user", auth.Attempt{Type: auth.Standard, NKey: public, Default: true}),
			rejected("no signature", auth.BadCredentials, shown(public, "")),
			rejected("other encoding", auth.BadCredentials, shown(public, base64.RawStdEncoding.EncodeToString(sign(pair, nonce))+"=!")),
			rejected("signed by another", auth.BadCredentials, shown(public, rawURL(sign(other, nonce)))),
			rejected("signed something else", auth.BadCredentials, shown(public, rawURL(sign(pair, []byte("replayed"))))),
			rejected("no nonce was sent", auth.BadCredentials, withoutNonce),
			rejected("unknown key", auth.BadCredentials, shown(unknown, rawURL(sign(other, nonce)))),
			rejected("unknown key beside a user", auth.BadCredentials, auth.Attempt{NKey: unknown, User: "u", Password: "pw", Nonce: nonce}),
			rejected("wrong connection type", auth.ConnectionTypeNotAllowed, shown(webOnly, "")),
			{Name: "a user", Attempt: auth.Attempt{User: public, Password: "pw", Nonce: nonce}, Outcome: auth.NotMine},
			{Name: "nothing", Attempt: auth.Attempt{Nonce: nonce}, Outcome: auth.NotMine},
		},
	})
}
