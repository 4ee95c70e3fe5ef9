package nkey

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/host"
	"github.com/trellismq/trellis/sdk/option"
)

// Driver makes authenticators for users with public keys.
type Driver struct{}

// Describe tells what the driver is.
func (Driver) Describe() auth.Description {
	return auth.Description{
		Name:         "nkey",
		Summary:      "users with a public key who sign a nonce",
		Reads:        []auth.AttemptField{auth.ReadsNKey, auth.ReadsSignature, auth.ReadsRemote},
		Options:      table,
		Capabilities: auth.Reevaluates | auth.NeedsNonce,
	}
}

// Open takes over the keys of the settings.
func (Driver) Open(_ context.Context, settings *option.Settings, h host.Host) (auth.Authenticator, error) {
	a := &authenticator{host: h, users: make(map[string]*user)}
	for _, entry := range usersOption.Get(settings) {
		public := keyOption.Get(entry)
		key, err := nkeys.FromPublicKey(public)
		if err != nil {
			return nil, fmt.Errorf("public key %s: %w", public, err)
		}
		a.users[public] = &user{key: key, terms: auth.TermsOf(entry)}
	}
	return a, nil
}

type user struct {
	key   nkeys.KeyPair // public half only
	terms auth.Terms
}

// authenticator is immutable once opened.
type authenticator struct {
	host  host.Host
	users map[string]*user // by public key
}

// Authenticate judges attempts that carry an nkey. The configured default user
// needs no signature.
func (a *authenticator) Authenticate(_ context.Context, attempt *auth.Attempt) (auth.Verdict, error) {
	if attempt.NKey == "" {
		return auth.Verdict{Outcome: auth.NotMine}, nil
	}
	user := a.users[attempt.NKey]
	if user == nil {
		return refused("unknown nkey"), nil
	}
	verdict := user.terms.Admit(attempt, a.host.Now(), auth.Identity{User: attempt.NKey, Key: attempt.NKey})
	if verdict.Outcome == auth.Accept && !attempt.Default && !user.signed(attempt.Nonce, attempt.Signature) {
		return refused("missing or wrong signature"), nil
	}
	return verdict, nil
}

func refused(why string) auth.Verdict {
	return auth.Verdict{Outcome: auth.Reject, Reason: auth.BadCredentials, Detail: why}
}

// signed reports whether signature is the user's signature of nonce. Clients
// encode it in one of two ways.
func (u *user) signed(nonce []byte, signature string) bool {
	if len(nonce) == 0 || signature == "" {
		return false
	}
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		raw, err = base64.StdEncoding.DecodeString(signature)
	}
	return err == nil && u.key.Verify(nonce, raw) == nil
}

// Close has nothing to release.
func (a *authenticator) Close(context.Context) error { return nil }
