package robustness

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/server"
)

// mistake is a configuration that must be refused.
type mistake struct {
	name string
	text string
	// at are the places that must be named, as line:column; "line N" where the syntax itself is broken.
	at   []string
	says []string // words that the message must contain
}

var mistakes = []mistake{
	{"unknown field", "port: -1\nprot: 4222\n", []string{"2:1"}, []string{`unknown field "prot"`}},
	{"unknown field in a block", "authorization {\n  user: a\n  passwort: b\n}\n", []string{"3:3"}, []string{`unknown field "passwort"`}},
	{"several at once", "prot: 1\nauthorization {\n  usr: a\n}\nmax_payloads: 5\n", []string{"1:0", "3:3", "5:1"}, []string{`"prot"`, `"usr"`, `"max_payloads"`}},
	{"text for a number", "\nmax_payload: many\n", []string{"2:1"}, nil},
	{"number for a text", "\nserver_name: 5\n", []string{"2:1"}, nil},
	{"list for a number", "\nport: [\"a\", \"b\"]\n", []string{"2:1"}, nil},
	{"number for a block", "\nauthorization: 5\n", []string{"2:1"}, nil},
	{"text for a switch", "\ndebug: perhaps\n", []string{"2:1"}, nil},
	{"no duration", "\nping_interval: \"soon\"\n", []string{"2:1"}, []string{"ping_interval"}},
	{"no address", "\nlisten: \"here:there\"\n", []string{"2:1"}, []string{"could not parse port"}},
	{"too large", "\nmax_control_line: 99999999999\n", []string{"2:1"}, []string{"max_control_line value is too big"}},
	{"too many tokens", "\nmax_sub_tokens: 300\n", []string{"2:1"}, []string{"max_sub_tokens value is too big"}},
	{"user and token", "authorization {\n  user: a\n  password: b\n  token: c\n}\n", []string{"1:0"}, []string{"Cannot have a user/pass and token"}},
	{"user and users", "\nauthorization {\n  user: a\n  users: [ {user: b, password: c} ]\n}\n", []string{"2:1"}, []string{"Can not have a single user/pass and a users array"}},
	{"user without name", "authorization {\n  users: [\n    {password: c}\n  ]\n}\n", []string{"3:5"}, []string{"User entry requires a user"}},
	{"no nkey", "authorization {\n  users: [\n    {nkey: UABC}\n  ]\n}\n", []string{"3:6"}, []string{"Not a valid public nkey for a user"}},
	{"connection type", "authorization {\n  users: [\n    {user: a, password: b, allowed_connection_types: [FAX]}\n  ]\n}\n", nil, []string{`invalid connection types ["FAX"]`}},
	{"permission typo", "authorization {\n  users: [\n    {user: a, password: b, permissions: { publish: { alow: \"a\" } } }\n  ]\n}\n", nil, []string{`"alow"`, "only 'allow' or 'deny' are permitted"}},
	{"permission subject", "authorization {\n  users: [\n    {user: a, password: b, permissions: { publish: \"a..b\" } }\n  ]\n}\n", nil, []string{`subject "a..b" is not a valid subject`}},
	{"account twice", "accounts {\n  A { users: [ {user: a, password: b} ] }\n  B { users: [ {user: a, password: b} ] }\n}\n", nil, []string{`Duplicate user "a" detected`}},
	{"reserved account", "accounts {\n  $G { users: [ {user: a, password: b} ] }\n}\n", nil, []string{`"$G" is a Reserved Account`}},
	{"missing variable", "\nport: $NOWHERE_DEFINED\n", []string{"line 2"}, []string{"variable reference for 'NOWHERE_DEFINED'"}},
	{"missing include", "\ninclude \"nowhere.conf\"\n", nil, []string{"nowhere.conf"}},
	{"unclosed block", "authorization {\n  user: a\n", nil, []string{"EOF"}},
	{"unclosed list", "authorization {\n  users: [ {user: a, password: b}\n", nil, nil},
	{"junk after a value", "port: \"4222\" x\n", []string{"line 1"}, nil},
	{"bad escape", "server_name: \"a\\qb\"\n", []string{"line 1"}, []string{"Invalid escape character"}},
	{"key without value", "port\n", nil, nil},
	{"bytes", "\x00\x01\x02\xff\xfe", nil, nil},
	{"payload over pending", "max_payload: 2MB\nmax_pending: 1MB\n", nil, []string{"max_payload (2097152) cannot be higher than max_pending (1048576)"}},
	{"name with a blank", "server_name: \"a b\"\n", nil, []string{"server name cannot contain spaces"}},
	{"no_auth_user nobody", "no_auth_user: ghost\nauthorization { users: [ {user: a, password: b} ] }\n", nil, []string{`no_auth_user: "ghost" not present as user or nkey`}},
}

// TestConfigurationMistakes expects exit code 1 and one report that names the file and every place.
func TestConfigurationMistakes(t *testing.T) {
	t.Parallel()
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := server.Launch(t, server.Options{Config: m.text, File: "broken.conf"})
			code, report := s.Wait(), s.Stderr()
			if code != 1 {
				t.Errorf("exit code %d", code)
			}
			if s.Stdout() != "" {
				t.Errorf("stdout has %q", s.Stdout())
			}
			places := regexp.MustCompile(`broken\.conf:(\d+:\d+): `).FindAllStringSubmatch(report, -1)
			for _, at := range m.at {
				if strings.HasPrefix(at, "line ") {
					if !strings.Contains(report, at) {
						t.Errorf("the report does not name %s:\n%s", at, report)
					}
				} else if !strings.Contains(fmt.Sprint(places), " "+at+"]") {
					t.Errorf("the report does not name broken.conf:%s:\n%s", at, report)
				}
			}
			for _, text := range m.says {
				if !strings.Contains(report, text) {
					t.Errorf("the report does not say %q:\n%s", text, report)
				}
			}
			if report == "" || strings.Contains(report, "goroutine ") || strings.Contains(report, "Server is ready") {
				t.Errorf("the report is\n%s", report)
			}
		})
	}
	t.Run("missing file", func(t *testing.T) {
		s := server.Launch(t, server.Options{Args: []string{"-c", "nowhere.conf"}})
		if code := s.Wait(); code != 1 || !strings.Contains(s.Stderr(), "nowhere.conf") {
			t.Errorf("exit code %d:\n%s", code, s.Stderr())
		}
	})
	t.Run("a directory", func(t *testing.T) {
		s := server.Launch(t, server.Options{Args: []string{"-c", "."}})
		if code := s.Wait(); code != 1 || s.Stderr() == "" {
			t.Errorf("exit code %d:\n%s", code, s.Stderr())
		}
	})
}

// TestTOMLMistakes holds the same for the other syntax.
func TestTOMLMistakes(t *testing.T) {
	t.Parallel()
	for _, m := range []mistake{
		{"unknown field", "port = -1\nprot = 4222\n", []string{"2:1"}, []string{`unknown field "prot"`}},
		{"unknown field in a table", "[authorization]\nuser = \"a\"\npasswort = \"b\"\n", []string{"3:1"}, []string{`unknown field "passwort"`}},
		{"several at once", "\nprot = 1\nmax_payloads = 5\n[authorization]\nusr = \"a\"\n", []string{"2:1", "3:1", "5:1"}, []string{`"prot"`, `"max_payloads"`, `"usr"`}},
		{"text for a number", "\nmax_payload = \"many\"\n", []string{"2:1"}, nil},
		{"syntax", "port = -1\nname name\n", []string{"2:"}, nil},
		{"unclosed text", "server_name = \"a\n", nil, nil},
		{"missing variable", "\nport = \"$NOWHERE_DEFINED\"\n", nil, []string{"NOWHERE_DEFINED"}},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := server.Launch(t, server.Options{Config: m.text, File: "broken.toml"})
			code, report := s.Wait(), s.Stderr()
			if code != 1 || report == "" {
				t.Errorf("exit code %d", code)
			}
			for _, at := range m.at {
				if !strings.Contains(report, "broken.toml:"+at) {
					t.Errorf("the report does not name broken.toml:%s:\n%s", at, report)
				}
			}
			for _, text := range m.says {
				if !strings.Contains(report, text) {
					t.Errorf("the report does not say %q:\n%s", text, report)
				}
			}
		})
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	first := server.Start(t, server.Options{})
	b := newBystander(t, first)
	second := server.Launch(t, server.Options{Listen: first.Addr()})
	if code := second.Wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	second.WaitForAt("FTL", "Error listening on port: "+first.Addr())
	if strings.Contains(second.Stderr(), "Server is ready") {
		t.Errorf("the second server says that it is ready:\n%s", second.Stderr())
	}
	b.undisturbed()
}
