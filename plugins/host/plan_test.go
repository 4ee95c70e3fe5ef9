package host

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

func userKey(t testing.TB) (nkeys.KeyPair, string) {
	t.Helper()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return pair, public
}

func TestPlan(t *testing.T) {
	_, key := userKey(t)
	for _, test := range []struct {
		name, config, links string
	}{
		{"nothing", ``, ""},
		{"token", `authorization { token: t }`, "token"},
		{"single user", `authorization { user: u, password: p }`, "userpass"},
		{"no users", `authorization { users: [] }`, ""},
		{"accounts without users", `accounts { A {}, B {} }`, ""},
		{"users", `authorization { users: [ { user: a, password: b } ] }`, "userpass"},
		{"users of accounts", `accounts { A { users: [ { user: a, password: b } ] } }`, "userpass"},
		{"both kinds", fmt.Sprintf(`accounts { A { users: [ { user: a, password: b }, { nkey: %s } ] } }`, key), "nkey userpass"},
		{
			"an explicit chain in its order",
			fmt.Sprintf(`authorization { users: [ { nkey: %s }, { user: a, password: b } ] }
			auth: [ { driver: userpass }, { driver: fake }, { driver: nkey } ]`, key),
			"userpass fake nkey",
		},
		{
			"links of their own beside those of the blocks",
			`authorization { token: t }
			auth: [ { driver: token, config: { token: u, account: A } }, { driver: token }, { driver: fake }, { driver: fake } ]`,
			"token token-2 fake fake-2",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			plan, err := registry(t, &fake{name: "fake"}).Plan(options(t, test.config))
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, l := range plan.links {
				names = append(names, l.name)
			}
			if got := strings.Join(names, " "); got != test.links {
				t.Errorf("links %q, want %q", got, test.links)
			}
		})
	}
}

func TestPlanMistakes(t *testing.T) {
	const block = "authorization { users: [ { user: a, password: b } ] }\n"
	for _, test := range []struct {
		name, config string
		says         []string // beginning with line:column
	}{
		{"unknown driver", `auth: [ { driver: ldap } ]`, []string{`:2:9: unknown authenticator driver "ldap", this program has: fake, nkey, tlsmap, token, userpass`}},
		{
			"the chain lacks the driver", block + `auth: [ { driver: fake } ]`,
			[]string{`:2:1: users with a password need the authenticator driver "userpass", which the chain in "auth" does not hold`},
		},
		{
			"the chain's driver has other users", block + `auth: [ { driver: userpass, config: { users: [ { user: c } ] } } ]`,
			[]string{`:2:1: users with a password need the authenticator driver "userpass"`},
		},
		{
			"accounts", "accounts { A { users: [ { user: a, password: b } ] } }\nauth: [ { driver: token, config: { token: t } } ]",
			[]string{`:2:1: users with a password need the authenticator driver "userpass"`},
		},
		{
			"everything at once",
			"auth: [\n { driver: token }\n { driver: fake, config: { levle: 3 } }\n { process: \"./ldap-auth\" }\n { wasm: \"geo.wasm\" }\n]",
			[]string{
				`:3:2: missing option "token"`, `:4:28: unknown field "levle"`,
				`:5:2: authenticator "./ldap-auth": this program runs no drivers as processes`,
				`:6:2: authenticator "geo.wasm": this program runs no drivers as WASM modules`,
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := registry(t, &fake{name: "fake"}).Plan(options(t, test.config))
			var invalid *option.InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("error %v", err)
			}
			lines := invalid.Report.Lines()
			if len(lines) != len(test.says) {
				t.Fatalf("lines %q", lines)
			}
			for i, want := range test.says {
				if !strings.Contains(lines[i], want) {
					t.Errorf("says %s\nwant %s", lines[i], want)
				}
			}
		})
	}
}

func TestRegistry(t *testing.T) {
	for name, drivers := range map[string][]auth.Driver{
		"same name": {&fake{name: "a"}, &fake{name: "b"}, &fake{name: "a"}},
		"no name":   {&fake{}},
		"no table":  {noTable{}},
	} {
		if _, err := NewRegistry(Drivers{Auth: drivers}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	r, err := NewRegistry(Drivers{Auth: []auth.Driver{&fake{name: "b"}, &fake{name: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	if all := r.Auth(); len(all) != 2 || all[0].Name != "a" || all[1].Name != "b" {
		t.Errorf("describes %+v", all)
	}
}

type noTable struct{ auth.Driver }

func (noTable) Describe() auth.Description { return auth.Description{Name: "no-table"} }
