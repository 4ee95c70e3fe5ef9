package host

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/auth"
)

// mapsCertificatesMark ends configurations whose listener takes users from
// certificates; a tls block would need files.
const mapsCertificatesMark = "# verify_and_map"

// What the usual blocks decide must not depend on the blocks being served by
// several drivers.
func TestDecisionsOfTheUsualBlocks(t *testing.T) {
	const refused = "reject: bad credentials"
	pair, key := userKey(t)
	_, unknown := userKey(t)
	nonce := []byte("0123456789abcde")
	signature, err := pair.Sign(nonce)
	if err != nil {
		t.Fatal(err)
	}
	signed := auth.Attempt{NKey: key, Nonce: nonce, Signature: base64.RawURLEncoding.EncodeToString(signature)}
	with := func(a auth.Attempt, change func(*auth.Attempt)) auth.Attempt {
		change(&a)
		return a
	}
	mapped := &auth.TLSState{MapUser: true, PeerCertificates: []*x509.Certificate{{EmailAddresses: []string{"cert@example.com"}}}}
	single := `authorization { user: derek, password: pw }`
	token := `authorization { token: tok, default_permissions: { publish: a } }`
	users := fmt.Sprintf(`accounts {
		A { users: [ { user: alice, password: pa }, { nkey: %s, clients: [STANDARD] } ] }
		B { users: [ { user: bob, password: pb, permissions: { publish: b } }, { user: "cert@example.com" }, { user: web, password: pw, clients: websocket } ] }
	}`, key)
	names := `authorization { users: [ { user: alice, password: pa } ] }`
	maps := users + mapsCertificatesMark

	for _, test := range []struct {
		name, config string
		attempt      auth.Attempt
		want         string
	}{
		{"open", ``, auth.Attempt{User: "x", Password: "y", Token: "z"}, " in $G by "},

		{"single: right", single, auth.Attempt{User: "derek", Password: "pw"}, "derek in $G by userpass"},
		{"single: wrong", single, auth.Attempt{User: "derek", Password: "pv"}, refused},
		{"single: unknown", single, auth.Attempt{User: "eve", Password: "pw"}, refused},
		{"spec 03 #14", single, auth.Attempt{Token: "pw"}, refused},
		{"single: an nkey does not matter", single, auth.Attempt{NKey: key, User: "derek", Password: "pw"}, "derek in $G by userpass"},
		{"single: nothing", single, auth.Attempt{}, refused},

		{"token: right", token, auth.Attempt{Token: "tok"}, "[REDACTED] in $G by token"},
		{"token: wrong", token, auth.Attempt{Token: "tik"}, refused},
		{"token: a user", token, auth.Attempt{User: "tok", Password: "tok"}, refused},

		{"users: A", users, auth.Attempt{User: "alice", Password: "pa"}, "alice in A by userpass"},
		{"users: B", users, auth.Attempt{User: "bob", Password: "pb"}, "bob in B by userpass"},
		{"users: wrong", users, auth.Attempt{User: "bob", Password: "pa"}, refused},
		{"users: unknown", users, auth.Attempt{User: "eve", Password: "pa"}, refused},
		{"users: only a token", users, auth.Attempt{Token: "pa"}, refused},
		{"users: only a password", users, auth.Attempt{Password: "pa"}, refused},
		{"users: nothing", users, auth.Attempt{}, refused},
		{"users: other connection type", users, auth.Attempt{Type: auth.Standard, User: "web", Password: "pw"}, "reject: connection type is not allowed"},
		{"users: their connection type", users, auth.Attempt{Type: auth.WebSocket, User: "web", Password: "pw"}, "web in B by userpass"},
		{"users: default", users, auth.Attempt{User: "bob", Default: true}, "bob in B by userpass"},
		{"users: certificate without mapping", users, auth.Attempt{TLS: &auth.TLSState{}, User: "alice", Password: "pa"}, "alice in A by userpass"},

		{"nkey", users, with(signed, func(a *auth.Attempt) { a.Type = auth.Standard }), key + " in A by nkey"},
		{"nkey: default", users, auth.Attempt{Type: auth.Standard, NKey: key, Default: true}, key + " in A by nkey"},
		{"nkey: not signed", users, auth.Attempt{Type: auth.Standard, NKey: key, Nonce: nonce}, refused},
		{"nkey: unknown beside a right password", users, auth.Attempt{NKey: unknown, User: "alice", Password: "pa"}, refused},
		{"nkey: other connection type", users, signed, "reject: connection type is not allowed"},
		{"nkey: nobody has one", names, auth.Attempt{NKey: key, User: "alice", Password: "pa"}, "alice in $G by userpass"},

		{"maps: certificate", maps, auth.Attempt{TLS: mapped}, "cert@example.com in B by tlsmap"},
		{"maps: certificate before user", maps, auth.Attempt{TLS: mapped, User: "alice"}, "cert@example.com in B by tlsmap"},
		{"maps: certificate before the default", maps, auth.Attempt{TLS: mapped, User: "alice", Default: true}, "cert@example.com in B by tlsmap"},
		{"maps: nkey before certificate", maps, auth.Attempt{TLS: mapped, NKey: unknown}, refused},
		{"maps: no certificate", maps, auth.Attempt{TLS: &auth.TLSState{MapUser: true}, User: "alice", Password: "pa"}, refused},
		{"maps: by name elsewhere", maps, auth.Attempt{User: "alice", Password: "pa"}, "alice in A by userpass"},
		{"maps: by name without password", maps, auth.Attempt{User: "cert@example.com"}, refused},
		{"does not map: by name without password", users, auth.Attempt{User: "cert@example.com"}, "cert@example.com in B by userpass"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t, test.config)
			if strings.HasSuffix(test.config, mapsCertificatesMark) {
				o.Client.TLS = &config.TLS{VerifyAndMap: true}
			}
			if got := says(servingOptions(t, Environment{}, o), &test.attempt); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestRequirementsOfTheUsualBlocks(t *testing.T) {
	_, key := userKey(t)
	for _, test := range []struct {
		name, config    string
		required, nonce bool
	}{
		{"open", ``, false, false},
		{"token", `authorization { token: t }`, true, false},
		{"users", `authorization { users: [ { user: a, password: b } ] }`, true, false},
		{"nkeys", fmt.Sprintf(`authorization { users: [ { nkey: %s } ] }`, key), true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := serving(t, Environment{}, test.config)
			if a.Required() != test.required || a.NeedsNonce() != test.nonce {
				t.Errorf("required %v, nonce %v", a.Required(), a.NeedsNonce())
			}
		})
	}
}

// Permissions must come out of the driver as they went into the block.
func TestPermissionsPassThroughSettings(t *testing.T) {
	a := serving(t, Environment{}, `authorization {
		default_permissions: { publish: sandbox }
		users: [
			{ user: all, password: p, permissions: {
				publish: { allow: [ "a", "b.>" ], deny: "c" }, subscribe: { allow: "d q", deny: [ "e" ] }
				allow_responses: { max: 5, expires: "90s" } } }
			{ user: answers, password: p, permissions: { publish: { deny: x }, allow_responses: true } }
			{ user: none, password: p }
		] }`)
	nothing := []string{}
	for user, want := range map[string]*auth.Permissions{
		"all": {
			Publish:   auth.Subjects{Allow: []string{"a", "b.>"}, Deny: []string{"c"}},
			Subscribe: auth.Subjects{Allow: []string{"d q"}, Deny: []string{"e"}},
			Responses: &auth.Responses{Max: 5, Expires: 90 * time.Second},
		},
		"answers": {
			Publish:   auth.Subjects{Allow: nothing, Deny: []string{"x"}},
			Responses: &auth.Responses{Max: 1, Expires: 2 * time.Minute},
		},
		"none": nil,
	} {
		verdict, err := a.Authenticate(t.Context(), &auth.Attempt{User: user, Password: "p"})
		if err != nil || verdict.Outcome != auth.Accept {
			t.Fatalf("%s: %+v %v", user, verdict, err)
		}
		if got := verdict.Identity.Permissions; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", user, got, want)
		}
	}
}

// So must restrictions: each refuses the attempt that breaks it, and no other.
func TestRestrictionsPassThroughSettings(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 1, 5, 23, 30, 0, 0, time.UTC) } // half past midnight in Berlin
	a := serving(t, Environment{Now: now}, `authorization { users: [
		{ user: types, password: p, allowed_connection_types: [ websocket, MQTT ] }
		{ user: near, password: p, source_networks: [ "10.0.0.0/8", "fd00::/8" ] }
		{ user: night, password: p, times: [ { start: "00:00:00", end: "06:00:00" } ], times_location: "Europe/Berlin" }
		{ user: day, password: p, times: [ { start: "08:00:00", end: "18:00:00" }, { start: "19:00:00", end: "20:00:00" } ], times_location: "Europe/Berlin" }
		{ user: behind, password: p, proxy_required: true }
	] }`)
	for _, test := range []struct {
		attempt auth.Attempt
		want    string
	}{
		{auth.Attempt{User: "types", Type: auth.MQTT}, "types in $G by userpass"},
		{auth.Attempt{User: "types", Type: auth.Standard}, "reject: connection type is not allowed"},
		{auth.Attempt{User: "near", Remote: netip.MustParseAddrPort("[fd00::1]:1")}, "near in $G by userpass"},
		{auth.Attempt{User: "near", Remote: netip.MustParseAddrPort("11.0.0.1:1")}, "reject: source network is not allowed"},
		{auth.Attempt{User: "night"}, "night in $G by userpass"},
		{auth.Attempt{User: "day"}, "reject: outside the allowed times"},
		{auth.Attempt{User: "behind", Proxy: "P"}, "behind in $G by userpass"},
		{auth.Attempt{User: "behind"}, "reject: proxy connection required"},
	} {
		test.attempt.Password = "p"
		if got := says(a, &test.attempt); got != test.want {
			t.Errorf("%s, want %s", got, test.want)
		}
	}
}

// Default permissions are for the users of lists: the holder of the token may do
// everything, not what the account's users may.
func TestSingleCredentialHasNoDefaultPermissions(t *testing.T) {
	for _, text := range []string{
		`authorization { token: t, default_permissions: { publish: a } }`,
		`authorization { user: u, password: p, default_permissions: { publish: a } }`,
	} {
		a := serving(t, Environment{}, text)
		verdict, err := a.Authenticate(t.Context(), &auth.Attempt{User: "u", Password: "p", Token: "t"})
		if err != nil || verdict.Outcome != auth.Accept || !reflect.DeepEqual(verdict.Identity.Permissions, &auth.Permissions{}) {
			t.Errorf("%s: %+v %v", text, verdict.Identity, err)
		}
	}
}

func TestChainOrder(t *testing.T) {
	a := serving(t, Environment{}, `authorization { users: [ { user: derek, password: pw } ] }
		auth: [ { driver: badge }, { driver: userpass } ]`,
		&fake{name: "badge", reads: []auth.AttemptField{auth.ReadsUser}, answer: badge})
	for attempt, want := range map[*auth.Attempt]string{
		{User: "carol"}:                 "carol in BADGE by badge",
		{User: "banned"}:                "reject: credentials are revoked",
		{User: "derek", Password: "pw"}: "derek in $G by userpass",
		{User: "derek", Password: "px"}: "reject: bad credentials",
		{User: "mallory"}:               "reject: bad credentials",
	} {
		if got := says(a, attempt); got != want {
			t.Errorf("%v: %s, want %s", attempt, got, want)
		}
	}
}

func badge(_ context.Context, _ string, attempt *auth.Attempt) (auth.Verdict, error) {
	switch attempt.User {
	case "carol":
		return auth.Verdict{Outcome: auth.Accept, Identity: &auth.Identity{User: "carol", Key: "carol", Account: "BADGE"}}, nil
	case "banned":
		return auth.Verdict{Outcome: auth.Reject, Reason: auth.Revoked}, nil
	}
	return auth.Verdict{Outcome: auth.NotMine}, nil
}
