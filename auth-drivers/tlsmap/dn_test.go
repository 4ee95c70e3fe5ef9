package tlsmap

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"testing"
)

func TestParseNameMistakes(t *testing.T) {
	for _, text := range []string{
		"", "derek", "derek@nats.io", "=x", ",CN=x", "CN=x,", "CN=x,,O=y", "CN=x+", "CN=x,O", `C\N=x`, "CN=#04", "CN= #04", `CN=\`, `CN=\4`, `CN=\zz`,
	} {
		if n, err := parseName(text); err == nil {
			t.Errorf("%q is read as %q", text, n)
		}
	}
}

// What is equal or not must not depend on how the parts are glued together.
func TestNamesAreNotConfused(t *testing.T) {
	one, err := parseName(`CN=a\,O\="b"`)
	if err != nil {
		t.Fatal(err)
	}
	two, err := parseName(`CN=a,O="b"`)
	if err != nil {
		t.Fatal(err)
	}
	if one.ordered() == two.ordered() || one.unordered() == two.unordered() {
		t.Errorf("%q and %q are equal", one, two)
	}
}

func TestSubjectWithoutText(t *testing.T) {
	raw, err := asn1.Marshal(pkix.RDNSequence{{{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: 42}}})
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := subjectName(raw); ok {
		t.Errorf("read as %q", n)
	}
}

// Whatever the text of a user name: if it can be read as a distinguished name,
// then a certificate with exactly this subject has it.
func FuzzParseName(f *testing.F) {
	for _, seed := range []string{"CN=www,OU=Eng,O=Org", "cn = www , ou=x+CN=y", `CN=Doe\, John`, `CN=\4C\75`, "CN=#04", "DC=com", "CN=", "a", `CN=x\ ,O= `} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := parseName(text)
		if err != nil {
			return
		}
		if len(n) == 0 {
			t.Fatal("a name without parts")
		}
		reversed := slices.Clone(n)
		slices.Reverse(reversed)
		if n.unordered() != reversed.unordered() {
			t.Fatalf("%q: the order matters in %q", text, n.unordered())
		}
		spaced, err := parseName(" " + text)
		if err != nil || spaced.ordered() != n.ordered() {
			t.Fatalf("%q: a leading space changes %q to %q (%v)", text, n, spaced, err)
		}
	})
}

// Any value must come back when it is escaped, byte by byte.
func FuzzEscapedValue(f *testing.F) {
	for _, seed := range []string{"", " ", "a,b+c", `\`, "#x", "ü", "\x00"} {
		f.Add(seed)
	}
	const digits = "0123456789abcdef"
	f.Fuzz(func(t *testing.T, value string) {
		text := "CN="
		for _, b := range []byte(value) {
			text += `\` + string(digits[b>>4]) + string(digits[b&15])
		}
		got, err := parseName(text)
		if err != nil {
			t.Fatal(err)
		}
		var want relative
		want.add("CN", value)
		if got.ordered() != want.text() {
			t.Fatalf("%q became %q", value, got)
		}
	})
}

func BenchmarkNamesOf(b *testing.B) {
	cert := withSubject(b, "CN=www", "OU=Eng", "O=Org", "ST=CA", "C=US")
	for b.Loop() {
		if names := namesOf(cert); names.subject == nil {
			b.Fatal("no name")
		}
	}
}
