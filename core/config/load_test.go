package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/core/config/conf"
	"github.com/trellismq/trellis/sdk/option"
)

// noEnv is an environment without variables.
func noEnv(string) (string, bool) { return "", false }

// read checks a configuration text that is called c.conf.
func read(t *testing.T, text string) (*Options, *option.Report) {
	t.Helper()
	tree, err := conf.Parse("c.conf", []byte(text), noEnv, nil)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return Read("c.conf", tree)
}

// valid checks a configuration text that must have neither errors nor warnings.
func valid(t *testing.T, text string) *Options {
	t.Helper()
	o, report := read(t, text)
	if !report.Clean() {
		t.Fatalf("%s\nis refused:\n%s", text, report)
	}
	return o
}

// checkLines checks that a configuration text yields exactly these lines.
func checkLines(t *testing.T, text string, want ...string) {
	t.Helper()
	_, report := read(t, text)
	if got := report.Lines(); !slices.Equal(got, want) {
		t.Errorf("%s\n got:\n  %s\nwant:\n  %s", text, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// writeFiles writes files into a directory of the test's own and changes to it,
// so that messages hold short names.
func writeFiles(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestErrorsAndWarnings(t *testing.T) {
	t.Run("spec 02 #31", func(t *testing.T) {
		writeFiles(t, map[string]string{"c.conf": "port: 4222\nhost: a b\n"})
		_, _, err := Load("c.conf", noEnv)
		want := "Parse error on line 2: 'Expected a top-level value to end with a new line, comment or EOF, but got 'b' instead.'"
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	})
	t.Run("spec 02 #32", func(t *testing.T) {
		writeFiles(t, map[string]string{
			"c.conf":         "bad0: 1\n  bad1: 2\ninclude sub/part.conf\n",
			"sub/part.conf":  "\nbad2: 3\ncluster { bad3: 4 }\n",
			"other/more.txt": "",
		})
		_, report, err := Load("c.conf", noEnv)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			`c.conf:1:0: unknown field "bad0"`,
			`c.conf:2:3: unknown field "bad1"`,
			`sub/part.conf:2:1: unknown field "bad2"`,
			`sub/part.conf:3:11: unknown field "bad3"`,
		}
		if got := report.Lines(); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
	t.Run("spec 02 #33", func(t *testing.T) {
		// The worked example of part 02, 9.12. For a value of the wrong type our
		// text says what was expected; the position is the same.
		checkLines(t, "port: \"4222\"\nsrver_name: x\ncluster {\n  port: 24122\n  nmae: y\n  ping_interval: 5\n}\nUNUSED = 1\nmax_sub_tokens: 300\n",
			`c.conf:6:3: invalid use of field "ping_interval": ping_interval should be converted to a duration`,
			`c.conf:1:0: wrong type for "port": expected an integer, got a string (4222)`,
			`c.conf:2:1: unknown field "srver_name"`,
			`c.conf:5:3: unknown field "nmae"`,
			`c.conf:8:1: unknown field "UNUSED"`,
			`c.conf:9:1: max_sub_tokens value is too big`)
	})
	t.Run("spec 02 #34", func(t *testing.T) {
		for _, block := range []string{
			"%s", "authorization { %s }", "authorization { users: [ { user: a, %s } ] }",
			"accounts { A { %s } }", "accounts { A { exports: [ { stream: a, %s } ] } }",
			"cluster { %s }", "cluster { authorization { %s } }",
			"gateway { %s }", "gateway { gateways: [ { name: B, %s } ] }",
			"leafnodes { %s }", "leafnodes { authorization { %s } }", "leafnodes { remotes: [ { url: \"nats://h\", %s } ] }",
			"websocket { %s }", "websocket { authorization { %s } }", "mqtt { %s }",
			"jetstream { %s }", "jetstream { limits { %s } }", "jetstream { limits { batch { %s } } }", "jetstream { tpm { %s } }",
			"proxies { %s }", "proxies { trusted: [ { %s } ] }",
			"auth: [ { driver: token, %s } ]",
		} {
			_, report := read(t, strings.Replace(block, "%s", "Wrong_Field: 1", 1))
			if lines := report.Lines(); len(lines) != 1 || !strings.HasSuffix(lines[0], `unknown field "Wrong_Field"`) {
				t.Errorf("%s: got %q", block, lines)
			}
			// Used as a variable, the same field is fine.
			if block != "proxies { trusted: [ { %s } ] }" {
				used := strings.Replace(block, "%s", "Wrong_Field: 1", 1)
				used = strings.Replace(used, "Wrong_Field: 1", "Wrong_Field: 1, Wrong_Field2: $Wrong_Field", 1)
				_, report := read(t, used)
				for _, line := range report.Lines() {
					if strings.HasSuffix(line, `"Wrong_Field"`) {
						t.Errorf("%s: the variable is reported: %s", block, line)
					}
				}
			}
		}
	})
	t.Run("spec 02 #35", func(t *testing.T) {
		checkLines(t, "USED: 7\nUNUSED: 8\nping_max: $USED\n", `c.conf:2:1: unknown field "UNUSED"`)
	})
	t.Run("spec 02 #36", func(t *testing.T) {
		checkLines(t, "\nhost: 5\ndebug: 1\nping_max: yes\nserver_name: [ a ]\n",
			`c.conf:2:1: wrong type for "host": expected a string, got an integer (5)`,
			`c.conf:3:1: wrong type for "debug": expected a boolean, got an integer (1)`,
			`c.conf:4:1: wrong type for "ping_max": expected an integer, got a boolean (true)`,
			`c.conf:5:1: wrong type for "server_name": expected a string, got a list`)
	})
	t.Run("spec 02 #37", func(t *testing.T) {
		o, report := read(t, "ping_interval: 30\nwrite_deadline: 3\nleafnodes { reconnect: 4 }\n")
		if len(report.Errors) != 0 || len(report.Warnings) != 3 {
			t.Fatalf("got %s", report)
		}
		if o.Limits.PingInterval != 30*time.Second || o.Limits.WriteDeadline != 3*time.Second || o.LeafNodes.Reconnect != 4*time.Second {
			t.Errorf("got %+v", o.Limits)
		}
		checkLines(t, "lame_duck_duration: 60\nlame_duck_grace_period: 5\n",
			`c.conf:1:0: wrong type for "lame_duck_duration": expected a duration such as "10s", got an integer (60)`,
			`c.conf:2:1: wrong type for "lame_duck_grace_period": expected a duration such as "10s", got an integer (5)`)
	})
	t.Run("spec 02 #38", func(t *testing.T) {
		checkLines(t, "authorization { user: u, password: p, timeout: 61 }",
			`c.conf:1:38: invalid use of field "timeout": timeout of 61 (61.000000 seconds) is high, consider keeping it under 60 seconds. possibly caused by unquoted duration; use '1m' instead of 1m, for example`)
		valid(t, "authorization { user: u, password: p, timeout: 60 }")
	})
	t.Run("spec 02 #39", func(t *testing.T) {
		// The worked example of part 02, 9.14: warnings, and options to run with.
		text := "listen: 127.0.0.1:24141\nping_interval: 30\nauthorization { user: u, password: p, timeout: 2m }\n" +
			"cluster { port: -1, routes: [ \"nats://127.0.0.1:24143\", \"nats://127.0.0.1:24143\" ] }\n"
		checkLines(t, text,
			`c.conf:2:1: invalid use of field "ping_interval": ping_interval should be converted to a duration`,
			`c.conf:3:39: invalid use of field "timeout": timeout of 2000000 (2000000.000000 seconds) is high, consider keeping it under 60 seconds. possibly caused by unquoted duration; use '1m' instead of 1m, for example`,
			`c.conf:4:58: invalid use of field "nats://127.0.0.1:24143": Duplicate route entry detected`)
		o, report := read(t, text)
		if report.Err() != nil || report.Clean() {
			t.Errorf("warnings alone: Err %v, Clean %v", report.Err(), report.Clean())
		}
		if o.Limits.PingInterval != 30*time.Second || len(o.Cluster.Routes) != 1 {
			t.Errorf("ping_interval %v, routes %v", o.Limits.PingInterval, o.Cluster.Routes)
		}
		checkLines(t, "", "c.conf: config has no values or is empty")
	})
	t.Run("spec 02 #41", func(t *testing.T) {
		o := valid(t, "max_payload: 100MB")
		if err := o.Validate(); err == nil || err.Error() != "max_payload (104857600) cannot be higher than max_pending (67108864)" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("spec 02 #42", func(t *testing.T) {
		for text, want := range map[string]string{
			"port: 4222":            "sha256:797533ebd0dfba7d34a0f9337ecf147e442871f48ddfd07ed751575a5737267e",
			"# note\n\"port\"=4222": "sha256:797533ebd0dfba7d34a0f9337ecf147e442871f48ddfd07ed751575a5737267e",
			"":                      "sha256:ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356",
		} {
			if o, _ := read(t, text); o.Digest != want {
				t.Errorf("%q: %s", text, o.Digest)
			}
		}
		if valid(t, "Port: 4222").Digest == valid(t, "port: 4222").Digest {
			t.Error("the case of a key does not change the digest")
		}
	})
}

func TestLoadTOML(t *testing.T) {
	writeFiles(t, map[string]string{
		"c.toml": "port = 4333\nping_interval = \"20s\"\n[authorization]\nuser = \"u\"\npassword = \"p\"\n",
		"b.toml": "port = 4333\nwrong = 1\n",
	})
	o, report, err := Load("c.toml", noEnv)
	if err != nil || !report.Clean() {
		t.Fatal(err, report)
	}
	if o.Client.Port != 4333 || o.Limits.PingInterval != 20*time.Second || o.Authorization.User != "u" {
		t.Errorf("got %+v", o.Client)
	}
	_, report, err = Load("b.toml", noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if lines := report.Lines(); len(lines) != 1 || !strings.HasPrefix(lines[0], "b.toml:2:") {
		t.Errorf("got %q", lines)
	}
	if _, _, err := Load("missing.conf", noEnv); err == nil || !strings.Contains(err.Error(), "open missing.conf: ") {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"port: 4222", "accounts { A { exports: [ { service: a } ] } }", "accounts: [ A, A ]",
		"cluster { routes: [ \"nats://a\" ] }", "tls { cert_file: x }", "jetstream: enabled",
		"leafnodes { remotes: [ { urls: [ 1 ] } ] }", "auth: [ 1, {} ]", "ocsp: { mode: 5 }",
		"mappings { a: [ {dest: b, weight: 101%} ] }", "resolver: { type: full }",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, toml bool) {
		name := "c.conf"
		if toml {
			name = "c.toml"
		}
		writeFiles(t, map[string]string{name: text})
		o, report, err := Load(name, noEnv)
		if err != nil {
			if o != nil || report != nil {
				t.Fatal("options beside an error")
			}
			return
		}
		for _, line := range report.Lines() {
			if line == "" {
				t.Fatal("an empty complaint")
			}
		}
		// What was accepted can be asked, compared with itself and overridden.
		o.Features()
		o.AuthTimeout()
		if report.Err() != nil {
			return
		}
		if diffs := Diff(o, o); len(diffs) != 0 {
			t.Fatalf("differs from itself in %v", diffs[0].Path)
		}
	})
}
