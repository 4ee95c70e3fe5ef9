package token

import (
	"context"

	"github.com/trellismq/trellis/auth-drivers/internal/secret"
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/host"
	"github.com/trellismq/trellis/sdk/option"
)

// Driver makes authenticators for a token.
type Driver struct{}

// Describe tells what the driver is.
func (Driver) Describe() auth.Description {
	return auth.Description{
		Name:         "token",
		Summary:      "one shared token, in plain text or as a bcrypt hash",
		Reads:        []auth.AttemptField{auth.ReadsToken, auth.ReadsRemote},
		Options:      table,
		Capabilities: auth.Reevaluates,
	}
}

// Open takes over the token of the settings.
func (Driver) Open(_ context.Context, settings *option.Settings, h host.Host) (auth.Authenticator, error) {
	return &authenticator{
		host:  h,
		token: secret.Of(tokenOption.Get(settings)),
		terms: auth.TermsOf(settings),
	}, nil
}

// authenticator is immutable once opened.
type authenticator struct {
	host  host.Host
	token secret.Secret
	terms auth.Terms
}

// identity is everybody who knows the token: it must not show in logs and
// monitoring, and nothing else tells the holders apart.
var identity = auth.Identity{User: option.Redacted, Key: "token"}

// Authenticate judges attempts that carry the token.
func (a *authenticator) Authenticate(_ context.Context, attempt *auth.Attempt) (auth.Verdict, error) {
	if attempt.Token == "" || !a.token.Matches(attempt.Token) {
		return auth.Verdict{Outcome: auth.NotMine}, nil
	}
	return a.terms.Admit(attempt, a.host.Now(), identity), nil
}

// Close has nothing to release.
func (a *authenticator) Close(context.Context) error { return nil }
