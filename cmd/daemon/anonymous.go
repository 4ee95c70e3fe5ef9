package daemon

import (
	"crypto/rand"
	"fmt"

	"golang.org/x/crypto/bcrypt"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/config"
)

// admitAnonymous keeps the default account open to everybody when the only users
// there are belong to the system account: a hidden user stands for clients that
// show nothing (accounts, system account). An explicit chain of authenticators
// says itself who gets in. before is the options in force, whose hidden user
// stays the same; nil at the start.
func admitAnonymous(o, before *config.Options) error {
	if o.Authorization != nil || o.System.NoAuthUser != "" || len(o.Auth) > 0 || !onlySystemUsers(o) {
		return nil
	}
	if before != nil && hasHiddenUser(before) {
		o.System.NoAuthUser, o.Authorization = before.System.NoAuthUser, before.Authorization
		return nil
	}
	user := hiddenUser + rand.Text()[:8]
	// Nobody is to log in with it, so the cheapest hash of a secret nobody knows
	// will do.
	password, err := bcrypt.GenerateFromPassword([]byte(rand.Text()), bcrypt.MinCost)
	if err != nil {
		return fmt.Errorf("hidden user: %w", err)
	}
	o.System.NoAuthUser = user
	o.Authorization = &config.Authorization{Users: []*config.User{{Name: user, Password: string(password)}}}
	return nil
}

// hiddenUser begins the names of hidden users.
const hiddenUser = "nats-"

// hasHiddenUser reports whether clients that show nothing are somebody whom no
// file named.
func hasHiddenUser(o *config.Options) bool {
	return o.System.NoAuthUser != "" && o.Pos("no_auth_user").IsZero()
}

// onlySystemUsers reports whether there are users, all in the system account,
// and no account besides it and the default one.
func onlySystemUsers(o *config.Options) bool {
	system := o.System.Account
	if system == "" {
		system = account.System
	}
	users := 0
	for _, a := range o.Accounts {
		if a.Name != system {
			return false
		}
		users += len(a.Users)
	}
	return users > 0
}
