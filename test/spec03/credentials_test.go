package spec03

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/test/wire"
)

// newKey returns a user key pair and its public part.
func newKey(t *testing.T) (string, nkeys.KeyPair) {
	t.Helper()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return public, pair
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	for _, line := range []struct {
		name string
		test func(*testing.T)
	}{
		{"spec 03 #12", func(t *testing.T) {
			s := start(t, `authorization { users: [ {user: a, password: pa}, {user: b, password: pb}, {user: none} ] }`)
			for _, wrong := range []string{password("a", "pb"), password("a", ""), password("nobody", "pa"), password("A", "pa"), password("a", "pa "), `"user":"a"`, `"pass":"pa"`, password("", ""), `"auth_token":"pa"`, password("none", "x")} {
				refused(t, s, wrong)
			}
			refused(t, s)
			accepted(t, s, password("a", "pa"))
			accepted(t, s, password("b", "pb"))
			// Two empty strings are equal.
			accepted(t, s, password("none", ""))
			s.WaitFor(`authentication error - User "nobody"`)
		}},
		{"spec 03 #13", bcryptPrefixes},
		{"spec 03 #14", func(t *testing.T) {
			user := start(t, `authorization { user: a, password: b }`)
			for _, wrong := range []string{`"auth_token":"a"`, `"auth_token":"b"`, `"auth_token":""`, `"nkey":"a"`, password("b", "a")} {
				refused(t, user, wrong)
			}
			accepted(t, user, password("a", "b"))
			accepted(t, user, password("a", "b"), `"auth_token":"x"`)
			token := start(t, `authorization { token: t }`)
			for _, wrong := range []string{password("t", ""), password("t", "t"), password("", "t"), `"auth_token":"T"`, `"auth_token":""`} {
				refused(t, token, wrong)
			}
			accepted(t, token, `"auth_token":"t"`)
			token.WaitFor(`authentication error - User "t"`)
		}},
		{"spec 03 #16", nkeyLogin},
		{"spec 03 #17", func(t *testing.T) {
			public, _ := newKey(t)
			for _, config := range []string{
				"authorization { users: [ {user: guest, password: g} ] }\nno_auth_user: guest\n",
				fmt.Sprintf("authorization { users: [ {nkey: %s} ] }\nno_auth_user: %s\n", public, public),
			} {
				s := start(t, config)
				for _, wrong := range []string{`"auth_token":"x"`, `"pass":"g"`, `"user":"other"`} {
					refused(t, s, wrong)
				}
				accepted(t, s)
				accepted(t, s, `"user":"","pass":"","auth_token":""`)
			}
		}},
		{"spec 03 #18", func(t *testing.T) {
			const jwt = `"jwt":"eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.e30.c2ln"`
			s := start(t, `authorization { users: [ {user: a, password: b} ] }`)
			accepted(t, s, password("a", "b"), jwt)
			refused(t, s, jwt)
			guests := start(t, "authorization { users: [ {user: a, password: b} ] }\nno_auth_user: a\n")
			accepted(t, guests, jwt)
		}},
		{"spec 03 #19", func(t *testing.T) {
			public, pair := newKey(t)
			s := start(t, fmt.Sprintf(`authorization { users: [
  {user: web, password: p, allowed_connection_types: ["WEBSOCKET"]}
  {user: mixed, password: p, allowed_connection_types: ["websocket", "standard"]}
  {user: std, password: p, allowed_connection_types: "STANDARD"}
  {nkey: %s, allowed_connection_types: [MQTT]}
] }`, public))
			refused(t, s, password("web", "p"))
			accepted(t, s, password("mixed", "p"))
			accepted(t, s, password("std", "p"))
			c := wire.Open(t, s.Addr())
			c.Send(wire.Login(signed(t, c, public, pair, base64.RawURLEncoding)))
			c.ExpectFatal(notAuthorized)
		}},
		{"spec 03 #20", func(t *testing.T) {
			// The other half of the line, an in-process connection, is tested where one can be made.
			s := start(t, `authorization { users: [ {user: inside, password: p, allowed_connection_types: ["IN_PROCESS"]} ] }`)
			refused(t, s, password("inside", "p"))
		}},
	} {
		t.Run(line.name, func(t *testing.T) {
			t.Parallel()
			line.test(t)
		})
	}
}

func bcryptPrefixes(t *testing.T) {
	config := "authorization { users: [\n"
	for _, letter := range []string{"a", "b", "x", "y"} {
		config += fmt.Sprintf("  {user: %s, password: \"%s\"}\n", letter, hash(t, "secret", "$2"+letter+"$"))
	}
	other := hash(t, "secret", "$2z$")
	short := "$2a$1$short"
	config += fmt.Sprintf("  {user: z, password: \"%s\"}\n  {user: short, password: \"%s\"}\n] }\n", other, short)
	s := start(t, config)
	for _, user := range []string{"a", "b", "x", "y"} {
		accepted(t, s, password(user, "secret"))
		refused(t, s, password(user, "Secret"))
		refused(t, s, password(user, ""))
	}
	accepted(t, s, password("z", other))
	refused(t, s, password("z", "secret"))
	accepted(t, s, password("short", short))
	token := start(t, fmt.Sprintf(`authorization { token: "%s" }`, hash(t, "secret", "$2b$")))
	accepted(t, token, `"auth_token":"secret"`)
	refused(t, token, `"auth_token":"Secret"`)
}

// signed returns the members of CONNECT that answer the challenge of a connection.
func signed(t *testing.T, c *wire.Conn, public string, pair nkeys.KeyPair, encoding *base64.Encoding) string {
	t.Helper()
	nonce, _ := c.Info()["nonce"].(string)
	signature, err := pair.Sign([]byte(nonce))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`"nkey":%q,"sig":%q`, public, encoding.EncodeToString(signature))
}

func nkeyLogin(t *testing.T) {
	public, pair := newKey(t)
	strangerPublic, stranger := newKey(t)
	otherPublic, _ := newKey(t)
	s := start(t, fmt.Sprintf(`authorization { users: [ {nkey: %s, permissions: { publish: { deny: "closed" } }}, {nkey: %s} ] }`, public, otherPublic))
	for _, encoding := range []*base64.Encoding{base64.RawURLEncoding, base64.StdEncoding} {
		c := wire.Open(t, s.Addr())
		c.Send(wire.Login(signed(t, c, public, pair, encoding)), wire.Pub("closed", ""))
		c.ExpectErr(`Permissions Violation for Publish to "closed"`)
		c.Sync()
	}
	earlier := wire.Open(t, s.Addr())
	for name, members := range map[string]func(*testing.T, *wire.Conn) string{
		"without a signature": func(*testing.T, *wire.Conn) string { return fmt.Sprintf(`"nkey":%q`, public) },
		"an empty signature":  func(*testing.T, *wire.Conn) string { return fmt.Sprintf(`"nkey":%q,"sig":""`, public) },
		"no base64":           func(*testing.T, *wire.Conn) string { return fmt.Sprintf(`"nkey":%q,"sig":"!!"`, public) },
		"another key's":       func(t *testing.T, c *wire.Conn) string { return signed(t, c, public, stranger, base64.RawURLEncoding) },
		"a key of another":    func(t *testing.T, c *wire.Conn) string { return signed(t, c, otherPublic, pair, base64.RawURLEncoding) },
		"an unknown key": func(t *testing.T, c *wire.Conn) string {
			return signed(t, c, strangerPublic, stranger, base64.RawURLEncoding)
		},
		"of another challenge": func(t *testing.T, _ *wire.Conn) string {
			return signed(t, earlier, public, pair, base64.RawURLEncoding)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := wire.Open(t, s.Addr())
			c.Send(wire.Login(members(t, c)))
			c.ExpectFatal(notAuthorized)
		})
	}
	s.WaitFor(fmt.Sprintf(`authentication error - Nkey "%s"`, strangerPublic))
}
