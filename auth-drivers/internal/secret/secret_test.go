package secret

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

func hash(t testing.TB, text string) string {
	t.Helper()
	h, err := bcrypt.GenerateFromPassword([]byte(text), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return string(h)
}

func TestMatches(t *testing.T) {
	t.Run("spec 03 #13", func(t *testing.T) {
		made := hash(t, "S3cr3t-words")
		for _, prefix := range []string{"$2a$", "$2b$", "$2x$", "$2y$"} {
			stored := Of(prefix + made[len(prefix):])
			if !stored.Hashed() || !stored.Matches("S3cr3t-words") || stored.Matches("S3cr3t-word") || stored.Matches("") {
				t.Errorf("%s is not verified as bcrypt", prefix)
			}
			if stored.Matches(prefix + made[len(prefix):]) {
				t.Errorf("%s: the hash itself is a password", prefix)
			}
		}
		for _, plain := range []string{"$2c$" + made[4:], "$1$" + made[4:], "$2a$4$" + made[7:], " " + made, "$2a$", "words"} {
			if stored := Of(plain); stored.Hashed() || !stored.Matches(plain) || stored.Matches("S3cr3t-words") {
				t.Errorf("%q is not plain text", plain)
			}
		}
	})
	t.Run("empty", func(t *testing.T) {
		if stored := (Secret{}); !stored.Matches("") || stored.Matches("x") || !stored.Empty() {
			t.Error("only the empty text matches the empty secret")
		}
	})
	t.Run("broken hash", func(t *testing.T) {
		stored := Of("$2a$04$tooshort")
		if stored.Matches("") || stored.Matches("$2a$04$tooshort") || stored.Cost() != 0 {
			t.Error("a broken hash matches something")
		}
	})
}

func TestCost(t *testing.T) {
	if got := Of(hash(t, "words")).Cost(); got != bcrypt.MinCost {
		t.Errorf("cost %d", got)
	}
	if got := Of("words").Cost(); got != 0 {
		t.Errorf("cost %d of plain text", got)
	}
}

func TestPrintsNothing(t *testing.T) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if printed := fmt.Sprintf(verb, Of("hidden-words")); strings.Contains(printed, "hidden") {
			t.Errorf("%s prints %s", verb, printed)
		}
	}
}
