package roster

import (
	"time"

	"github.com/trellismq/trellis/auth-drivers/internal/secret"
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

// User is one entry of the list.
type User struct {
	Name     string
	Password secret.Secret // empty when none is configured
	Terms    auth.Terms
}

// Admit is the verdict on an attempt to be this user, made with credentials that
// are right or not. What the terms say comes before, so that the reason in the
// log does not depend on a password that could not have helped.
func (u *User) Admit(attempt *auth.Attempt, now time.Time, right bool) auth.Verdict {
	verdict := u.Terms.Admit(attempt, now, auth.Identity{User: u.Name, Key: u.Name})
	if verdict.Outcome == auth.Accept && !right {
		return auth.Verdict{Outcome: auth.Reject, Reason: auth.BadCredentials, Detail: "wrong password"}
	}
	return verdict
}

var (
	nameOption = option.Text("user").Alias("username").Required().
			Doc("Name of the user.")
	passwordOption = option.Text("password").Alias("pass").Secret().
			Doc("Password, in plain text or as a bcrypt hash.")

	// Option is the row "users".
	Option = option.Blocks("users", option.NewTable(append(auth.TermsRows(), nameOption, passwordOption)...)).
		Required().
		Doc("Users, each with a name, a password, and what they may do.").
		Check(unique)
)

func unique(n *option.Node, users []*option.Settings) {
	seen := make(map[string]bool, len(users))
	for _, user := range users {
		name := nameOption.Get(user)
		if name == "" {
			n.Report().Errorf(user.Pos(), "User entry requires a user")
		}
		if seen[name] {
			n.Report().Errorf(user.PosOf("user"), "Duplicate user %q detected", name)
		}
		seen[name] = true
	}
}

// Read returns the users of settings whose table holds [Option], in the order
// written.
func Read(s *option.Settings) []*User {
	var users []*User
	for _, entry := range Option.Get(s) {
		users = append(users, &User{
			Name:     nameOption.Get(entry),
			Password: secret.Of(passwordOption.Get(entry)),
			Terms:    auth.TermsOf(entry),
		})
	}
	return users
}
