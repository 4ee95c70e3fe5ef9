package spec03

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/trellismq/trellis/test/wire"
)

func TestInfoAndConnect(t *testing.T) {
	t.Parallel()
	public, _ := newKey(t)
	for _, line := range []struct {
		name string
		test func(*testing.T)
	}{
		{"spec 03 #1", func(t *testing.T) {
			s := start(t, "")
			info := wire.Open(t, s.Addr()).Info()
			if info["auth_required"] != nil || info["nonce"] != nil {
				t.Errorf("auth_required is %v, nonce %v", info["auth_required"], info["nonce"])
			}
			if name, _ := account(t, s); name != "$G" {
				t.Errorf("account is %q", name)
			}
			// Credentials that nobody asked for are ignored.
			if name, _ := account(t, s, password("any", "body")); name != "$G" {
				t.Errorf("account is %q", name)
			}
		}},
		{"spec 03 #2", func(t *testing.T) {
			for _, config := range []string{
				`authorization { token: t }`, `authorization { user: a, password: b }`, `authorization { users: [ {user: a, password: b} ] }`,
				`accounts { A { users: [ {user: a, password: b} ] } }`, fmt.Sprintf(`authorization { users: [ {nkey: %s} ] }`, public),
			} {
				if got := wire.Open(t, start(t, config).Addr()).Info()["auth_required"]; got != true {
					t.Errorf("auth_required is %v with %s", got, config)
				}
			}
		}},
		{"spec 03 #3", func(t *testing.T) {
			for _, config := range []string{
				"authorization { users: [ {user: a, password: b} ] }\nno_auth_user: a\n",
				"accounts { A { users: [ {user: a, password: b} ] } }\nno_auth_user: a\n",
				fmt.Sprintf("authorization { users: [ {nkey: %s} ] }\nno_auth_user: %s\n", public, public),
			} {
				if got, has := wire.Open(t, start(t, config).Addr()).Info()["auth_required"]; has {
					t.Errorf("auth_required is %v with %s", got, config)
				}
			}
		}},
		{"spec 03 #4", func(t *testing.T) {
			s := start(t, fmt.Sprintf(`authorization { users: [ {user: a, password: b}, {nkey: %s} ] }`, public))
			seen := map[any]bool{}
			for range 10 {
				nonce := wire.Open(t, s.Addr()).Info()["nonce"]
				if text, ok := nonce.(string); !ok || !regexp.MustCompile(`^[A-Za-z0-9_-]{15}$`).MatchString(text) || seen[nonce] {
					t.Errorf("nonce is %v, after %v", nonce, seen)
				}
				seen[nonce] = true
			}
			for _, config := range []string{`authorization { token: t }`, `authorization { users: [ {user: a, password: b} ] }`} {
				if nonce, has := wire.Open(t, start(t, config).Addr()).Info()["nonce"]; has {
					t.Errorf("nonce is %v with %s", nonce, config)
				}
			}
		}},
		{"spec 03 #5", func(t *testing.T) {
			s := start(t, `
system_account: SYS
accounts { A { users: [ {user: a, password: a} ] }, SYS { users: [ {user: s, password: s} ] } }
`)
			if name, info := account(t, s, password("a", "a")); name != "A" || info["acc_is_sys"] != nil {
				t.Errorf("account is %q, acc_is_sys %v", name, info["acc_is_sys"])
			}
			if name, info := account(t, s, password("s", "s")); name != "SYS" || info["acc_is_sys"] != true {
				t.Errorf("account is %q, acc_is_sys %v", name, info["acc_is_sys"])
			}
			global := start(t, `authorization { users: [ {user: a, password: a} ] }`)
			if name, _ := account(t, global, password("a", "a")); name != "$G" {
				t.Errorf("account is %q", name)
			}
		}},
		{"spec 03 #6", func(t *testing.T) { timesOut(t, `authorization { token: t }`, 2*time.Second) }},
		{"spec 03 #7", func(t *testing.T) {
			timesOut(t, `authorization { token: t, timeout: 1 }`, time.Second)
			timesOut(t, `authorization { token: t, timeout: "300ms" }`, 300*time.Millisecond)
		}},
		{"spec 03 #8", func(t *testing.T) {
			s := start(t, `authorization { users: [ {user: a, password: b} ] }`)
			for _, first := range []string{"PING\r\n", wire.Pub("a", "hi"), "SUB a 1\r\n"} {
				c := wire.Open(t, s.Addr())
				c.Send(first)
				c.ExpectFatal(notAuthorized)
			}
		}},
		{"spec 03 #9", noAuthUserBeforeConnect},
		{"spec 03 #10", func(t *testing.T) {
			s := start(t, `authorization { users: [ {user: a, password: b} ] }`)
			refused(t, s, password("a", "b"), `"account":"A"`)
			refused(t, s, password("a", "b"), `"account":"$G","new_account":false`)
			refused(t, s, password("a", "b"), `"new_account":true`)
			accepted(t, s, password("a", "b"), `"account":"","new_account":false`)
		}},
		{"spec 03 #11", func(t *testing.T) {
			s := start(t, `accounts { A { users: [ {user: a, password: a} ] }, B { users: [ {user: b, password: b} ] } }`)
			inA, inB := accepted(t, s, password("a", "a")), accepted(t, s, password("b", "b"))
			c := accepted(t, s, password("a", "a"))
			c.Send("SUB move.> 1\r\n", "CONNECT {", password("b", "b"), "}\r\nSUB end 2\r\nSUB move.b 3\r\n")
			c.Sync()
			inA.Send(wire.Pub("move.a", "a"), wire.Pub("end", "a"))
			inA.Sync()
			inB.Send(wire.Pub("move.a", "b"), wire.Pub("move.b", "b"), wire.Pub("end", "b"))
			c.Expect(wire.Msg("move.b", "3", "b"), wire.Msg("end", "2", "b"))
			inA.Send("SUB from 1\r\n")
			inB.Send("SUB from 1\r\n")
			inA.Sync()
			inB.Sync()
			c.Send(wire.Pub("from", "moved"))
			inB.Expect(wire.Msg("from", "1", "moved"))
			inA.Send(wire.Pub("from", "own"))
			inA.Expect(wire.Msg("from", "1", "own"))
		}},
	} {
		t.Run(line.name, func(t *testing.T) {
			t.Parallel()
			line.test(t)
		})
	}
}

// timesOut expects a silent connection to be closed this long after it was made; a busy machine may
// take its time.
func timesOut(t *testing.T, config string, after time.Duration) {
	t.Helper()
	s := start(t, config)
	began := time.Now()
	c := wire.Open(t, s.Addr())
	c.ExpectFatal("Authentication Timeout")
	if took := time.Since(began); took < after-100*time.Millisecond || took > after+time.Second {
		t.Errorf("closed after %s, want %s", took, after)
	}
}

func noAuthUserBeforeConnect(t *testing.T) {
	s := start(t, `
accounts { A { users: [
  {user: guest, password: g, permissions: { publish: "open", subscribe: "open" } }
  {user: a, password: a}
] } }
no_auth_user: guest
`)
	inA := accepted(t, s, password("a", "a"))
	for first, answer := range map[string]string{
		"PING\r\n":             "PONG\r\n",
		"SUB open 1\r\n":       "+OK\r\n",
		wire.Pub("open", "hi"): "+OK\r\n",
		"SUB closed 1\r\n":     wire.Err(`Permissions Violation for Subscription to "closed"`),
		wire.Pub("closed", ""): wire.Err(`Permissions Violation for Publish to "closed"`),
	} {
		c := wire.Open(t, s.Addr())
		c.Send(first)
		c.Expect(answer)
		c.Sync()
		c.Close()
	}
	inA.Send("SUB open 1\r\n")
	inA.Sync()
	c := wire.Open(t, s.Addr())
	c.Send(wire.Pub("open", "from a guest"))
	c.Expect("+OK\r\n")
	inA.Expect(wire.Msg("open", "1", "from a guest"))
}
