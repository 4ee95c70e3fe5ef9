package spec01

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/test/server"
	"github.com/trellismq/trellis/test/wire"
)

func TestInfo(t *testing.T) {
	t.Parallel()
	check(t, start(t, ""), []line{
		{"spec 01 #21", func(t *testing.T, s *server.Server) {
			c := wire.Dial(t, s.Addr())
			if line := c.Next(); !strings.HasPrefix(line, "INFO {") || strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "}\r\n") && !strings.HasSuffix(line, "} \r\n") {
				t.Fatalf("not one INFO line: %q", line)
			}
			c.Sync()
		}},
		{"spec 01 #22", func(t *testing.T, s *server.Server) {
			info := wire.Open(t, s.Addr()).Info()
			for key, form := range map[string]string{
				"server_id": `^N[A-Z2-7]{55}$`, "version": `^\d+\.\d+\.\d+$`, "go": `^go1\.`, "host": `^127\.0\.0\.1$`,
			} {
				if text, ok := info[key].(string); !ok || !regexp.MustCompile(form).MatchString(text) {
					t.Errorf("%s is %v, want the form %s", key, info[key], form)
				}
			}
			_, port, _ := strings.Cut(s.Addr(), ":")
			for key, want := range map[string]any{"server_name": info["server_id"], "headers": true, "max_payload": 1048576.0} {
				if info[key] != want {
					t.Errorf("%s is %v, want %v", key, info[key], want)
				}
			}
			if got, ok := info["port"].(float64); !ok || strconv.Itoa(int(got)) != port {
				t.Errorf("port is %v, want %s", info["port"], port)
			}
			if _, ok := info["proto"]; !ok {
				t.Error("proto is missing")
			}
		}},
		{"spec 01 #23", func(t *testing.T, s *server.Server) {
			last := 0.0
			for range 5 {
				info := wire.Open(t, s.Addr()).Info()
				if info["proto"] != 1.0 {
					t.Errorf("proto is %v", info["proto"])
				}
				id, ok := info["client_id"].(float64)
				if !ok || id <= last {
					t.Errorf("client_id %v after %v", info["client_id"], last)
				}
				last = id
			}
		}},
		{"spec 01 #26", func(t *testing.T, s *server.Server) {
			c := wire.Open(t, s.Addr())
			c.Send(wire.Login(`"protocol":1`), "PING\r\n")
			c.Expect("PONG\r\n")
			info := c.ExpectInfo()
			if info["connect_info"] != true || info["remote_account"] != "$G" {
				t.Errorf("connect_info is %v, remote_account %v", info["connect_info"], info["remote_account"])
			}
			if _, has := info["acc_is_sys"]; has {
				t.Error("acc_is_sys for the default account")
			}
			if info["client_id"] != c.Info()["client_id"] {
				t.Errorf("client_id is %v, was %v", info["client_id"], c.Info()["client_id"])
			}
			if first := c.Info(); first["connect_info"] != nil || first["remote_account"] != nil {
				t.Errorf("the first INFO tells of a login: %v", first)
			}
		}},
		{"spec 01 #27", func(t *testing.T, s *server.Server) {
			c := wire.Open(t, s.Addr())
			c.Send(wire.Login(`"protocol":1`), "PING\r\n")
			c.Expect("PONG\r\n")
			c.ExpectInfo()
			c.Send("PING\r\nPING\r\n")
			c.Expect("PONG\r\nPONG\r\n")
			c.Send(wire.Login(`"protocol":1`))
			c.Sync()
			c.Sync()
		}},
		{"spec 01 #28", func(t *testing.T, s *server.Server) {
			for _, login := range []string{"", wire.Login(), wire.Login(`"protocol":0`)} {
				c := wire.Open(t, s.Addr())
				c.Send(login)
				c.Sync()
				c.Sync()
			}
		}},
		{"spec 01 #29", func(t *testing.T, s *server.Server) {
			c := wire.Open(t, s.Addr())
			c.ShowPings()
			c.Send("CONNECT {\"protocol\":1}\r\n")
			c.Expect("+OK\r\n")
			c.Send("SUB a..b 1\r\nSUB info 1\r\n")
			c.Expect(wire.Err("Invalid Subject"), "+OK\r\n")
			c.ExpectSilence(500 * time.Millisecond)
			c.Send("PING\r\n")
			c.Expect("PONG\r\n")
			c.ExpectInfo()
		}},
		{"spec 01 #30", func(t *testing.T, s *server.Server) {
			c := wire.Open(t, s.Addr())
			c.Send(wire.Login(`"protocol":1`), "PING\r\n")
			c.Expect("PONG\r\n")
			for _, info := range []wire.Info{c.Info(), c.ExpectInfo()} {
				if info["headers"] != true || info["max_payload"] != 1048576.0 {
					t.Errorf("headers is %v, max_payload %v", info["headers"], info["max_payload"])
				}
			}
		}},
	})
}

func TestInfoOfUsers(t *testing.T) {
	t.Parallel()
	t.Run("spec 01 #24", func(t *testing.T) {
		t.Parallel()
		users := start(t, `authorization { users: [ {user: a, password: b} ] }`)
		if got := wire.Open(t, users.Addr()).Info()["auth_required"]; got != true {
			t.Errorf("with users auth_required is %v", got)
		}
		anyone := start(t, "authorization { users: [ {user: a, password: b} ] }\nno_auth_user: a\n")
		c := wire.Open(t, anyone.Addr())
		if got, has := c.Info()["auth_required"]; has {
			t.Errorf("with no_auth_user auth_required is %v", got)
		}
		c.Send(wire.Login(`"protocol":1`), "PING\r\n")
		c.Expect("PONG\r\n")
		if got := c.ExpectInfo()["auth_required"]; got != true {
			t.Errorf("with no_auth_user auth_required of the second INFO is %v", got)
		}
	})
	t.Run("spec 01 #25", func(t *testing.T) {
		t.Parallel()
		s := start(t, fmt.Sprintf(`authorization { users: [ {nkey: %s} ] }`, userKey(t)))
		first := wire.Open(t, s.Addr()).Info()["nonce"]
		second := wire.Open(t, s.Addr()).Info()["nonce"]
		form := regexp.MustCompile(`^[A-Za-z0-9_-]{15}$`)
		for _, nonce := range []any{first, second} {
			if text, ok := nonce.(string); !ok || !form.MatchString(text) {
				t.Errorf("nonce is %v", nonce)
			}
		}
		if first == second {
			t.Errorf("the same nonce twice: %v", first)
		}
		for _, config := range []string{"", `authorization { user: a, password: b }`, `authorization { token: t }`} {
			if nonce, has := wire.Open(t, start(t, config).Addr()).Info()["nonce"]; has {
				t.Errorf("nonce %v without nkeys: %s", nonce, config)
			}
		}
	})
	t.Run("spec 01 #31", func(t *testing.T) {
		t.Parallel()
		s := start(t, `accounts { A { users: [ {user: a, password: a} ], limits { max_payload: 100 } } }`)
		c := wire.Open(t, s.Addr())
		c.Send(wire.Login(`"protocol":1,"user":"a","pass":"a"`), "PING\r\n")
		c.Expect("PONG\r\n")
		info := c.ExpectInfo()
		if c.Info()["max_payload"] != 1048576.0 || info["max_payload"] != 100.0 || info["remote_account"] != "A" {
			t.Errorf("max_payload was %v, is %v in account %v", c.Info()["max_payload"], info["max_payload"], info["remote_account"])
		}
	})
	t.Run("spec 01 #32", func(t *testing.T) {
		t.Parallel()
		s := start(t, "system_account: SYS\naccounts { SYS { users: [ {user: s, password: s} ] } }\n")
		c := wire.Open(t, s.Addr())
		c.Send(wire.Login(`"protocol":1,"user":"s","pass":"s"`), "PING\r\n")
		c.Expect("PONG\r\n")
		if info := c.ExpectInfo(); info["acc_is_sys"] != true || info["remote_account"] != "SYS" {
			t.Errorf("acc_is_sys is %v, remote_account %v", info["acc_is_sys"], info["remote_account"])
		}
	})
	t.Run("spec 01 #33", func(t *testing.T) {
		t.Parallel()
		full := wire.Open(t, start(t, `client_advertise: "broker.example:1234"`).Addr()).Info()
		if full["host"] != "broker.example" || full["port"] != 1234.0 {
			t.Errorf("host is %v, port %v", full["host"], full["port"])
		}
		s := start(t, `client_advertise: "broker.example"`)
		_, port, _ := strings.Cut(s.Addr(), ":")
		if half := wire.Open(t, s.Addr()).Info(); half["host"] != "broker.example" || strconv.Itoa(int(half["port"].(float64))) != port {
			t.Errorf("host is %v, port %v, the listener's is %s", half["host"], half["port"], port)
		}
	})
}

// userKey returns a new public user key.
func userKey(t *testing.T) string {
	t.Helper()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return public
}
