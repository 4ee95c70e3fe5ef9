package config

import (
	"slices"
	"strings"

	"github.com/trellismq/trellis/core/subject"
	"github.com/trellismq/trellis/sdk/option"
)

// checkExchange resolves exports and imports between accounts. It runs when
// nothing else is wrong; its complaints carry the position of accounts.
func checkExchange(o *Options, n *option.Node) {
	for _, a := range o.Accounts {
		for _, e := range a.Exports {
			for _, importer := range e.Accounts {
				if !o.hasAccount(importer) {
					n.Errorf("%q account not defined for %s export", importer, e.Kind())
				}
			}
		}
	}
	for _, a := range o.Accounts {
		seen := make(map[string]*Import)
		for _, i := range a.Imports {
			o.checkImport(a, i, n)
			if !i.Service {
				continue
			}
			to := i.LocalSubject()
			if first := seen[to]; first != nil {
				n.Errorf("Duplicate service import subject %q, previously used in import for account %q, subject %q",
					to, first.Account, first.Subject)
				continue
			}
			seen[to] = i
		}
	}
}

// LocalSubject returns the subject under which the import appears.
func (i *Import) LocalSubject() string {
	switch {
	case i.To != "":
		return i.To
	case i.Prefix != "":
		return strings.TrimSuffix(i.Prefix, ".") + "." + i.Subject
	}
	return i.Subject
}

func (o *Options) checkImport(importer *Account, i *Import, n *option.Node) {
	if !o.hasAccount(i.Account) {
		n.Errorf("%q account not defined for %s import", i.Account, i.Kind())
		return
	}
	exporter := o.Account(i.Account)
	if exporter == nil || !exporter.offers(importer.Name, i) {
		n.Errorf("Error adding %s import %q: %s import not authorized", i.Kind(), i.Subject, i.Kind())
		return
	}
	if !i.Service && subject.HasWildcard(i.Prefix) {
		n.Errorf("Error adding stream import %q: stream import prefix can not contain wildcard tokens", i.Subject)
	}
}

// hasAccount reports whether an account of that name exists, configured or not.
func (o *Options) hasAccount(name string) bool {
	return name == DefaultAccount || name == SystemAccount || o.Account(name) != nil
}

// offers reports whether one of the account's exports covers the import. An
// export of exactly that subject decides alone.
func (a *Account) offers(importer string, i *Import) bool {
	covers := false
	for _, e := range a.Exports {
		if e.Service != i.Service {
			continue
		}
		if e.Subject == i.Subject {
			return e.allows(importer, i.Subject)
		}
		if subject.SubsetOf(i.Subject, e.Subject) && e.allows(importer, i.Subject) {
			covers = true
		}
	}
	return covers
}

func (e *Export) allows(importer, imported string) bool {
	if e.Accounts != nil && !slices.Contains(e.Accounts, importer) {
		return false
	}
	if e.TokenPosition == 0 {
		return true
	}
	tokens := strings.Split(imported, ".")
	at := e.TokenPosition - 1
	return at >= 0 && at < int64(len(tokens)) && tokens[at] == importer
}
