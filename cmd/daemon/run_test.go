package daemon

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/core/broker"
	"github.com/trellismq/trellis/core/config"
)

func TestTestMode(t *testing.T) {
	warns := write(t, "ping_interval: 5\n")
	t.Run("spec 02 #39", func(t *testing.T) {
		const warning = `: invalid use of field "ping_interval": ping_interval should be converted to a duration` + "\n"
		p := serve(t, "-c", warns)
		if first, _, _ := strings.Cut(p.stderr.String(), "["); !strings.HasSuffix(first, warning) || !strings.HasPrefix(first, warns) {
			t.Errorf("before the log: %q", first)
		}
		expect(t, exitFailed, warning, "-t", "-c", warns)
	})
	t.Run("spec 02 #40", func(t *testing.T) {
		expect(t, exitFailed, "trellis: must specify [-c, --config] option to check configuration file syntax\n", "-t")
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		// The port is taken: opening it would be noticed.
		valid := write(t, fmt.Sprintf("listen: %q\n", l.Addr()))
		code, stdout, stderr := execute(t, "-t", "-c", valid)
		want := regexp.MustCompile(`^trellis: configuration file ` + regexp.QuoteMeta(valid) + ` is valid \(sha256:[0-9a-f]{64}\)\n$`)
		if code != exitOK || stdout != "" || !want.MatchString(stderr) {
			t.Errorf("exit %d, stdout %q, stderr %q", code, stdout, stderr)
		}
		expect(t, exitFailed, `:1:0: unknown field "prot"`, "-t", "-c", write(t, "prot: 1\n"))
	})
	t.Run("spec 02 #41", func(t *testing.T) {
		large := write(t, "max_payload: 100MB\n")
		expect(t, exitOK, "is valid", "-t", "-c", large)
		expect(t, exitFailed, "trellis: max_payload (104857600) cannot be higher than max_pending (67108864)\n", "-c", large)
	})
	t.Run("settings of drivers", func(t *testing.T) {
		expect(t, exitFailed, `unknown authenticator driver "ldap"`, "-t", "-c", write(t, "auth: [{driver: ldap}]\n"))
		expect(t, exitOK, "is valid", "-t", "-c", write(t, "auth: [{process: ldap}]\n"))
	})
	t.Run("all mistakes at once", func(t *testing.T) {
		code, _, stderr := execute(t, "-t", "-c", write(t, "prot: 1\nping_interval: 5\nhots: 2\n"))
		if code != exitFailed || strings.Count(stderr, "\n") != 3 || !strings.HasPrefix(stderr, "trellis: ") {
			t.Errorf("exit %d, stderr %q", code, stderr)
		}
	})
	t.Run("syntax", func(t *testing.T) {
		expect(t, exitFailed, "trellis: Parse error on line 1", "-t", "-c", write(t, "a=1# c"))
		missing := filepath.Join(t.TempDir(), "missing.conf")
		expect(t, exitFailed, "trellis: open "+missing, "-c", missing)
	})
}

func TestRefusals(t *testing.T) {
	t.Run("spec 02 #55", func(t *testing.T) {
		const text = "server name cannot contain spaces\n"
		expect(t, exitFailed, "trellis: "+text, "-n", "a b")
		expect(t, exitFailed, text, "-c", write(t, `server_name: "a b"`))
	})
	t.Run("features", func(t *testing.T) {
		file := write(t, "http_port: 8222\njetstream {}\naccounts { A { exports: [{stream: a}] } }\nauth: [{process: x}]\n")
		code, _, stderr := execute(t, "-c", file, "-P", "x", "--signal", "reload", "--profile", "-1", "-s")
		want := "trellis: this program was built without features that it is asked for:\n" +
			"option \"prof_port\" needs \"profiling\"\n" +
			"option \"syslog\" needs \"logging to syslog\"\n" +
			"option \"pid_file\" needs \"pid_file\"\n" +
			"option \"signal\" needs \"sending signals\"\n" +
			file + ":1:0: option \"http_port\" needs \"monitoring\"\n" +
			file + ":2:1: option \"jetstream\" needs \"jetstream\"\n" +
			file + ":3:16: option \"exports\" needs \"account exports\"\n" +
			file + ":4:8: option \"process\" needs \"drivers as processes\"\n"
		if code != exitFailed || stderr != want {
			t.Errorf("exit %d, stderr:\n%s\nwant:\n%s", code, stderr, want)
		}
	})
	tests := []struct {
		name, file, text string
		args             []string
	}{
		{"user and token", "", "trellis: Cannot have a user/pass and a token\n", []string{"--user", "a", "--pass", "b", "--auth", "t"}},
		{"word", "", "trellis: unrecognized command: \"serve\"\n", []string{"serve"}},
		{"no_auth_user without users", "no_auth_user: joe\n", `no_auth_user: "joe" present, but users/nkeys are not defined`, nil},
		{"no_auth_user of nobody", "no_auth_user: joe\nauthorization { users: [{user: ann, password: a}] }\n",
			`no_auth_user: "joe" not present as user or nkey in authorization block or account configuration`, nil},
		{"lame duck", "lame_duck_grace_period: \"3m\"\n", "lame duck grace period (3m0s) should be strictly lower than lame duck duration (2m0s)", nil},
		{"system account", "system_account: NONE\n", "error resolving system account: account missing", nil},
		{"explicit chain", "auth: [{driver: token, config: {token: t}}]\nauthorization { users: [{user: ann, password: a}] }\n",
			`:2:1: users with a password need the authenticator driver "userpass"`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"-a", "127.0.0.1", "-p", "-1"}, test.args...)
			if test.file != "" {
				args = append(args, "-c", write(t, test.file))
			}
			expect(t, exitFailed, test.text, args...)
		})
	}
	t.Run("two drivers of one name", func(t *testing.T) {
		twice := Drivers{Auth: slices.Concat(drivers.Auth, drivers.Auth)}
		stderr := newOutput()
		code := Run(context.Background(), Process{Stdout: newOutput(), Stderr: stderr}, twice)
		if code != exitFailed || !strings.Contains(stderr.String(), `two authenticator drivers are named "nkey"`) {
			t.Errorf("exit %d, stderr %q", code, stderr)
		}
	})
}

func TestStart(t *testing.T) {
	t.Run("spec 02 #96", func(t *testing.T) {
		file := write(t, "server_name: n1\nmax_payload: 9MB\nauthorization { user: a, password: b }\n")
		p := serve(t, "-c", file)
		lines := messages(p.stderr.String())
		lines[1], lines[2], lines[4] = cut(lines[1]), cut(lines[2]), cut(lines[4])
		want := []string{
			"[INF] Starting trellis",
			"[INF]   Version:",
			"[INF]   Git:",
			"[INF]   Name:     n1",
			"[INF]   ID:",
			"[WRN] Plaintext passwords detected, use nkeys or bcrypt authenticator=userpass",
			"[INF] Using configuration file: " + file + " (" + digestOf(t, file) + ")",
			"[WRN] Maximum payloads over 8.00 MB are generally discouraged and could lead to poor performance",
			"[INF] Listening for client connections on " + p.address,
			"[INF] Server is ready",
		}
		if !slices.Equal(lines, want) {
			t.Errorf("logged\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
		}
		p.connect()
		if code := p.stop(syscall.SIGTERM); code != exitOK {
			t.Errorf("exit %d", code)
		}
		if n := strings.Count(p.stderr.String(), "Server is ready"); n != 1 {
			t.Errorf("ready %d times", n)
		}
	})
	t.Run("spec 02 #97", func(t *testing.T) {
		for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
			p := serve(t)
			code := p.stop(s)
			lines := messages(p.stderr.String())
			want := []string{
				fmt.Sprintf("[INF] Trapped %q signal", s), "[INF] Initiating Shutdown...", "[INF] Server Exiting..",
			}
			if code != exitOK || !slices.Equal(lines[max(0, len(lines)-3):], want) {
				t.Errorf("exit %d, logged\n%s", code, p.stderr)
			}
			if conn, err := net.Dial("tcp", p.address); err == nil {
				conn.Close()
				t.Error("still listening")
			}
		}
	})
	t.Run("spec 02 #101", func(t *testing.T) {
		first := serve(t)
		_, port, err := net.SplitHostPort(first.address)
		if err != nil {
			t.Fatal(err)
		}
		second := launch(t, "-a", "127.0.0.1", "-p", port)
		code := second.code()
		want := regexp.MustCompile(`\[FTL\] Error listening on port: 127\.0\.0\.1:` + port + `, ".*\baddress already in use"\n$`)
		if runtime.GOOS == "windows" {
			want = regexp.MustCompile(`\[FTL\] Error listening on port: 127\.0\.0\.1:` + port + `, ".*"\n$`)
		}
		if code != exitFailed || !want.MatchString(second.stderr.String()) {
			t.Errorf("exit %d, logged\n%s", code, second.stderr)
		}
	})
	t.Run("context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		stderr := newOutput()
		code := Run(ctx, Process{Args: []string{"-a", "127.0.0.1", "-p", "-1"}, Stdout: newOutput(), Stderr: stderr}, drivers)
		if code != exitOK || strings.Contains(stderr.String(), "[FTL]") || !strings.Contains(stderr.String(), "Server Exiting..") {
			t.Errorf("exit %d, logged\n%s", code, stderr)
		}
	})
}

// Clients that show nothing stay in the default account when only the system
// account has users.
func TestHiddenUser(t *testing.T) {
	hash := "$2a$04$GfBGBQkwFBfhJYr6nNVIGuQ1b1BRkoPASrArWY.C6iAIHqP.nBBm6"
	p := serve(t, "-c", write(t, "accounts { $SYS { users: [{user: admin, password: \""+hash+"\"}] } }\n"))
	nc, err := nats.Connect(p.address, nats.Timeout(patience))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	if !nc.AuthRequired() {
		t.Error("INFO does not say that credentials are required")
	}
	if strings.Contains(p.stderr.String(), "Plaintext") {
		t.Errorf("warned about the hidden user:\n%s", p.stderr)
	}
	if _, err := nats.Connect(p.address, nats.UserInfo("admin", "wrong")); err == nil {
		t.Error("a wrong password was accepted")
	}
}

// messages are the lines of a log without process and time.
func messages(log string) []string {
	lines := strings.Split(strings.TrimSuffix(log, "\n"), "\n")
	for i, line := range lines {
		if at := strings.Index(line, " ["); at >= 0 {
			lines[i] = line[at+1:]
		}
	}
	return lines
}

// cut drops what follows a colon.
func cut(line string) string {
	line, _, _ = strings.Cut(line, ":")
	return line + ":"
}

func digestOf(t *testing.T, file string) string {
	t.Helper()
	o, _, err := config.Load(file, os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	return o.Digest
}

func TestVersionOfNATS(t *testing.T) {
	p := serve(t)
	nc, err := nats.Connect(p.address, nats.Timeout(patience))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	_, stdout, _ := execute(t, "-v")
	if announced := nc.ConnectedServerVersion(); announced != broker.NATSVersion || !strings.HasSuffix(stdout, "NATS v"+announced+"\n") {
		t.Errorf("INFO announces %s, -v says %q", announced, stdout)
	}
}
