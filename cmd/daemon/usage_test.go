package daemon

import (
	"crypto/tls"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/trellismq/trellis/core/config"
)

// documented are the flags of nats-server, all names of one flag together
// (command line, flags).
var documented = [][]string{
	{"a", "addr", "net"}, {"p", "port"}, {"n", "name", "server_name"}, {"P", "pid"}, {"m", "http_port"}, {"ms", "https_port"},
	{"c", "config"}, {"t"}, {"sl", "signal"}, {"client_advertise"}, {"ports_file_dir"}, {"l", "log"}, {"log_size_limit"},
	{"T", "logtime"}, {"logtime_utc"}, {"s", "syslog"}, {"r", "remote_syslog"}, {"D", "debug"}, {"V", "trace"}, {"VV"}, {"DV"}, {"DVV"},
	{"max_traced_msg_len"}, {"js", "jetstream"}, {"sd", "store_dir"}, {"user"}, {"pass"}, {"auth"}, {"tls"}, {"tlscert"}, {"tlskey"},
	{"tlscacert"}, {"tlsverify"}, {"routes"}, {"cluster", "cluster_listen"}, {"cluster_name"}, {"cluster_advertise"}, {"no_advertise"},
	{"connect_retries"}, {"profile"}, {"h", "help"}, {"help_tls"}, {"v", "version"},
}

func TestFlags(t *testing.T) {
	t.Run("spec 02 #44", func(t *testing.T) {
		for _, f := range config.Flags() {
			value := "1"
			if f.IsBool() {
				value = "true"
			}
			for _, flag := range f.Names {
				for _, args := range [][]string{{"-" + flag, value}, {"--" + flag, value}, {"-" + flag + "=" + value}, {"--" + flag + "=" + value}} {
					if _, err := config.ParseFlags(args); err != nil {
						t.Errorf("%q: %v", args, err)
					}
				}
			}
		}
		for _, args := range [][]string{{"-n", "a"}, {"--n", "a"}, {"-n=a"}, {"--server_name=a"}, {"-name", "a"}} {
			if p := serve(t, args...); !strings.Contains(p.stderr.String(), "  Name:     a\n") {
				t.Errorf("%q: logged\n%s", args, p.stderr)
			}
		}
	})
	t.Run("spec 02 #45", func(t *testing.T) {
		expect(t, exitFailed, "trellis: unrecognized command: \"maybe\"\n", "-T", "maybe")
		for _, args := range [][]string{{"-T=false"}, {"-T", "false"}} {
			if p := serve(t, args...); !strings.HasSuffix(p.stderr.String(), "] [INF] Server is ready\n") {
				t.Errorf("%q: logged\n%s", args, p.stderr)
			}
		}
	})
	t.Run("spec 02 #46", func(t *testing.T) {
		want := "trellis: v" + currentBuild().version + ", NATS v2.15.2\n"
		for _, arg := range []string{"-v", "--version", "version", "VERSION"} {
			if code, stdout, stderr := execute(t, arg); code != exitOK || stdout != want || stderr != "" {
				t.Errorf("%s: exit %d, stdout %q, stderr %q", arg, code, stdout, stderr)
			}
		}
	})
	t.Run("spec 02 #47", func(t *testing.T) {
		for _, arg := range []string{"-h", "--help", "help", "Help"} {
			if code, stdout, stderr := execute(t, arg); code != exitOK || !strings.HasPrefix(stdout, "Usage: trellis [flags]\n") || stderr != "" {
				t.Errorf("%s: exit %d, stdout %q, stderr %q", arg, code, stdout, stderr)
			}
		}
		code, stdout, stderr := execute(t, "--help_tls")
		lines := strings.Split(stdout, "\n")
		for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
			if !slices.Contains(lines, "    "+suite.Name) {
				t.Errorf("suite %s is not listed", suite.Name)
			}
		}
		for _, curve := range []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521, tls.X25519MLKEM768} {
			if !slices.Contains(lines, "    "+curve.String()) {
				t.Errorf("curve %v is not listed", curve)
			}
		}
		if code != exitOK || stderr != "" || !strings.Contains(stdout, "ocsp_peer") || !strings.Contains(stdout, "ocsp_cache") {
			t.Errorf("exit %d, stderr %q", code, stderr)
		}
	})
	t.Run("spec 02 #48", func(t *testing.T) {
		tests := map[string][]string{
			"flag provided but not defined: -x\n":                             {"--x"},
			"flag needs an argument: -p\n":                                    {"-p"},
			"invalid value \"abc\" for flag -p: parse error\n":                {"-p", "abc"},
			"invalid boolean value \"maybe\" for -debug: parse error\n":       {"--debug=maybe"},
			"invalid value \"1e400\" for flag -log_size_limit: parse error\n": {"--log_size_limit=1e400"},
		}
		for want, args := range tests {
			if code, stdout, stderr := execute(t, args...); code != exitFailed || stderr != want || !strings.HasPrefix(stdout, "Usage: ") {
				t.Errorf("%q: exit %d, stdout %q, stderr %q", args, code, stdout, stderr)
			}
		}
	})
	t.Run("spec 02 #49", func(t *testing.T) {
		_, usage, _ := execute(t, "--help")
		words := strings.FieldsFunc(usage, func(r rune) bool { return strings.ContainsRune(" ,\n", r) })
		flags := slices.Clone(config.Flags())
		for _, names := range documented {
			at := slices.IndexFunc(flags, func(f *config.Flag) bool {
				return slices.Equal(slices.Sorted(slices.Values(f.Names)), slices.Sorted(slices.Values(names)))
			})
			if at < 0 {
				t.Errorf("no flag has exactly the names %q", names)
				continue
			}
			flags = slices.Delete(flags, at, at+1)
			for _, flag := range names {
				if !slices.Contains(words, "-"+flag) && !slices.Contains(words, "--"+flag) {
					t.Errorf("the usage text does not show %s", flag)
				}
			}
		}
		for _, f := range flags {
			t.Errorf("flag %q is not one of nats-server's", f.Names)
		}
	})
	t.Run("spec 02 #50", func(t *testing.T) {
		on, off := write(t, "debug: true\ntrace: true\nlogtime: true\n"), write(t, "debug: false\ntrace: false\nlogtime: false\n")
		tests := []struct {
			args                 []string
			debug, trace, stamps bool
		}{
			{[]string{"-c", on}, true, true, true},
			{[]string{"-c", on, "-D=false", "-V=false", "-T=false"}, false, false, false},
			{[]string{"-c", off}, false, false, false},
			{[]string{"-c", off, "-D", "-V", "-T"}, true, true, true},
		}
		for _, test := range tests {
			debug, trace, stamps := levels(t, test.args...)
			if debug != test.debug || trace != test.trace || stamps != test.stamps {
				t.Errorf("%q: debug %v, trace %v, time stamps %v", test.args, debug, trace, stamps)
			}
		}
	})
	t.Run("spec 02 #51", func(t *testing.T) {
		first, second := serve(t), serve(t, "-p", "-1") // serve itself asks for -1
		if first.address == second.address || strings.HasSuffix(first.address, ":0") || strings.HasSuffix(first.address, ":4222") {
			t.Errorf("listening on %s and %s", first.address, second.address)
		}
		first.connect()
		second.connect()
	})
	t.Run("spec 02 #56", func(t *testing.T) {
		on := write(t, "debug: true\ntrace: true\ntrace_verbose: true\n")
		tests := []struct {
			args         []string
			debug, trace bool
		}{
			{[]string{"-D"}, true, false},
			{[]string{"-V"}, false, true},
			{[]string{"-VV"}, false, true},
			{[]string{"-DV"}, true, true},
			{[]string{"-DVV"}, true, true},
			{[]string{"-c", on, "-DV=false"}, false, false},
			{[]string{"-c", on, "-DVV=false"}, false, false},
			{[]string{"-c", on, "-VV=false"}, true, false},
		}
		for _, test := range tests {
			if debug, trace, _ := levels(t, test.args...); debug != test.debug || trace != test.trace {
				t.Errorf("%q: debug %v, trace %v", test.args, debug, trace)
			}
		}
	})
}

func TestUsageSaysWhatIsMissing(t *testing.T) {
	_, usage, _ := execute(t, "--help")
	indent := "\n" + strings.Repeat(" ", usageColumn)
	for line := range strings.Lines(strings.ReplaceAll(usage, indent, " ")) {
		missing := strings.Contains(line, "(Not built in.)")
		for _, flag := range []string{"--http_port", "--signal", "--jetstream", "--tls ", "--routes", "--syslog", "--log_size_limit", "--pid"} {
			if strings.Contains(line, flag) && !missing {
				t.Errorf("offered though it cannot be used: %s", line)
			}
		}
		for _, flag := range []string{"--port ", "--debug", "--log ", "--user", "--config"} {
			if strings.Contains(line, flag) && missing {
				t.Errorf("called missing: %s", line)
			}
		}
	}
	if !strings.Contains(usage, "Default: 4222") {
		t.Error("the default of the port is not shown")
	}
	for line := range strings.Lines(usage) {
		if len(line) > usageWidth+1 {
			t.Errorf("long line: %s", line)
		}
	}
}

func TestBuild(t *testing.T) {
	const revision = "0123456789abcdef"
	tests := []struct {
		name string
		info debug.BuildInfo
		want build
	}{
		{"release", debug.BuildInfo{
			Main:     debug.Module{Path: module, Version: "v1.2.3"},
			Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: revision}},
		}, build{"1.2.3", "0123456"}},
		{"working copy", debug.BuildInfo{Main: debug.Module{Path: module, Version: "(devel)"}}, build{version: "0.0.0-devel"}},
		{"another program", debug.BuildInfo{
			Main:     debug.Module{Path: "example.com/broker", Version: "v9.9.9"},
			Deps:     []*debug.Module{{Path: "example.com/other", Version: "v8.0.0"}, {Path: module, Version: "v1.2.3"}},
			Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: revision}},
		}, build{version: "1.2.3"}},
		{"unknown", debug.BuildInfo{Main: debug.Module{Path: "example.com/broker"}}, build{version: "0.0.0-devel"}},
	}
	for _, test := range tests {
		if got := buildOf(&test.info); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
	if text := (build{}).commitText(); text != "not set" {
		t.Errorf("an unknown commit is shown as %q", text)
	}
}
