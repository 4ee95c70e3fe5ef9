package spec10

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/test/natsgo"
	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

const plaintext = "Plaintext passwords detected, use nkeys or bcrypt"

var single = file{name: "single",
	conf: `# single.conf
authorization {
  user: derek
  password: T0pS3cr3t
  timeout: 1
}
`, toml: `
[authorization]
user = "derek"
password = "T0pS3cr3t"
timeout = 1
`}

func TestOneLogin(t *testing.T) {
	t.Parallel()
	t.Run("spec 10 scenario 3", func(t *testing.T) {
		for _, dash := range []string{"-", "--"} {
			t.Run("user flags "+dash, func(t *testing.T) {
				s := server.Start(t, server.Options{Args: []string{dash + "DV", dash + "user", "foo", dash + "pass", "bar-secret"}})
				natsgo.Flush(t, natsgo.Connect(t, s.URL("foo:bar-secret")))
				refuses(t, s, login("foo", "wrong-secret"))
				refuses(t, s, wire.Login())
				s.WaitForAt("ERR", `authentication error - User "foo"`)
				s.WaitFor("authentication error")
				s.WaitForAt("TRC", `"pass":"[REDACTED]"`)
				hides(t, s, "bar-secret", "wrong-secret")
			})
			t.Run("token flag "+dash, func(t *testing.T) {
				s := server.Start(t, server.Options{Args: []string{dash + "DV", dash + "auth", "S3Cr3T0k3n!"}})
				natsgo.Flush(t, natsgo.Connect(t, s.URL("S3Cr3T0k3n!")))
				if _, err := nats.Connect(s.URL("Wr0ngT0k3n")); err == nil {
					t.Error("a wrong token was accepted")
				}
				s.WaitForAt("TRC", `"auth_token":"[REDACTED]"`)
				hides(t, s, "S3Cr3T0k3n!", "Wr0ngT0k3n")
			})
		}
		t.Run("user and token", func(t *testing.T) {
			fails(t, server.Options{Args: []string{"--user", "foo", "--pass", "bar", "--auth", "t"}}, "Cannot have a user/pass and a token")
		})
		single.in(t, func(t *testing.T, o server.Options) {
			s := server.Start(t, o)
			s.WaitForAt("WRN", plaintext)
			admits(t, s, login("derek", "T0pS3cr3t"))
			began := time.Now()
			c := wire.Open(t, s.Addr())
			if c.Info()["auth_required"] != true {
				t.Errorf("INFO is %v", c.Info())
			}
			c.ExpectFatal("Authentication Timeout")
			if took := time.Since(began); took < 900*time.Millisecond || took > 2*time.Second {
				t.Errorf("closed after %s", took)
			}
		})
	})
}

var users = file{name: "users",
	conf: `# users.conf
authorization {
  PASS: abcdefghijklmnopqrstuvwxyz0123456789
  users = [
    {user: alice, password: foo}
    {user: bob,   password: bar}
    {user: joe,   password: $PASS}
    {user: eve,   password: $EVE_PASS}
    {user: derek, password: @HASH@}
  ]
}
`, toml: `# users.toml
[authorization]
PASS = "abcdefghijklmnopqrstuvwxyz0123456789"
users = [
  {user = "alice", password = "foo"},
  {user = "bob", password = "bar"},
  {user = "joe", password = "$PASS"},
  {user = "eve", password = "$EVE_PASS"},
  {user = "derek", password = "@HASH@"},
]
`}

var hashedToken = file{name: "token",
	conf: "authorization { token: @HASH@ }\n",
	toml: "authorization.token = \"@HASH@\"\n",
}

func TestSeveralUsers(t *testing.T) {
	t.Parallel()
	t.Run("spec 10 scenario 4", func(t *testing.T) {
		users.with("@HASH@", hash(t, "T0pS3cr3t")).in(t, func(t *testing.T, o server.Options) {
			o.Env = []string{"EVE_PASS=s3cr3t"}
			s := server.Start(t, o)
			s.WaitForAt("WRN", plaintext)
			for user, password := range map[string]string{
				"alice": "foo", "bob": "bar", "joe": "abcdefghijklmnopqrstuvwxyz0123456789", "eve": "s3cr3t", "derek": "T0pS3cr3t",
			} {
				admits(t, s, login(user, password))
				refuses(t, s, login(user, password+"x"))
				refuses(t, s, login(user, ""))
			}
			refuses(t, s, login("joe", "$PASS"))
			refuses(t, s, login("derek", hash(t, "T0pS3cr3t")))
			if strings.Contains(s.Stderr(), "unknown field") {
				t.Errorf("a variable was taken for a field:\n%s", s.Stderr())
			}
		})
		users.with("@HASH@", hash(t, "T0pS3cr3t")).in(t, func(t *testing.T, o server.Options) {
			line := 1 + strings.Count(o.Config[:strings.Index(o.Config, "$EVE_PASS")], "\n")
			if strings.HasSuffix(o.File, ".conf") {
				fails(t, o, fmt.Sprintf("variable reference for 'EVE_PASS' on line %d can not be found", line))
			} else {
				fails(t, o, fmt.Sprintf("%s:%d:", o.File, line), "$EVE_PASS")
			}
		})
		hashedToken.with("@HASH@", hash(t, "T0pS3cr3t")).in(t, func(t *testing.T, o server.Options) {
			s := server.Start(t, o)
			admits(t, s, wire.Login(`"auth_token":"T0pS3cr3t"`))
			refuses(t, s, wire.Login(`"auth_token":"t0ps3cr3t"`))
			if strings.Contains(s.Stderr(), plaintext) {
				t.Errorf("a hash was taken for plain text:\n%s", s.Stderr())
			}
		})
	})
}
