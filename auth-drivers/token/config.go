package token

import (
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

var (
	tokenOption = option.Text("token").Secret().Required().
			Doc("The token, in plain text or as a bcrypt hash.").
			Check(func(n *option.Node, token string) {
			if token == "" {
				n.Errorf("the token must not be empty")
			}
		})

	table = option.NewTable(append(auth.TermsRows(), tokenOption)...)
)
