package tlsmap

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"math/big"
	"net/url"
	"strings"
	"testing"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/conformance/authtest"
)

// subjectOf encodes a subject given most specific first, as people write it.
// Parts are "TYPE=value"; several attributes of one part are joined by "+".
func subjectOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	oids := map[string]asn1.ObjectIdentifier{
		"CN": {2, 5, 4, 3}, "SERIALNUMBER": {2, 5, 4, 5}, "C": {2, 5, 4, 6}, "L": {2, 5, 4, 7}, "ST": {2, 5, 4, 8},
		"STREET": {2, 5, 4, 9}, "O": {2, 5, 4, 10}, "OU": {2, 5, 4, 11}, "TITLE": {2, 5, 4, 12}, "POSTALCODE": {2, 5, 4, 17},
		"DC": oidDomainComponent,
	}
	var subject pkix.RDNSequence
	for i := len(parts) - 1; i >= 0; i-- {
		var rdn pkix.RelativeDistinguishedNameSET
		for attribute := range strings.SplitSeq(parts[i], "+") {
			name, value, _ := strings.Cut(attribute, "=")
			if oids[name] == nil {
				t.Fatalf("unknown attribute type %q", name)
			}
			rdn = append(rdn, pkix.AttributeTypeAndValue{Type: oids[name], Value: value})
		}
		subject = append(subject, rdn)
	}
	raw, err := asn1.Marshal(subject)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// certificate makes a certificate as a handshake would hand it over.
func certificate(t testing.TB, template x509.Certificate) *x509.Certificate {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(1)
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func withSubject(t testing.TB, parts ...string) *x509.Certificate {
	t.Helper()
	return certificate(t, x509.Certificate{RawSubject: subjectOf(t, parts...)})
}

func uri(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func mapped(cert *x509.Certificate) auth.Attempt {
	state := &auth.TLSState{MapUser: true}
	if cert != nil {
		state.PeerCertificates = []*x509.Certificate{cert}
	}
	return auth.Attempt{Type: auth.Standard, TLS: state}
}

// usersNamed are settings with users of these names and nothing else.
func usersNamed(t testing.TB, names ...string) string {
	t.Helper()
	type user struct {
		User string `json:"user"`
	}
	settings := map[string][]user{}
	for _, name := range names {
		settings["users"] = append(settings["users"], user{name})
	}
	text, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// selected is the user that the certificate selects among users of these names,
// empty when it selects none.
func selected(t testing.TB, cert *x509.Certificate, names ...string) string {
	t.Helper()
	a, _ := authtest.Open(t, Driver{}, usersNamed(t, names...))
	attempt := mapped(cert)
	verdict, err := a.Authenticate(context.Background(), &attempt)
	if err != nil {
		t.Fatal(err)
	}
	if verdict.Outcome != auth.Accept {
		return ""
	}
	return verdict.Identity.User
}

func TestConformance(t *testing.T) {
	derek := certificate(t, x509.Certificate{EmailAddresses: []string{"other@nats.io", "derek@nats.io"}})
	named := withSubject(t, "CN=locked")
	with := func(a auth.Attempt, change func(*auth.Attempt)) auth.Attempt {
		change(&a)
		return a
	}
	verified := mapped(derek)
	verified.TLS.MapUser = false
	identity := &auth.Identity{
		User: "derek@nats.io", Key: "derek@nats.io", Account: "D",
		Permissions: &auth.Permissions{Publish: auth.Subjects{Allow: []string{"foo"}}},
	}
	authtest.Run(t, authtest.Suite{
		Driver: Driver{},
		Settings: `{"users": [
			{"user": "derek@nats.io", "account": "D", "permissions": {"publish": "foo"}},
			{"user": "CN=locked", "password": "locked-secret"}
		]}`,
		Invalid: map[string]string{
			"no users": `{}`,
			"twice":    `{"users": [{"user": "CN=a"}, {"user": "CN=a"}]}`,
		},
		Cases: []authtest.Case{
			{Name: "second e-mail", Attempt: mapped(derek), Outcome: auth.Accept, Identity: identity},
			{Name: "the user in CONNECT is ignored", Outcome: auth.Accept, Identity: identity,
				Attempt: with(mapped(derek), func(a *auth.Attempt) { a.User = "CN=locked" })},
			{Name: "the default user is ignored", Outcome: auth.Accept, Identity: identity,
				Attempt: with(mapped(derek), func(a *auth.Attempt) { a.User, a.Default = "CN=locked", true })},
			{Name: "password", Outcome: auth.Accept,
				Attempt: with(mapped(named), func(a *auth.Attempt) { a.Password = "locked-secret" })},
			{Name: "password missing", Attempt: mapped(named), Outcome: auth.Reject},
			{Name: "password wrong", Outcome: auth.Reject,
				Attempt: with(mapped(named), func(a *auth.Attempt) { a.Password = "wrong-secret" })},
			{Name: "password of a user without", Outcome: auth.Reject,
				Attempt: with(mapped(derek), func(a *auth.Attempt) { a.Password = "wrong-secret" })},
			{Name: "unknown certificate", Attempt: mapped(withSubject(t, "CN=mallory")), Outcome: auth.Reject},
			{Name: "no certificate", Attempt: mapped(nil), Outcome: auth.Reject},
			{Name: "nothing in the certificate", Attempt: mapped(certificate(t, x509.Certificate{})), Outcome: auth.Reject},
			{Name: "listener does not map", Attempt: verified, Outcome: auth.NotMine},
			{Name: "no TLS", Attempt: auth.Attempt{User: "derek@nats.io"}, Outcome: auth.NotMine},
		},
	})
}

// The order of the names is the order of the candidates: a later one is taken
// only when the earlier ones are nobody's.
func TestOrderOfNames(t *testing.T) {
	t.Run("spec 03 #25", func(t *testing.T) {
		everything := certificate(t, x509.Certificate{
			RawSubject:     subjectOf(t, "CN=www", "OU=Users", "DC=example", "DC=com"),
			EmailAddresses: []string{"one@example.com", "two@example.com"},
			DNSNames:       []string{"one.example.com", "two.example.com"},
			URIs:           []*url.URL{uri(t, "spiffe://one"), uri(t, "spiffe://two")},
		})
		order := []string{
			"one@example.com", "two@example.com", "one.example.com", "two.example.com", "spiffe://one", "spiffe://two",
			"CN=www,OU=Users,DC=example,DC=com", "DC=com,DC=example,OU=Users,CN=www", "CN=www,OU=Users",
		}
		for len(order) > 0 {
			// The last is first in the settings: their order must not matter.
			reversed := make([]string, 0, len(order))
			for i := range order {
				reversed = append(reversed, order[len(order)-1-i])
			}
			if got := selected(t, everything, reversed...); got != order[0] {
				t.Errorf("of %q selects %q", reversed, got)
			}
			order = order[1:]
		}
	})
}

func TestConnectionTypeOfCandidates(t *testing.T) {
	a, _ := authtest.Open(t, Driver{}, `{"users": [{"user": "one@example.com", "clients": "websocket"}, {"user": "two@example.com"}]}`)
	attempt := mapped(certificate(t, x509.Certificate{EmailAddresses: []string{"one@example.com", "two@example.com"}}))
	verdict, err := a.Authenticate(context.Background(), &attempt)
	if err != nil || verdict.Outcome != auth.Accept || verdict.Identity.User != "two@example.com" {
		t.Errorf("got %+v %v", verdict.Identity, err)
	}
}

func TestDistinguishedNames(t *testing.T) {
	www := []string{"CN=www", "OU=Eng", "O=Org", "ST=CA", "C=US"}
	jdoe := []string{"CN=jdoe", "OU=Users", "DC=example", "DC=com"}
	multi := []string{"OU=Users+CN=multi", "DC=com"}
	titled := []string{"TITLE=Boss", "SERIALNUMBER=1", "CN=www"}
	type vector struct {
		subject []string
		user    string
		match   bool
	}
	for name, vectors := range map[string][]vector{
		"spec 03 #26": {
			{www, "CN=www,OU=Eng,O=Org,ST=CA,C=US", true},
			{www, "C=US,ST=CA,O=Org,OU=Eng,CN=www", true},
			{www, "OU=Eng,CN=www,C=US,O=Org,ST=CA", true},
			{www, "cn=www, ou=Eng, o=Org, st=CA, c=US", true},
			{www, " cn = www , ou=Eng,o=Org,st=CA,c=US ", true},
			{www, "CN=WWW,OU=Eng,O=Org,ST=CA,C=US", false},
			{www, "www", false},
			{jdoe, "CN=jdoe,OU=Users,DC=example,DC=com", true},
			{jdoe, "DC=com,DC=example,OU=Users,CN=jdoe", true},
			{jdoe, "CN=jdoe,OU=Users,DC=com,DC=example", true},
		},
		"spec 03 #27": {
			{www, "CN=www,O=Org", false},
			{www, "CN=www,OU=Eng,O=Org,ST=CA", false},
			{www, "CN=www,OU=Eng,O=Org,ST=CA,C=US,L=Here", false},
			{www, "CN=www,CN=www,O=Org,ST=CA,C=US", false},
			{jdoe, "CN=jdoe,OU=Users", true}, // the subject as text, without DC
			{jdoe, "OU=Users,CN=jdoe", false},
			{jdoe, "CN=jdoe,OU=Users,DC=example", false},
		},
		"spec 03 #28": {
			{multi, "CN=multi+OU=Users,DC=com", true},
			{multi, "OU=Users+CN=multi,DC=com", true},
			{multi, "DC=com,CN=multi+OU=Users", true},
			{[]string{"CN=multi", "OU=Users", "DC=com"}, "CN=multi+OU=Users,DC=com", false},
			{multi, "OU=Users,CN=multi,DC=com", false},
			{multi, "CN=multi,OU=Users,DC=com", true}, // the subject as text, with DC
		},
		"spec 03 #29": {
			{titled, "SERIALNUMBER=1,CN=www", true},
			{titled, "CN=www,SERIALNUMBER=1", false},
			{titled, "TITLE=Boss,SERIALNUMBER=1,CN=www", false},
		},
		"escapes": {
			{[]string{"CN=Doe, John", "O=A;B"}, `CN=Doe\, John,O=A\;B`, true},
			{[]string{"CN=Doe, John"}, `CN=Doe\2C John`, true},
			{[]string{"CN=Lučić"}, `CN=Lu\C4\8Di\C4\87`, true},
			{[]string{"CN= x "}, `CN=\ x\ `, true},
			{[]string{"CN=#1"}, `CN=\#1`, true},
			{[]string{"CN=x"}, `CN=#78`, false},
			{[]string{"CN=x"}, `CN=x\`, false},
			{[]string{"CN=a=b"}, `CN=a=b`, true},
			{[]string{"STREET=Way 1", "POSTALCODE=12345", "L=Here"}, "l=Here,postalcode=12345,street=Way 1", true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, v := range vectors {
				want := ""
				if v.match {
					want = v.user
				}
				if got := selected(t, withSubject(t, v.subject...), "somebody", v.user); got != want {
					t.Errorf("subject %q, user %q: selects %q", v.subject, v.user, got)
				}
			}
		})
	}
}

// Of two users whose names differ in order only, the one in the certificate's
// order wins, wherever it stands.
func TestOrderedBeforeUnordered(t *testing.T) {
	cert := withSubject(t, "CN=a", "O=b", "C=US")
	if got := selected(t, cert, "O=b,CN=a,C=US", "cn=a,o=b,c=US"); got != "cn=a,o=b,c=US" {
		t.Errorf("selects %q", got)
	}
}

func TestPasswords(t *testing.T) {
	t.Run("spec 03 #30", func(t *testing.T) {
		a, h := authtest.Open(t, Driver{}, `{"users": [{"user": "CN=www"}, {"user": "derek", "password": "derek-secret"}]}`)
		attempt := mapped(withSubject(t, "CN=www"))
		attempt.User = "derek"
		verdict, err := a.Authenticate(context.Background(), &attempt)
		if err != nil || verdict.Outcome != auth.Accept || verdict.Identity.User != "CN=www" {
			t.Errorf("with a user in CONNECT: %+v %v", verdict, err)
		}
		if !strings.Contains(h.Logged(), "derek") {
			t.Error("no warning about the ignored user")
		}
		attempt.Password = "derek-secret"
		if verdict, err := a.Authenticate(context.Background(), &attempt); err != nil || verdict.Outcome != auth.Reject {
			t.Errorf("with a password in CONNECT: %+v %v", verdict, err)
		}
	})
}
