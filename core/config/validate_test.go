package config

import "testing"

func TestValidate(t *testing.T) {
	for text, want := range map[string]string{
		"port: 1":                            "",
		"lame_duck_grace_period: 2m1s":       "lame duck grace period (2m1s) should be strictly lower than lame duck duration (2m0s)",
		"max_payload: 2MB, max_pending: 1MB": "max_payload (2097152) cannot be higher than max_pending (1048576)",
		"max_payload: -1":                    "",
		"no_auth_user: b":                    `no_auth_user: "b" present, but users/nkeys are not defined`,
		"no_auth_user: b, authorization { users: [{user:a}] }":                              `no_auth_user: "b" not present as user or nkey in authorization block or account configuration`,
		"no_auth_user: a, authorization { users: [{user:a}] }":                              "",
		"no_auth_user: a, accounts { A { users: [{user:a}] } }":                             "",
		"no_auth_user: " + userKey + ", accounts { A { users: [{nkey:" + userKey + "}] } }": "",
		"no_auth_user: b, operator: o.jwt":                                                  "no_auth_user not compatible with Trusted Operator",
		"no_auth_user: b, auth: [ {driver: ldap} ]":                                         "",
	} {
		got := ""
		if err := valid(t, text).Validate(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	if err := Default().Validate(); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
}

func TestPlaintextPasswords(t *testing.T) {
	const hash = `"$2a$11$0123456789012345678901"`
	for text, want := range map[string]bool{
		"authorization { user: u, password: p }":                                true,
		"authorization { user: u, password: " + hash + " }":                     false,
		"authorization { token: t }":                                            false,
		"authorization { users: [ {user: u, password: " + hash + "} ] }":        false,
		"accounts { A { users: [ {user: u, password: p} ] } }":                  true,
		"accounts { A { users: [ {user: u} ] } }":                               true,
		"tls { verify_and_map: true }, accounts { A { users: [ {user: u} ] } }": false,
		"accounts { A { users: [ {nkey: " + userKey + "} ] } }":                 false,
	} {
		if got := valid(t, text).PlaintextPasswords(); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
