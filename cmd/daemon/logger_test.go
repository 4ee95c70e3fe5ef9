package daemon

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/trellismq/trellis/core/config"
)

var stamped = regexp.MustCompile(`^\[\d+\] \d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6} \[(INF|DBG|WRN|ERR|FTL|TRC)\] `)

// levels runs a server, lets a client come and go, and tells what was logged.
func levels(t *testing.T, args ...string) (debug, trace, stamps bool) {
	t.Helper()
	p := serve(t, args...)
	nc, err := nats.Connect(p.address, nats.Timeout(patience))
	if err != nil {
		t.Fatal(err)
	}
	nc.Close()
	if code := p.stop(syscall.SIGTERM); code != exitOK {
		t.Errorf("exit %d", code)
	}
	log := p.stderr.String()
	return strings.Contains(log, "[DBG]"), strings.Contains(log, "[TRC]"), stamped.MatchString(log)
}

func TestLog(t *testing.T) {
	t.Run("spec 02 #88", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "server.log")
		for _, args := range [][]string{{"-DV"}, {"-DV", "-l", path}} {
			p := launch(t, append([]string{"-a", "127.0.0.1", "-p", "-1"}, args...)...)
			log := func() string { return p.stderr.String() }
			if len(args) > 1 {
				log = func() string { text, _ := os.ReadFile(path); return string(text) }
			}
			p.stop(os.Interrupt)
			text := log()
			if !strings.HasSuffix(text, "Server Exiting..\n") || strings.Contains(text, "\x1b") {
				t.Errorf("%q: logged\n%q", args, text)
			}
			for line := range strings.Lines(text) {
				if !stamped.MatchString(line) {
					t.Errorf("%q: line %q", args, line)
				}
			}
			if len(args) > 1 && p.stderr.String() != "" {
				t.Errorf("%q: stderr %q", args, p.stderr)
			}
			if p.stdout.String() != "" {
				t.Errorf("%q: stdout %q", args, p.stdout)
			}
		}
	})
	t.Run("spec 02 #89", func(t *testing.T) {
		if _, _, stamps := levels(t, "-T=false"); stamps {
			t.Error("time stamps though they are switched off")
		}
		for _, o := range []config.Logging{{Time: true}, {Time: true, TimeUTC: true}} {
			out := newOutput()
			l, err := openLog(&o, out)
			if err != nil {
				t.Fatal(err)
			}
			l.now = func() time.Time {
				return time.Date(2026, 11, 20, 1, 2, 3, 4000, time.FixedZone("", 2*3600))
			}
			l.Noticef("x")
			want := "] 2026/11/20 01:02:03.000004 [INF] x\n"
			if o.TimeUTC {
				want = "] 2026/11/19 23:02:03.000004 [INF] x\n"
			}
			if !strings.HasSuffix(out.String(), want) {
				t.Errorf("logged %q, want %q", out, want)
			}
		}
	})
	t.Run("spec 02 #90", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "server.log")
		if code, _, stderr := execute(t, "-a", "127.0.0.1", "-p", "70000"); code != exitFailed || !strings.Contains(stderr, "[FTL] Error listening on port: 127.0.0.1:70000") {
			t.Errorf("exit %d, logged\n%s", code, stderr)
		}
		code, _, _ := execute(t, "-a", "127.0.0.1", "-p", "70000", "-l", path)
		text, err := os.ReadFile(path)
		if err != nil || code != exitFailed || !strings.Contains(string(text), "[FTL] Error listening on port: 127.0.0.1:70000") {
			t.Errorf("exit %d, %v, logged\n%s", code, err, text)
		}
	})
}

func TestLogFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "server.log")
	if err := os.WriteFile(path, []byte("before\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := openLog(&config.Logging{File: path}, newOutput())
	if err != nil {
		t.Fatal(err)
	}
	l.Noticef("behind")
	l.Debugf("not wanted")
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(path); err != nil || !regexp.MustCompile(`^before\n\[\d+\] \[INF\] behind\n$`).Match(text) {
		t.Errorf("%v, the file holds %q", err, text)
	}

	created := filepath.Join(t.TempDir(), "new.log")
	if l, err = openLog(&config.Logging{File: created}, newOutput()); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if info, err := os.Stat(created); err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&^0o640 != 0 {
		t.Errorf("%v, mode %v", err, info.Mode())
	}
}

func TestLogFileThatCannotBeOpened(t *testing.T) {
	code, stdout, stderr := execute(t, "-l", filepath.Join(t.TempDir(), "no", "server.log"))
	want := regexp.MustCompile(`^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6} error opening file: open .*\n$`)
	if code != exitFailed || stdout != "" || !want.MatchString(stderr) {
		t.Errorf("exit %d, stdout %q, stderr %q", code, stdout, stderr)
	}
}

func TestColours(t *testing.T) {
	out := newOutput()
	l, err := openLog(&config.Logging{}, out)
	if err != nil {
		t.Fatal(err)
	}
	l.pid, l.to.colours = 7, true
	l.Warnf("x")
	if got, want := out.String(), "[7] [\x1b[0;93mWRN\x1b[0m] x\n"; got != want {
		t.Errorf("logged %q, want %q", got, want)
	}
	pipe, _, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	if isTerminal(pipe) {
		t.Error("a pipe is taken for a terminal")
	}
}
