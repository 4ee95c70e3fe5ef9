package spec03

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/wire"
)

func TestTraceHidesCredentials(t *testing.T) {
	t.Parallel()
	t.Run("spec 03 #57", func(t *testing.T) {
		t.Parallel()
		public, pair := newKey(t)
		s := start(t, fmt.Sprintf("trace: true\nauthorization { users: [ {user: a, password: s3cr3t}, {nkey: %s} ] }\n", public))
		accepted(t, s, password("a", "s3cr3t"))
		refused(t, s, password("a", "wr0ng"))
		refused(t, s, `"auth_token":"t0ken"`)
		c := wire.Open(t, s.Addr())
		members := signed(t, c, public, pair, base64.RawURLEncoding)
		c.Send(wire.Login(members))
		c.Sync()
		_, signature, _ := strings.Cut(members, `"sig":`)
		s.WaitForAt("TRC", `"sig":"[REDACTED]"`)
		for _, secret := range []string{"s3cr3t", "wr0ng", "t0ken", strings.Trim(signature, `"`)} {
			if strings.Contains(s.Stderr(), secret) {
				t.Errorf("the log shows %q:\n%s", secret, s.Stderr())
			}
		}
		connects := 0
		for _, line := range s.Log() {
			if strings.Contains(line.Text, "<<- [CONNECT ") {
				connects++
				if strings.Contains(line.Text, public) {
					t.Errorf("the trace shows the key: %s", line.Raw)
				}
			}
		}
		if connects != 4 {
			t.Errorf("%d logins are traced", connects)
		}
	})
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	for _, line := range []struct {
		name string
		test func(*testing.T)
	}{
		{"spec 03 #75", isolation},
		{"spec 03 #76", func(t *testing.T) {
			s := start(t, `accounts { $SYS { users: [ {user: admin, password: p} ] } }`)
			if got := wire.Open(t, s.Addr()).Info()["auth_required"]; got != true {
				t.Errorf("auth_required is %v", got)
			}
			if name, info := account(t, s); name != "$G" || info["acc_is_sys"] != nil {
				t.Errorf("an anonymous client is in %q", name)
			}
			c := wire.Open(t, s.Addr())
			c.Sync()
			if name, info := account(t, s, password("admin", "p")); name != "$SYS" || info["acc_is_sys"] != true {
				t.Errorf("the administrator is in %q, acc_is_sys %v", name, info["acc_is_sys"])
			}
			refused(t, s, password("admin", "wrong"))
			refused(t, s, password("nobody", ""))
			// An account of one's own ends it.
			refused(t, start(t, `accounts { $SYS { users: [ {user: admin, password: p} ] }, A { users: [ {user: a, password: a} ] } }`))
		}},
		{"spec 03 #77", func(t *testing.T) {
			for _, key := range []string{"max_connections", "max_conn"} {
				s := start(t, fmt.Sprintf(`accounts { A { users: [ {user: a, password: a}, {user: b, password: b} ], limits { %s: 2 } } }`, key))
				first, second := accepted(t, s, password("a", "a")), accepted(t, s, password("b", "b"))
				third := wire.Open(t, s.Addr())
				third.Send(wire.Login(password("a", "a")))
				third.ExpectFatal("maximum account active connections exceeded")
				refused(t, s, password("a", "wrong"))
				first.Sync()
				second.Sync()
			}
		}},
		{"spec 03 #79", func(t *testing.T) {
			for _, key := range []string{"max_subscriptions", "max_subs"} {
				s := start(t, fmt.Sprintf(`accounts { A { users: [ {user: a, password: a} ], limits { %s: 2 } } }`, key))
				for range 2 {
					// The limit holds for each connection.
					c := accepted(t, s, password("a", "a"))
					c.Send("SUB a 1\r\nSUB b 2\r\nSUB c 3\r\n")
					c.ExpectErr("maximum subscriptions exceeded")
					c.Send(wire.Pub("c", "no"), wire.Pub("a", "yes"))
					c.Expect(wire.Msg("a", "1", "yes"))
					c.Close()
				}
			}
		}},
	} {
		t.Run(line.name, func(t *testing.T) {
			t.Parallel()
			line.test(t)
		})
	}
}

// isolation has the same subjects and queue groups in three accounts, one of them the default.
func isolation(t *testing.T) {
	s := start(t, `
accounts { A { users: [ {user: a, password: a} ] }, B { users: [ {user: b, password: b} ] } }
authorization { users: [ {user: g, password: g} ] }
`)
	users := []string{"a", "b", "g"}
	var conns []*wire.Conn
	for _, user := range users {
		c := accepted(t, s, password(user, user), `"headers":true,"no_responders":true`)
		c.Send("SUB same 1\r\nSUB same q 2\r\nSUB > 3\r\n")
		c.Sync()
		conns = append(conns, c)
	}
	for i, c := range conns {
		c.Send(wire.Pub("same", users[i]))
		c.ExpectSet(wire.Msg("same", "1", users[i]), wire.Msg("same", "2", users[i]), wire.Msg("same", "3", users[i]))
	}
	// Nobody got more, and who listens elsewhere does not answer here.
	for i, c := range conns {
		c.Sync()
		c.Send("UNSUB 1\r\nUNSUB 2\r\nUNSUB 3\r\nSUB box 4\r\n", wire.PubReply("same", "box", users[i]))
		c.Expect(wire.NoResponders("same", "box", "4"))
	}
}
