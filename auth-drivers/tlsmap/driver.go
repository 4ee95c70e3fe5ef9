package tlsmap

import (
	"context"

	"github.com/trellismq/trellis/auth-drivers/internal/roster"
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/host"
	"github.com/trellismq/trellis/sdk/option"
)

// Driver makes authenticators for users with certificates.
type Driver struct{}

// Describe tells what the driver is.
func (Driver) Describe() auth.Description {
	return auth.Description{
		Name:         "tlsmap",
		Summary:      "users selected by their TLS client certificate",
		Reads:        []auth.AttemptField{auth.ReadsTLS, auth.ReadsUser, auth.ReadsPassword, auth.ReadsRemote},
		Options:      table,
		Capabilities: auth.Reevaluates,
	}
}

// Open takes over the users of the settings.
func (Driver) Open(_ context.Context, settings *option.Settings, h host.Host) (auth.Authenticator, error) {
	return &authenticator{host: h, users: newIndex(roster.Read(settings))}, nil
}

// authenticator is immutable once opened.
type authenticator struct {
	host  host.Host
	users *index
}

// Authenticate judges attempts on listeners where the certificate names the
// user. A password, if the user has one, is needed as well.
func (a *authenticator) Authenticate(_ context.Context, attempt *auth.Attempt) (auth.Verdict, error) {
	if attempt.TLS == nil || !attempt.TLS.MapUser {
		return auth.Verdict{Outcome: auth.NotMine}, nil
	}
	if len(attempt.TLS.PeerCertificates) == 0 {
		return refused("no client certificate"), nil
	}
	if attempt.User != "" && !attempt.Default {
		a.host.Log().Warn("the certificate names the user, the one in CONNECT is ignored", "user", attempt.User)
	}
	user := a.users.find(namesOf(attempt.TLS.PeerCertificates[0]), attempt.Type)
	if user == nil {
		return refused("no user for the client certificate"), nil
	}
	return user.Admit(attempt, a.host.Now(), user.Password.Matches(attempt.Password)), nil
}

func refused(why string) auth.Verdict {
	return auth.Verdict{Outcome: auth.Reject, Reason: auth.BadCredentials, Detail: why}
}

// Close has nothing to release.
func (a *authenticator) Close(context.Context) error { return nil }
