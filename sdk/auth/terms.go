package auth

import (
	"fmt"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// Terms are what settings say of a credential beside the credential itself:
// what it gives, and where it may be used. Drivers that list their users in
// their settings share them.
type Terms struct {
	Account      string
	Permissions  *Permissions
	Restrictions Restrictions
}

// Admit is the verdict on an attempt whose credential is right: it accepts id,
// with the account and permissions of the terms, if the restrictions allow the
// attempt at now, and rejects it otherwise.
func (t *Terms) Admit(attempt *Attempt, now time.Time, id Identity) Verdict {
	expires, reason, ok := t.Restrictions.Check(attempt, now)
	if !ok {
		return Verdict{Outcome: Reject, Reason: reason, Detail: fmt.Sprintf("%q: %v", id.Key, reason)}
	}
	id.Account, id.Permissions, id.Expires = t.Account, t.Permissions, expires
	return Verdict{Outcome: Accept, Identity: &id}
}

// The rows of terms. They are handles as well: one set serves every table.
var (
	accountOption = option.Text("account").
			Doc("Account the connection is bound to; the default account when absent.")
	permissionsOption = PermissionsOption("permissions").Alias("permission", "authorization").
				Doc("What the connection may publish and subscribe; absent means the account's defaults.")
	typesOption = ConnectionTypesOption("allowed_connection_types").Alias("connection_types", "clients").
			Doc("Ways to connect that are allowed; absent means all.")
	sourcesOption  = SourcesOption()
	timesOption    = TimesOption()
	locationOption = LocationOption()
	proxyOption    = option.Switch("proxy_required").
			Doc("Only connections that a trusted proxy vouches for are let in.")
)

// TermsRows are the rows that a table of users adds to those of its own.
func TermsRows() []option.Row {
	return []option.Row{accountOption, permissionsOption, typesOption, sourcesOption, timesOption, locationOption, proxyOption}
}

// TermsOf reads the terms from settings whose table holds TermsRows.
func TermsOf(s *option.Settings) Terms {
	return Terms{
		Account:     accountOption.Get(s),
		Permissions: permissionsOption.Get(s),
		Restrictions: Restrictions{
			ConnectionTypes: typesOption.Get(s),
			Sources:         sourcesOption.Get(s),
			Times:           timesOption.Get(s),
			Location:        locationOption.Get(s),
			ProxyRequired:   proxyOption.Get(s),
		},
	}
}
