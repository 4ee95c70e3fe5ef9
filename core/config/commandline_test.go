package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/trellismq/trellis/core/config/conf"
)

// parse reads flags that must be right.
func parse(t *testing.T, args ...string) *CommandLine {
	t.Helper()
	c, err := ParseFlags(args)
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return c
}

// overridden returns the options of a configuration text with flags on top.
func overridden(t *testing.T, text string, args ...string) *Options {
	t.Helper()
	o := Default()
	if text != "" {
		o = valid(t, text)
	}
	if err := parse(t, args...).Overrides.Apply(o); err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return o
}

// refused returns why flags cannot be applied to a configuration text.
func refused(t *testing.T, text string, args ...string) error {
	t.Helper()
	o := Default()
	if text != "" {
		o = valid(t, text)
	}
	return parse(t, args...).Overrides.Apply(o)
}

// flagNames are those of the reference (docs/compatibility/02, flags), by flag.
var flagNames = []string{
	"a addr net", "p port", "n name server_name", "P pid", "m http_port", "ms https_port", "c config", "t", "sl signal",
	"client_advertise", "ports_file_dir", "l log", "log_size_limit", "T logtime", "logtime_utc", "s syslog", "r remote_syslog",
	"D debug", "V trace", "VV", "DV", "DVV", "max_traced_msg_len", "js jetstream", "sd store_dir", "user", "pass", "auth",
	"tls", "tlscert", "tlskey", "tlscacert", "tlsverify", "routes", "cluster cluster_listen", "cluster_name",
	"cluster_advertise", "no_advertise", "connect_retries", "profile", "h help", "help_tls", "v version",
}

func TestFlagSyntax(t *testing.T) {
	t.Run("spec 02 #44", func(t *testing.T) {
		for _, f := range Flags() {
			for _, name := range f.Names {
				const value = "1"
				forms := [][]string{{"-" + name + "=" + value}, {"--" + name + "=" + value}}
				if f.IsBool() {
					forms = append(forms, []string{"-" + name}, []string{"--" + name})
				} else {
					forms = append(forms, []string{"-" + name, value}, []string{"--" + name, value})
				}
				first := parse(t, forms[0]...)
				for _, form := range forms[1:] {
					got := parse(t, form...)
					if got.Config != first.Config || got.Test != first.Test || got.Signal != first.Signal || got.Help != first.Help ||
						got.HelpTLS != first.HelpTLS || got.Version != first.Version || len(got.Overrides.settings) != len(first.Overrides.settings) {
						t.Errorf("%q differs from %q", form, forms[0])
						continue
					}
					for i, s := range got.Overrides.settings {
						if !reflect.DeepEqual(s.value, first.Overrides.settings[i].value) {
							t.Errorf("%q differs from %q", form, forms[0])
						}
					}
				}
			}
		}
	})
	t.Run("spec 02 #45", func(t *testing.T) {
		// Ours takes the word after a boolean flag (part 10, scenario 9), where
		// 2.15.2 reports an unrecognized command.
		if o := overridden(t, "", "-T", "false", "-D", "true"); o.Logging.Time || !o.Logging.Debug {
			t.Errorf("got %+v", o.Logging)
		}
		if o := overridden(t, "", "-T=false"); o.Logging.Time {
			t.Error("-T=false does nothing")
		}
		_, err := ParseFlags([]string{"-T", "no"})
		var command *CommandError
		if !errors.As(err, &command) || err.Error() != `unrecognized command: "no"` {
			t.Errorf("got %v", err)
		}
	})
	t.Run("spec 02 #48", func(t *testing.T) {
		for args, want := range map[string]string{
			"-x":                      "flag provided but not defined: -x",
			"--x=1":                   "flag provided but not defined: -x",
			"-p abc":                  `invalid value "abc" for flag -p: parse error`,
			"-p 99999999999999999999": `invalid value "99999999999999999999" for flag -p: value out of range`,
			"-debug=maybe":            `invalid boolean value "maybe" for -debug: parse error`,
			"-p":                      "flag needs an argument: -p",
			"---p":                    "bad flag syntax: ---p",
		} {
			_, err := ParseFlags(strings.Fields(args))
			var flag *FlagError
			if !errors.As(err, &flag) || err.Error() != want {
				t.Errorf("%s: %v, want %s", args, err, want)
			}
		}
	})
	t.Run("spec 02 #49", func(t *testing.T) {
		var got []string
		for _, f := range Flags() {
			got = append(got, strings.Join(f.Names, " "))
			if f.Doc == "" || f.Group == "" || (f.Value == "") != f.IsBool() {
				t.Errorf("%q is not fully described", f.Names)
			}
		}
		slices.Sort(got)
		want := slices.Sorted(slices.Values(flagNames))
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("words", func(t *testing.T) {
		for args, want := range map[string]CommandLine{
			"VERSION": {Version: true}, "help": {Help: true}, "-- version": {Version: true}, "-c f -t": {Config: "f", Test: true},
			"-sl reload=5": {Signal: "reload=5"}, "-p 0x10 -c a -c b": {Config: "b"}, "--help_tls": {HelpTLS: true},
		} {
			got := parse(t, strings.Fields(args)...)
			got.Overrides = Overrides{}
			if !reflect.DeepEqual(*got, want) {
				t.Errorf("%s: %+v", args, got)
			}
		}
		if o := overridden(t, "", "-s", "udp://127.0.0.1:5140"); o.Logging.RemoteSyslog != "udp://127.0.0.1:5140" || o.Logging.Syslog {
			t.Errorf("got %+v", o.Logging)
		}
	})
}

func TestOverrides(t *testing.T) {
	t.Run("spec 02 #50", func(t *testing.T) {
		o := overridden(t, "debug: true, logtime: false, port: 5000, host: h", "-D=false", "-T", "-p", "6000")
		if o.Logging.Debug || !o.Logging.Time || o.Client.Port != 6000 || o.Client.Host != "h" {
			t.Errorf("got %+v %+v", o.Logging, o.Client)
		}
		o = overridden(t, "logtime: false, port: 5000", "-D", "-p", "0")
		if o.Logging.Time || o.Client.Port != 5000 {
			t.Errorf("what was not given, or given as 0, does not leave the file's value: %+v %+v", o.Logging, o.Client)
		}
		if o := overridden(t, "jetstream { domain: d, store_dir: a }", "-sd", "b", "-js"); o.StoreDir != "b" || o.JetStream.StoreDir != "" || o.JetStream.Domain != "d" || !o.JetStream.Enabled {
			t.Errorf("got %+v", o.JetStream)
		}
	})
	t.Run("spec 02 #51", func(t *testing.T) {
		o := overridden(t, "", "-p", "-1", "-m", "-1", "--profile", "-1", "--cluster", "nats://h:-1")
		if got := fmt.Sprint(o.Client.Port, o.Monitoring.Port, o.Monitoring.ProfilePort, o.Cluster.Port, o.Cluster.Host); got != "-1 -1 -1 -1h" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("spec 02 #52", func(t *testing.T) {
		if err := refused(t, "", "--routes", "nats://a:1"); !errors.Is(err, ErrRoutesAlone) {
			t.Errorf("got %v", err)
		}
		file := `cluster { port: 1, routes: [ "nats://x:1" ] }`
		o := overridden(t, file, "--routes", "nats://a:1 , nats://b:2")
		if got := fmt.Sprint(o.Cluster.Routes); got != "[nats://a:1 nats://b:2]" {
			t.Errorf("got %s", got)
		}
		if o := overridden(t, file, "--routes", ""); len(o.Cluster.Routes) != 0 {
			t.Errorf("got %v", o.Cluster.Routes)
		}
		if o := overridden(t, file, "--cluster", ""); o.Cluster != nil {
			t.Errorf("got %v", o.Cluster)
		}
	})
	t.Run("spec 02 #53", func(t *testing.T) {
		if err := refused(t, "", "--cluster", "nats://u@h:1"); !errors.Is(err, ErrNoClusterPass) {
			t.Errorf("got %v", err)
		}
		if err := refused(t, "", "--cluster", "nats://h"); err == nil || err.Error() != "address h: missing port in address" {
			t.Errorf("got %v", err)
		}
		file := "cluster { port: 1, authorization { user: u, password: p, timeout: 3 } }"
		if a := overridden(t, file, "--cluster", "nats://h:2").Cluster.Authorization; a.User != "" || a.Password != "" || a.Timeout == 0 {
			t.Errorf("got %+v", a)
		}
		if a := overridden(t, file, "--cluster", "nats://x:y@h:2").Cluster.Authorization; a.User != "x" || a.Password != "y" {
			t.Errorf("got %+v", a)
		}
	})
	t.Run("spec 02 #55", func(t *testing.T) {
		if err := refused(t, "", "-n", "a b"); err == nil || err.Error() != "server name cannot contain spaces" {
			t.Errorf("got %v", err)
		}
		refusalsOf(t, "spec 02 #55")
	})
	t.Run("spec 02 #56", func(t *testing.T) {
		for flags, want := range map[string][3]bool{
			"-DV": {true, true, false}, "-VV": {false, true, true}, "-DVV": {true, true, true}, "-D": {true, false, false},
			"-DV=false": {}, "-VV=false": {}, "-DVV=false": {},
		} {
			l := overridden(t, "", flags).Logging
			if got := [3]bool{l.Debug, l.Trace, l.TraceVerbose}; got != want {
				t.Errorf("%s: %v", flags, got)
			}
		}
		if l := overridden(t, "debug: true, trace: true", "-DV=false").Logging; l.Debug || l.Trace {
			t.Errorf("got %+v", l)
		}
	})
	t.Run("spec 02 #57", func(t *testing.T) {
		args := []string{"-user", "u", "--pass=p", "-auth", "t", "--routes", "nats://a:b@h:1,nats://c@h:2", "--cluster=nats://x:y@h:3", "-p", "1", "word"}
		want := []string{"-user", "[REDACTED]", "--pass=[REDACTED]", "-auth", "[REDACTED]", "--routes",
			"nats://[REDACTED]@h:1,nats://[REDACTED]@h:2", "--cluster=nats://[REDACTED]@h:3", "-p", "1", "word"}
		if got := Redact(args); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		if args[1] != "u" {
			t.Error("the arguments themselves were changed")
		}
	})
	t.Run("credentials", func(t *testing.T) {
		if err := refused(t, "", "--user", "u", "--pass", "p", "--auth", "t"); !errors.Is(err, ErrUserAndToken) {
			t.Errorf("got %v", err)
		}
		if a := overridden(t, "authorization { token: t }", "--user", "u", "--pass", "p").Authorization; a.User != "u" || a.Password != "p" || a.Token != "" {
			t.Errorf("got %+v", a)
		}
		if a := overridden(t, "authorization { user: u, password: p }", "--auth", "t").Authorization; a.User != "" || a.Password != "" || a.Token != "t" {
			t.Errorf("got %+v", a)
		}
		if err := refused(t, "accounts { A { users: [ {user: a} ] } }", "--auth", "t"); err == nil || !strings.HasSuffix(err.Error(), "Can not have a token and accounts") {
			t.Errorf("got %v", err)
		}
	})
}

func FuzzParseFlags(f *testing.F) {
	for _, seed := range []string{"-p 1", "--cluster nats://u:p@h:1", "-D=false -T true", "--routes a,b", "-- x", "-s udp://h", "-=", "--pass x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		args := strings.Split(line, " ")
		c, err := ParseFlags(args)
		hidden := Redact(args)
		if len(hidden) != len(args) {
			t.Fatalf("%d arguments became %d", len(args), len(hidden))
		}
		if err != nil {
			return
		}
		if password := c.Overrides.text("pass"); len(password) > 12 && strings.Contains(strings.Join(hidden, " "), "-pass="+password) {
			t.Fatalf("a password is shown: %q", hidden)
		}
		tree, err := conf.Parse("c.conf", []byte("port: 1"), noEnv, nil)
		if err != nil {
			t.Fatal(err)
		}
		o, _ := Read("c.conf", tree)
		_ = c.Overrides.Apply(o)
	})
}
