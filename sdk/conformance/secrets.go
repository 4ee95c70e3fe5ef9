package conformance

import (
	"strings"

	"github.com/trellismq/trellis/sdk/option"
)

// minSecret is the length from which a secret is looked for: a shorter one could
// be part of an innocent word.
const minSecret = 8

// Secrets returns the values of v that the table marks as secret and that are
// long enough to be looked for in what a driver says.
func Secrets(table *option.Table, v *option.Value) []string {
	var found []string
	for _, field := range v.Fields {
		o := table.Lookup(field.Key)
		if o == nil {
			continue
		}
		if o.Secret && Searchable(field.Value.Text) {
			found = append(found, field.Value.Text)
		}
		if o.Table == nil {
			continue
		}
		for _, block := range append(field.Value.List, field.Value) {
			found = append(found, Secrets(o.Table, block)...)
		}
	}
	return found
}

// Searchable reports whether a secret is long enough to be looked for.
func Searchable(secret string) bool { return len(secret) >= minSecret }

// Leaks returns those of the texts that hold a secret, with the secret blanked.
func Leaks(secrets []string, texts ...string) []string {
	var leaks []string
	for _, secret := range secrets {
		for _, text := range texts {
			if strings.Contains(text, secret) {
				leaks = append(leaks, strings.ReplaceAll(text, secret, option.Redacted))
			}
		}
	}
	return leaks
}
