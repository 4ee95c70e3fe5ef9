package host

import (
	"slices"

	"github.com/trellismq/trellis/core/config"
)

// scope says for which accounts a driver may answer: the listed ones; without a
// list all but one; all when that is empty, too.
type scope struct {
	only   []string
	except string
}

func (s scope) allows(account string) bool {
	account = bound(account)
	if len(s.only) > 0 {
		return slices.Contains(s.only, account)
	}
	return account != s.except
}

func (s scope) equal(other scope) bool {
	return slices.Equal(s.only, other.only) && s.except == other.except
}

// bound is the account that an identity's account name means.
func bound(account string) string {
	if account == "" {
		return config.DefaultAccount
	}
	return account
}

func systemAccount(o *config.Options) string {
	if o.System.Account == "" {
		return config.SystemAccount
	}
	return o.System.Account
}
