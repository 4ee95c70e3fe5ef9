package nkey

import (
	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

var (
	keyOption = option.Text("nkey").Required().
			Doc("Public key of the user, U and 55 more characters.").
			Check(func(n *option.Node, key string) {
			if !nkeys.IsValidPublicUserKey(key) {
				n.Errorf("Not a valid public nkey for a user")
			}
		})

	usersOption = option.Blocks("users", option.NewTable(append(auth.TermsRows(), keyOption)...)).
			Required().
			Doc("Users, each with a public key and what they may do.").
			Check(unique)

	table = option.NewTable(usersOption)
)

func unique(n *option.Node, users []*option.Settings) {
	seen := make(map[string]bool, len(users))
	for _, user := range users {
		key := keyOption.Get(user)
		if seen[key] {
			n.Report().Errorf(user.PosOf("nkey"), "Duplicate nkey %q detected", key)
		}
		seen[key] = true
	}
}
