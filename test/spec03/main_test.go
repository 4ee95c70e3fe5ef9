package spec03

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

const notAuthorized = "Authorization Violation"

func start(t *testing.T, config string) *server.Server {
	t.Helper()
	return server.Start(t, server.Options{Config: config})
}

// password is the members of a CONNECT that log a user in.
func password(user, pass string) string { return fmt.Sprintf(`"user":%q,"pass":%q`, user, pass) }

// accepted logs in with these members of CONNECT and returns the ready connection.
func accepted(t *testing.T, s *server.Server, members ...string) *wire.Conn {
	t.Helper()
	return wire.Ready(t, s.Addr(), members...)
}

// refused expects the login with these members of CONNECT to fail.
func refused(t *testing.T, s *server.Server, members ...string) {
	t.Helper()
	c := wire.Open(t, s.Addr())
	c.Send(wire.Login(members...))
	c.ExpectFatal(notAuthorized)
}

// account returns the account that the login leads to.
func account(t *testing.T, s *server.Server, members ...string) (string, wire.Info) {
	t.Helper()
	c := wire.Open(t, s.Addr())
	c.Send(wire.Login(append(members, `"protocol":1`)...), "PING\r\n")
	c.Expect("PONG\r\n")
	info := c.ExpectInfo()
	if info["connect_info"] != true {
		t.Errorf("connect_info is %v", info["connect_info"])
	}
	name, _ := info["remote_account"].(string)
	return name, info
}

// hash returns a bcrypt hash of the secret at the least cost, with this prefix instead of $2a$.
func hash(t *testing.T, secret, prefix string) string {
	t.Helper()
	h, err := bcrypt.GenerateFromPassword([]byte(secret), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return prefix + strings.TrimPrefix(string(h), "$2a$")
}
