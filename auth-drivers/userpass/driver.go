package userpass

import (
	"context"

	"github.com/trellismq/trellis/auth-drivers/internal/roster"
	"github.com/trellismq/trellis/auth-drivers/internal/secret"
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/host"
	"github.com/trellismq/trellis/sdk/option"
)

// Driver makes authenticators for users with passwords.
type Driver struct{}

// Describe tells what the driver is.
func (Driver) Describe() auth.Description {
	return auth.Description{
		Name:         "userpass",
		Summary:      "users with a name and a password, in plain text or as a bcrypt hash",
		Reads:        []auth.AttemptField{auth.ReadsUser, auth.ReadsPassword, auth.ReadsRemote},
		Options:      table,
		Capabilities: auth.Reevaluates,
	}
}

// Open takes over the users of the settings.
func (Driver) Open(_ context.Context, settings *option.Settings, h host.Host) (auth.Authenticator, error) {
	a := &authenticator{
		host:            h,
		users:           make(map[string]*roster.User),
		requirePassword: requirePassword.Get(settings),
	}
	plain := false
	for _, user := range roster.Read(settings) {
		a.users[user.Name] = user
		if user.Password.Cost() > a.decoy.Cost() {
			a.decoy = user.Password
		}
		certificateOnly := user.Password.Empty() && a.requirePassword
		plain = plain || !user.Password.Hashed() && !certificateOnly
	}
	if plain {
		h.Log().Warn("Plaintext passwords detected, use nkeys or bcrypt")
	}
	return a, nil
}

// authenticator is immutable once opened.
type authenticator struct {
	host            host.Host
	users           map[string]*roster.User
	requirePassword bool
	// decoy is what the password of an unknown user is compared with, the
	// costliest hash of all, so that the time taken does not tell which names exist.
	decoy secret.Secret
}

// Authenticate judges attempts that carry a user name it knows. The configured
// default user needs no password.
func (a *authenticator) Authenticate(_ context.Context, attempt *auth.Attempt) (auth.Verdict, error) {
	if attempt.User == "" {
		return auth.Verdict{Outcome: auth.NotMine}, nil
	}
	user := a.users[attempt.User]
	if user == nil {
		a.decoy.Matches(attempt.Password)
		return auth.Verdict{Outcome: auth.NotMine}, nil
	}
	right := attempt.Default ||
		user.Password.Matches(attempt.Password) && !(user.Password.Empty() && a.requirePassword)
	return user.Admit(attempt, a.host.Now(), right), nil
}

// Close has nothing to release.
func (a *authenticator) Close(context.Context) error { return nil }
