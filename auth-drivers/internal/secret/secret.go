package secret

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"regexp"

	"golang.org/x/crypto/bcrypt"
)

// bcryptForm is how a stored hash is told from plain text. All four letters name
// the same function today; they mark implementations of the past.
var bcryptForm = regexp.MustCompile(`^\$2[abxy]\$\d{2}\$.*`)

// Secret is a stored password or token. The zero Secret is the empty one: only
// the empty text matches it.
type Secret struct {
	text   string
	hashed bool
}

// Of makes a Secret of its stored form.
func Of(stored string) Secret {
	return Secret{text: stored, hashed: bcryptForm.MatchString(stored)}
}

// Matches reports whether given is the secret. How long it takes tells nothing
// about plain text, and for a hash depends on the hash's cost alone.
func (s Secret) Matches(given string) bool {
	if s.hashed {
		return bcrypt.CompareHashAndPassword([]byte(s.text), []byte(given)) == nil
	}
	// Digests have equal lengths, so that the length of the secret is hidden, too.
	want, got := sha256.Sum256([]byte(s.text)), sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// Hashed reports whether the secret is stored as a hash.
func (s Secret) Hashed() bool { return s.hashed }

// Empty reports whether the secret is the empty text.
func (s Secret) Empty() bool { return s.text == "" }

// Cost is bcrypt's work factor, 0 for plain text and for a broken hash.
func (s Secret) Cost() int {
	if !s.hashed {
		return 0
	}
	cost, err := bcrypt.Cost([]byte(s.text))
	if err != nil {
		return 0
	}
	return cost
}

// Format prints a stand-in, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, "[REDACTED]") }
