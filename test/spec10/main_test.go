package spec10

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

// name is what the program calls itself in its messages.
const name = "trellis"

const notAuthorized = "Authorization Violation"

// file is a configuration in both of its forms.
type file struct {
	name string // without extension
	conf string
	toml string
}

// in runs the test with each form of the file; the options name the file, and the test adds to them.
func (f file) in(t *testing.T, test func(t *testing.T, o server.Options)) {
	t.Helper()
	for extension, text := range map[string]string{".conf": f.conf, ".toml": f.toml} {
		t.Run(f.name+extension, func(t *testing.T) {
			test(t, server.Options{Config: text, File: f.name + extension})
		})
	}
}

// with replaces a mark in both forms.
func (f file) with(mark, value string) file {
	f.conf = strings.ReplaceAll(f.conf, mark, value)
	f.toml = strings.ReplaceAll(f.toml, mark, value)
	return f
}

// hash returns what a user would get from the passwd command, at a lower cost.
func hash(t *testing.T, secret string) string {
	t.Helper()
	h, err := bcrypt.GenerateFromPassword([]byte(secret), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return string(h)
}

func login(user, password string) string {
	return wire.Login(fmt.Sprintf(`"user":%q,"pass":%q`, user, password))
}

// refuses expects this CONNECT to be refused.
func refuses(t *testing.T, s *server.Server, connect string) {
	t.Helper()
	c := wire.Open(t, s.Addr())
	c.Send(connect, "PING\r\n")
	c.ExpectFatal(notAuthorized)
}

// admits expects this CONNECT to be accepted.
func admits(t *testing.T, s *server.Server, connect string) *wire.Conn {
	t.Helper()
	c := wire.Open(t, s.Addr())
	c.Send(connect)
	c.Sync()
	return c
}

// hides fails if any of the secrets is in the log.
func hides(t *testing.T, s *server.Server, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(s.Stderr(), secret) {
			t.Errorf("the log shows %q:\n%s", secret, s.Stderr())
		}
	}
}

// fails expects the program to refuse to start with exit code 1 and these texts on stderr.
func fails(t *testing.T, o server.Options, texts ...string) {
	t.Helper()
	s := server.Launch(t, o)
	code := s.Wait()
	for _, text := range texts {
		if code != 1 || !strings.Contains(s.Stderr(), text) {
			t.Errorf("exit code %d, want 1 and %q on stderr:\n%s", code, text, s.Stderr())
		}
	}
}
