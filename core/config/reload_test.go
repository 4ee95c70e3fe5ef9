package config

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// recorder notes what becomes of the owners of a reload.
type recorder struct {
	events []string
	// failing is the owner that cannot prepare; idle has nothing to change.
	failing, idle string
	cancel        context.CancelFunc
}

type recordedOwner struct {
	*recorder
	name string
}

var errUnprepared = errors.New("no room")

func (o recordedOwner) Prepare(_ context.Context, old, new *Options) (Change, error) {
	if o.name == o.failing {
		return nil, errUnprepared
	}
	if o.cancel != nil {
		o.cancel()
	}
	if o.name == o.idle {
		return nil, nil
	}
	o.events = append(o.events, "prepare "+o.name)
	return recordedChange(o), nil
}

type recordedChange recordedOwner

func (c recordedChange) Commit() { c.events = append(c.events, "commit "+c.name) }
func (c recordedChange) Abort()  { c.events = append(c.events, "abort "+c.name) }

func TestReload(t *testing.T) {
	old, new := valid(t, "debug: false"), valid(t, "debug: true")
	reload := func(r *recorder, new *Options) error {
		owners := []Owner{recordedOwner{r, "a"}, recordedOwner{r, "b"}, recordedOwner{r, "c"}}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		if r.cancel != nil {
			r.cancel = cancel
		}
		return Reload(ctx, owners, old, new)
	}
	for _, test := range []struct {
		name string
		r    recorder
		want []string
		err  error
	}{
		{"all commit in order", recorder{}, []string{"prepare a", "prepare b", "prepare c", "commit a", "commit b", "commit c"}, nil},
		{"an owner without change", recorder{idle: "b"}, []string{"prepare a", "prepare c", "commit a", "commit c"}, nil},
		{"the first fails", recorder{failing: "a"}, nil, errUnprepared},
		{"the second fails", recorder{failing: "b"}, []string{"prepare a", "abort a"}, errUnprepared},
		{"the last fails", recorder{failing: "c"}, []string{"prepare a", "prepare b", "abort b", "abort a"}, errUnprepared},
		{"the time is over", recorder{cancel: func() {}}, []string{"prepare a", "abort a"}, context.Canceled},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := reload(&test.r, new); !errors.Is(err, test.err) {
				t.Errorf("got %v, want %v", err, test.err)
			}
			if !slices.Equal(test.r.events, test.want) {
				t.Errorf("got %q, want %q", test.r.events, test.want)
			}
		})
	}
	t.Run("a refused difference reaches no owner", func(t *testing.T) {
		var r recorder
		err := reload(&r, valid(t, "debug: true, max_subs: 5"))
		var refused *RefusedError
		if !errors.As(err, &refused) || err.Error() != "config reload not supported for MaxSubs: old=0, new=5" {
			t.Errorf("got %v", err)
		}
		if len(r.events) != 0 {
			t.Errorf("got %q", r.events)
		}
	})
}

func TestRefused(t *testing.T) {
	for _, test := range []struct{ old, new, want string }{
		{"port: 1", "port: 2", "config reload not supported for Port: old=1, new=2"},
		{"", "host: h", "config reload not supported for Host: old=0.0.0.0, new=h"},
		{"server_name: a", "server_name: b", "config reload not supported for ServerName: old=a, new=b"},
		{"http: 127.0.0.1:1", "http: 127.0.0.2:1", "config reload not supported for HTTPHost: old=127.0.0.1, new=127.0.0.2"},
		{"http_port: 1", "http_port: 2", "config reload not supported for HTTPPort: old=1, new=2"},
		{"lame_duck_duration: 30s", "lame_duck_duration: 40s", "config reload not supported for LameDuckDuration: old=30s, new=40s"},
		{"jetstream { key: secret1 }", "jetstream { key: secret2 }", "config reload not supported for JetStreamKey: old=[REDACTED], new=[REDACTED]"},
		{"", "cluster { port: 1 }", "config reload not supported for cluster port: old={}, new={host: 0.0.0.0, port: 1, pool_size: 3, compression: accept, write_timeout: default}"},
		{"cluster { port: 1 }", "cluster { port: 2 }", "config reload not supported for cluster port: old=1, new=2"},
		{"leafnodes { port: 1 }", "leafnodes { port: 2 }", `config reload not supported for LeafNode: field "Port": old=1, new=2`},
		{"leafnodes { authorization { password: a } }", "leafnodes { authorization { password: b } }",
			`config reload not supported for LeafNode: field "Password": old=[REDACTED], new=[REDACTED]`},
		{"tls {}", "tls { verify_and_map: true }", "config reload not supported for TLSMap: old=false, new=true"},
		{"no_auth_user: a, authorization { users: [ {user: a}, {user: b} ] }", "authorization { users: [ {user: a}, {user: b} ] }",
			"config reload not supported for NoAuthUser: old=a, new="},
		{"no_auth_user: a, authorization { users: [ {user: a}, {user: b} ] }", "authorization { users: [ {user: b} ] }", ""},
		{"system_account: \"$SYS\"", "", ""},
		{"system_account: S", "", "config reload not supported for SystemAccount: old=S, new="},
		{"debug: true", "\n\n  debug: true", ""},
		{"mqtt { port: 1, ack_wait: 5s }", "mqtt { port: 1, ack_wait: 6s }", ""},
		{"accounts { A { users: [ {user: a} ] } }", "accounts { B { users: [ {user: a} ] } }", ""},
	} {
		got := ""
		old, _ := read(t, test.old)
		new, _ := read(t, test.new)
		if err := Refused(old, new); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%q -> %q:\n got %s\nwant %s", test.old, test.new, got, test.want)
		}
	}
	for _, block := range []string{
		`gateway { port: %, authorization: { user: u, password: hidden }, gateways: [ {name: b, url: "nats://u:hidden@h:1"} ] }`,
		`websocket { port: %, authorization { user: u, password: hidden } }`,
		`leafnodes { remotes: [ {url: "nats://u:hidden@h:%"} ] }`,
		`cluster { port: %, authorization: { user: u, password: hidden }, routes: [ "nats://u:hidden@h:1" ] }`,
	} {
		old, new := valid(t, strings.Replace(block, "%", "1", 1)), valid(t, strings.Replace(block, "%", "2", 1))
		for _, change := range [][2]*Options{{old, new}, {old, Default()}, {Default(), new}} {
			for _, d := range Diff(change[0], change[1]) {
				if text := d.Refusal() + d.Line(); strings.Contains(text, "hidden") || strings.Contains(text, "0xc") {
					t.Errorf("%s: %s", block, text)
				}
			}
		}
	}
}

func TestReloadLines(t *testing.T) {
	for _, test := range []struct {
		old, new string
		want     []string
	}{
		{"", "debug: true", []string{"Reloaded: debug = true"}},
		{"", "max_payload: 2MB, ping_interval: 10s", []string{"Reloaded: max_payload = 2097152", "Reloaded: ping_interval = 10s"}},
		{"", `client_advertise: "h:1"`, []string{"Reload: client_advertise = h:1"}},
		{"no_fast_producer_stall: true", "", []string{"Reloaded: fast producers will be stalled"}},
		{"", "tls {}", []string{"Reloaded: tls = enabled"}},
		{"tls {}", "", []string{"Reloaded: tls = disabled"}},
		{"tls {}", "tls { timeout: 5 }", []string{"Reloaded: tls timeout = 5s"}},
		{"authorization { user: a, password: b }", "authorization { user: c, password: d }",
			[]string{"Reloaded: authorization username", "Reloaded: authorization password"}},
		{"server_tags: a", "server_tags: b", []string{"Reloaded: tags"}},
		{"mqtt { ack_wait: 5s }", "mqtt { ack_wait: 6s }", []string{"Reloaded: MQTT ack_wait = 6s"}},
		{"jetstream { max_mem: 1M }", "jetstream { max_mem: 2M }", nil},
		{"jetstream { max_mem: 1MB }", "jetstream { max_mem: 2MB }", []string{"Reloaded: JetStream max_mem_store = 2.00 MB"}},
	} {
		old, _ := read(t, test.old)
		new, _ := read(t, test.new)
		got := ReloadLines(Diff(old, new))
		if test.want == nil {
			if len(got) != 1 {
				t.Errorf("%q -> %q: %q", test.old, test.new, got)
			}
			continue
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%q -> %q: %q", test.old, test.new, got)
		}
	}
}

func TestReloadKeepsFlags(t *testing.T) {
	flags := parse(t, "-p", "7000", "-D=false").Overrides
	for _, text := range []string{"port: 1, debug: true", "port: 2, debug: true"} {
		o := valid(t, text)
		if err := flags.Apply(o); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(o.Client.Port, o.Logging.Debug); got != "7000 false" {
			t.Errorf("%s: %s", text, got)
		}
	}
}
