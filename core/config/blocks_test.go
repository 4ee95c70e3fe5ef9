package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
)

// refusals are configurations with the lines they are refused with, by the line
// of the checklist that they belong to.
var refusals = []struct {
	spec string
	text string
	want []string
}{
	{"spec 02 #60", "listen: abc", []string{`1:0: could not parse address string "abc"`}},
	{"spec 02 #60", `listen: "h:x"`, []string{`1:0: could not parse port "x"`}},
	{"spec 02 #60", "listen: [ 1, 2 ]", []string{`1:0: expected port or host:port, got []interface {}`}},
	{"spec 02 #62", "max_sub_tokens: 256", []string{`1:0: max_sub_tokens value is too big`}},
	{"spec 02 #62", "max_subscription_tokens: 0", []string{`1:0: max_subscription_tokens value can not be negative`}},
	{"", "max_payload: 3G", []string{`1:0: max_payload value is too big`}},
	{"", "max_control_line: 3G", []string{`1:0: max_control_line value is too big`}},
	{"", "write_timeout: never", []string{`1:0: write_timeout must be 'default', 'close' or 'retry'`}},
	{"", "lame_duck_duration: 5s", []string{`1:0: invalid lame_duck_duration of 5s, minimum is 30 seconds`}},
	{"", `lame_duck_grace_period: "-5s"`, []string{`1:0: invalid lame_duck_grace_period, needs to be positive`}},
	{"", "ping_interval: 5x", []string{`1:0: error parsing ping_interval: time: unknown unit "x" in duration "5x"`}},
	{"", "server_tags: 5", []string{`1:0: error parsing tags: unsupported type int64`}},
	{"", "server_metadata: 5", []string{`1:0: error parsing metadata: unsupported type int64`}},
	{"", "feature_flags { a: 1 }", []string{`1:16: error parsing feature flag "a": expected bool, got int64`}},
	{"", "feature_flags: x", []string{`1:0: error parsing feature flags: unsupported type string`}},
	{"", "default_js_domain: x", []string{`1:0: error default_js_domain config: unsupported type string`}},
	{"", "system_account: 5", []string{`1:0: system account name must be a string`}},
	{"spec 02 #55", `server_name: "a b"`, []string{`1:0: server name cannot contain spaces`}},

	{"", "proxies: 5", []string{`1:0: expected proxies to be a map/struct, got int64`}},
	{"", "proxies { trusted: 5 }", []string{`1:10: expected proxies' trusted field to be an array, got int64`}},
	{"", "proxies { trusted: [ a ] }", []string{`1:21: expected proxies' trusted entry to be a map/struct, got string`}},
	{"", "proxies { trusted: [ {key: abc} ] }", []string{`1:22: invalid proxy key "abc"`}},

	{"", "authorization { user: a, password: b, token: t }", []string{`1:0: Cannot have a user/pass and token`}},
	{"", "authorization { user: a, users: [] }", []string{`1:0: Can not have a single user/pass and a users array`}},
	{"", "authorization { token: a, users: [] }", []string{`1:0: Can not have a token and a users array`}},
	{"", "authorization { timeout: x }", []string{`1:16: error parsing authorization config, 'timeout' time: invalid duration "x"`}},
	{"", "authorization { timeout: yes }", []string{`1:16: error parsing authorization config, 'timeout' wrong type`}},
	{"", "authorization { auth_callout: 5 }", []string{`1:16: Expected authorization callout to be a map/struct, got 5`}},
	{"", "authorization { auth_callout { auth_users: [ u ] } }", []string{`1:16: Authorization callouts require an issuer to be specified`}},
	{"", "authorization { auth_callout { issuer: A, x: 1 } }", []string{
		`1:31: Expected callout user to be a valid public account nkey, got "A"`,
		`1:42: Unknown field "x" parsing authorization callout`}},
	{"", "authorization { auth_callout { issuer: " + accountKey + ", auth_users: [u ], allowed_accounts: [ ZZ ] } }",
		[]string{`1:16: auth_callout allowed account "ZZ" not found in configured accounts`}},

	{"spec 02 #72", "authorization { users: 5 }", []string{`1:16: Expected users field to be an array, got 5`}},
	{"spec 02 #72", "authorization { users: [ a ] }", []string{`1:25: Expected user entry to be a map/struct, got a`}},
	{"spec 02 #72", "authorization { users: [ {password: p} ] }", []string{`1:25: User entry requires a user`}},
	{"spec 02 #72", "authorization { users: [ {nkey: U} ] }", []string{`1:26: Not a valid public nkey for a user`}},
	{"spec 02 #72", "authorization { users: [ {nkey: " + userKey + ", user: a} ] }", []string{`1:25: Nkey users do not take usernames or passwords`}},
	{"spec 02 #72", "authorization { users: [ {user: a}, {user: a} ] }", []string{`1:36: Duplicate user "a" detected`}},
	{"spec 02 #72", "authorization { users: [ {user: a} ] }\naccounts { A { users: [ {user: a} ] } }", []string{`2:25: Duplicate user "a" detected`}},
	{"spec 02 #72", "accounts { A { users: [ {nkey: " + userKey + "}, {nkey: " + userKey + "} ] } }",
		[]string{`1:90: Duplicate nkey "` + userKey + `" detected`}},
	{"", "authorization { users: [ {user: a, clients: [ foo, MQTT ]} ] }", []string{`1:35: invalid connection types ["FOO"]`}},

	{"spec 02 #73", "authorization { users: [ {user: a, permissions: { publish: \"a q\", subscribe: \"a q\" } } ] }",
		[]string{`1:50: subject "a q" is not a valid subject`}},
	{"", "authorization { users: [ {user: a, permissions: { pub: { alow: x } } } ] }",
		[]string{`1:57: Unknown field name "alow" parsing subject permissions, only 'allow' or 'deny' are permitted`}},
	{"", "authorization { users: [ {user: a, permissions: { foo: x } } ] }", []string{`1:50: Unknown field "foo" parsing permissions`}},
	{"", "authorization { users: [ {user: a, permissions: 5 } ] }", []string{`1:35: Expected permissions to be a map/struct, got 5`}},
	{"", "authorization { users: [ {user: a, permissions: { pub: 5 } } ] }",
		[]string{`1:50: Expected subject permissions to be a subject, or array of subjects, got int64`}},
	{"", "authorization { users: [ {user: a, permissions: { allow_responses: 5 } } ] }",
		[]string{`1:50: error parsing response permissions, expected a boolean or a map`}},
	{"", "authorization { users: [ {user: a, permissions: { allow_responses: {expires: 5} } } ] }",
		[]string{`1:68: error parsing expires, not a duration string`}},

	{"spec 02 #75", "accounts { \"$G\" {} }", []string{`1:12: "$G" is a Reserved Account`}},
	{"spec 02 #75", "accounts: [ A, A ]", []string{`1:15: Duplicate Account Entry: A`}},
	{"spec 02 #75", "accounts { A: 5 }", []string{`1:11: Expected map entries for accounts`}},
	{"", "accounts { A { nkey: X } }", []string{`1:15: Not a valid public nkey for an account: "X"`}},
	{"", "authorization { user: u }\naccounts { A { users: [ {user: a} ] } }", []string{`2:1: Can not have a single user/pass and accounts`}},
	{"", "authorization { token: u }\naccounts { A { users: [ {user: a} ] } }", []string{`2:1: Can not have a token and accounts`}},
	{"", "accounts { A { limits { x: 1 } } }", []string{`1:24: Unknown field "x" parsing account limits`}},
	{"", "accounts { A { limits: 5 } }", []string{`1:15: Expected account limits to be a map/struct, got 5`}},
	{"", "accounts { A { jetstream: maybe } }", []string{`1:15: Expected 'enabled' or 'disabled' for string value, got 'maybe'`}},
	{"", "accounts { A { jetstream { max_mem: x } } }", []string{`1:27: Expected a parseable size for "max_mem", got x`}},
	{"", "accounts { A { jetstream { cluster_traffic: x } } }", []string{`1:27: Expected 'system' or 'owner' string value for "cluster_traffic", got x`}},
	{"", "accounts { A { msg_trace { dest: a, sampling: 101 } } }",
		[]string{`1:36: Ttrace destination sampling value 101 is invalid, needs to be [1..100]`}},
	{"", "accounts { A { msg_trace { dest: \"a.*\" } } }", []string{`1:27: Trace destination "a.*" is not valid`}},
	{"", "accounts { A { trace_dest { x: 1 } } }", []string{`1:28: Unknown field "x" parsing account message trace map/struct "trace_dest"`}},
	{"", "accounts { A { msg_trace { sampling: 10 } } }", []string{`1:15: Trace destination sampling ignored since no destination was set`}},

	{"spec 02 #76", "accounts { A { imports: [ {stream: {account: X, subject: a}} ] } }", []string{`1:0: "X" account not defined for stream import`}},
	{"spec 02 #76", "accounts { A { exports: [ {service: s, accounts: [ X ]} ] } }", []string{`1:0: "X" account not defined for service export`}},
	{"spec 02 #76", "accounts { A { imports: [ {service: {account: B, subject: a}} ] }, B {} }",
		[]string{`1:0: Error adding service import "a": service import not authorized`}},
	{"spec 02 #76", "accounts { A { imports: [ {stream: {account: B, subject: a.b}} ] }, B { exports: [ {stream: \"a.*\", accounts: [ B ]} ] } }",
		[]string{`1:0: Error adding stream import "a.b": stream import not authorized`}},
	{"", "accounts { A { imports: [ {service: {account: B, subject: a}}, {service: {account: B, subject: b}, to: a} ] }, B { exports: [ {service: \">\"} ] } }",
		[]string{`1:0: Duplicate service import subject "a", previously used in import for account "B", subject "a"`}},
	{"", "accounts { A { exports: 5 } }", []string{`1:15: Exports should be an array, got int64`}},
	{"", "accounts { A { imports: 5 } }", []string{`1:15: Imports should be an array, got int64`}},
	{"", "accounts { A { exports: [ a ] } }", []string{`1:26: Export Items should be a map with type entry, got string`}},
	{"", "accounts { A { imports: [ {stream: a} ] } }", []string{`1:27: Stream entry should be an account map, got string`}},
	{"", "accounts { A { imports: [ {service: {account: A}} ] } }", []string{`1:27: Expect an account name and a subject`}},
	{"", "accounts { A { exports: [ {stream: a, response: stream} ] } }", []string{`1:38: Detected response directive on non-service`}},
	{"", "accounts { A { exports: [ {stream: a, service: b} ] } }", []string{`1:38: Detected service "b" but already saw a stream`}},
	{"", "accounts { A { exports: [ {service: a, response: xx} ] } }", []string{`1:39: Unknown response type: "xx"`}},
	{"", "accounts { A { exports: [ {service: a, latency: {sampling: 101, subject: x}} ] } }", []string{`1:49: bad sampling percentage, should be 1-100`}},
	{"", "accounts { A { exports: [ {service: a, latency: {sampling: 1}} ] } }", []string{`1:39: Latency subject required, but missing`}},

	{"spec 02 #77", "mappings { a: {dest: b} }", []string{`1:11: Missing weight for mapping destination "b"`}},
	{"spec 02 #77", "mappings { a: {dest: b, weight: 101} }", []string{`1:24: Invalid weight 101 for mapping destination`}},
	{"spec 02 #77", "mappings { a: {dest: b, weight: 10x} }", []string{`1:24: Invalid weight "10x" for mapping destination`}},
	{"spec 02 #77", "mappings { a: [ {dest: b, weight: 60}, {dest: c, weight: 60} ] }",
		[]string{`1:11: Error adding mapping for "a" : total weight needs to be <= 100`}},
	{"", "mappings { a..b: c }", []string{`1:11: Subject "a..b" is not a valid subject`}},
	{"", "mappings { a: {dest: b, weight: 1, foo: 1} }", []string{`1:35: Unknown field "foo" for mapping destination`}},

	{"spec 02 #78", "cluster { authorization { users: [ {user: a} ] } }", []string{`1:26: Cluster authorization does not allow multiple users`}},
	{"spec 02 #78", "cluster { authorization { token: t } }", []string{`1:26: Cluster authorization does not support tokens`}},
	{"spec 02 #78", "cluster { authorization { auth_callout: {} } }", []string{`1:26: Cluster authorization does not support callouts`}},
	{"spec 02 #78", "cluster { authorization { permissions: {} } }",
		[]string{`1:26: invalid use of field "permissions": setting "permissions" within cluster authorization block is deprecated`}},
	{"", "cluster: 5", []string{`1:0: Expected map to define cluster, got int64`}},
	{"", `cluster { name: "a b" }`, []string{`1:10: cluster name cannot contain spaces`}},
	{"", "cluster { name: _ }", []string{`1:10: cluster name is reserved`}},
	{"", "cluster { permissions { allow_responses: true } }", []string{`1:10: Cluster permissions do not support dynamic responses`}},
	{"", "cluster { ping_interval: 1m0s }", []string{`1:10: Cluster 'ping_interval' will reset to 30s which is the max for routes`}},
	{"", `cluster { routes: [ "nats://a:b:c" ] }`, []string{`1:21: error parsing route url ["nats://a:b:c"]`}},
	{"", "cluster { compression: 5 }", []string{`1:10: field "compression" should be a boolean or a structure, got int64`}},
	{"", `gateway { name: "a b" }`, []string{`1:10: gateway name cannot contain spaces`}},
	{"", "gateway: 5", []string{`1:0: Expected gateway to be a map, got int64`}},
	{"", "gateway { gateways: 5 }", []string{`1:10: Expected gateways field to be an array, got int64`}},
	{"", "gateway { gateways: [ 5 ] }", []string{`1:22: Expected gateway entry to be a map/struct, got 5`}},

	{"spec 02 #80", `leafnodes { remotes: [ {url: "nats://u:p@a"}, {urls: [ "nats://u:p@a:7422" ]} ] }`,
		[]string{`1:46: duplicate remote urls=["nats://u:xxxxx@a:7422"], account="$G"`}},
	{"", "leafnodes { remotes: 5 }", []string{`1:12: Expected remotes field to be an array, got int64`}},
	{"", "leafnodes { remotes: [ {url: 5} ] }", []string{`1:24: Expected remote leafnode url to be an array or string, got 5`}},
	{"", "leafnodes { min_version: 2.7.9 }", []string{`1:12: the minimum version should be at least 2.8.0`}},
	{"", "leafnodes { authorization { user: a, users: [] } }", []string{`1:12: can not have a single user/pass and a users array`}},
	{"", "leafnodes { authorization { users: [ {user: a}, {user: a} ] } }", []string{`1:48: duplicate user "a" detected in leafnode authorization`}},
	{"", `leafnodes { remotes: [ {url: "nats://a", proxy: {url: "ftp://h"}} ] }`, []string{`1:41: proxy URL scheme must be http or https, got: ftp`}},
	{"", `leafnodes { remotes: [ {url: "nats://a", proxy: {url: "https://h", tls: {verify: true}}} ] }`,
		[]string{`1:73: "verify" is not supported for proxy TLS`}},
	{"", "websocket: 5", []string{`1:0: Expected websocket to be a map, got int64`}},
	{"", "websocket { headers: 5 }", []string{`1:12: error parsing headers: unsupported type int64`}},
	{"", "mqtt { max_inflight: 65536 }", []string{`1:7: invalid value 65536, should in [0..65535] range`}},
	{"", "mqtt { consumer_replicas: 3 }", []string{`1:7: invalid use of field "consumer_replicas": consumer replicas setting ignored in this server version`}},

	{"spec 02 #83", "jetstream { store_dir: a }\nstore_dir: b", []string{`2:1: Duplicate 'store_dir' configuration`}},
	{"spec 02 #84", `jetstream { max_file_store: "2X" }`, []string{`1:12: max_file_store sizes defined as strings must end in K, M, G, T`}},
	{"spec 02 #84", "jetstream { max_mem: yes }", []string{`1:12: max_mem must be int64 or string`}},
	{"", "jetstream: [ 1 ]", []string{`1:0: Expected map, bool or string to define JetStream, got []interface {}`}},
	{"", "jetstream: maybe", []string{`1:0: Expected 'enabled' or 'disabled' for string value, got 'maybe'`}},
	{"", "jetstream { cipher: rot13 }", []string{`1:12: Unknown cipher type: "rot13"`}},
	{"", "jetstream { limits: 5 }", []string{`1:12: Expected a map to define JetStreamLimits, got int64`}},
	{"", "jetstream { max_concurrent_io: 3 }", []string{`1:12: Expected an absolute size for "max_concurrent_io" between 4 and 8192, got 3`}},

	{"spec 02 #87", "resolver: nowhere", []string{`1:0: error parsing account resolver, should be MEM or  URL("url") or a map containing dir and type state=[FULL|CACHE])`}},
	{"spec 02 #87", "resolver: 5", []string{`1:0: error parsing operator resolver, wrong type int64`}},
	{"spec 02 #87", "resolver { type: full }", []string{`1:0: dir has no value and needs to point to a directory`}},
	{"spec 02 #87", "resolver { type: full, dir: d, ttl: 1s }", []string{`1:0: FULL does not accept ttl`}},
	{"spec 02 #87", "resolver { type: full, dir: d, hard_delete: true }", []string{`1:0: hard_delete has no effect without delete`}},
	{"spec 02 #87", "resolver { type: cache, dir: d, interval: 1s, allow_delete: true, hard_delete: true }", []string{
		`1:0: CACHE does not accept sync`, `1:0: CACHE does not accept allow_delete`, `1:0: CACHE does not accept hard_delete`}},
	{"", "trusted: [ x ]", []string{`1:0: trust key "x" required to be a valid public operator nkey`}},
	{"", "resolver_preload: x", []string{`1:0: preload should be a map of account_public_key:account_jwt`}},

	{"", "ocsp: sometimes", []string{`1:0: error parsing ocsp config: unsupported type string`}},
	{"", "ocsp { mode: sometimes }", []string{`1:7: error parsing ocsp config: unsupported ocsp mode string`}},
	{"", "ocsp_cache { x: 1 }", []string{`1:13: error parsing OCSP peer cache config, unknown field ["x"]`}},

	{"", "auth: { driver: a }", []string{`1:0: expected auth to be a list of blocks, got map[string]interface {}`}},
	{"", "auth: [ {timeout: 1s} ]", []string{`1:8: an authenticator is named by exactly one of driver, process and wasm`}},
	{"", "auth: [ {driver: a, wasm: b} ]", []string{`1:8: an authenticator is named by exactly one of driver, process and wasm`}},
	{"", "cache_memory: -1", []string{`1:0: cache_memory can not be negative`}},
}

// refusalsOf checks the refusals of one line of the checklist.
func refusalsOf(t *testing.T, spec string) {
	t.Helper()
	found := false
	for _, r := range refusals {
		if r.spec == spec {
			found = true
			want := make([]string, len(r.want))
			for i, line := range r.want {
				want[i] = "c.conf:" + line
			}
			checkLines(t, r.text, want...)
		}
	}
	if !found {
		t.Errorf("no refusal belongs to %q", spec)
	}
}

func TestRefusals(t *testing.T) {
	t.Run("others", func(t *testing.T) { refusalsOf(t, "") })
	t.Run("spec 02 #62", func(t *testing.T) {
		refusalsOf(t, "spec 02 #62")
		if got := valid(t, "max_sub_tokens: 255").Limits.MaxSubscriptionTokens; got != 255 {
			t.Errorf("got %d", got)
		}
	})
	t.Run("spec 02 #72", func(t *testing.T) { refusalsOf(t, "spec 02 #72") })
	t.Run("spec 02 #76", func(t *testing.T) { refusalsOf(t, "spec 02 #76") })
}

func TestBlocks(t *testing.T) {
	t.Run("spec 02 #60", func(t *testing.T) {
		for written, want := range map[string]string{
			"5222": "0.0.0.0:5222", `":5223"`: "0.0.0.0:5223", "127.0.0.1:5224": "127.0.0.1:5224",
			`"[::1]:5225"`: "[::1]:5225", "localhost:-1": "localhost:-1",
		} {
			if got := valid(t, "listen: "+written).Client.Address(); got != want {
				t.Errorf("listen: %s is %s, want %s", written, got, want)
			}
		}
		if got := valid(t, "port: 1, listen: 127.0.0.1:2").Client.Address(); got != "127.0.0.1:1" {
			t.Errorf("an explicit port does not win: %s", got)
		}
		refusalsOf(t, "spec 02 #60")
	})
	t.Run("spec 02 #63", func(t *testing.T) {
		got := valid(t, `server_tags: [ "Region:EU ", region:eu, AZ:1, "" ]`).Identity.Tags
		if want := []string{"region:eu", "az:1"}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
	t.Run("spec 02 #66", func(t *testing.T) {
		for text, want := range map[string]time.Duration{
			"port: 1":                             2 * time.Second,
			"tls {}":                              3 * time.Second,
			"tls { timeout: 4 }":                  5 * time.Second,
			"authorization { timeout: 0.5 }":      500 * time.Millisecond,
			"authorization { timeout: 7s }":       7 * time.Second,
			"tls {}, authorization { timeout: 1}": time.Second,
		} {
			if got := valid(t, text).AuthTimeout(); got != want {
				t.Errorf("%s: %v, want %v", text, got, want)
			}
		}
	})
	t.Run("spec 02 #73", func(t *testing.T) {
		o := valid(t, `authorization { users: [ {user: a, permissions: { publish: "a.>", subscribe: [ "b q.*", c ] }} ] }`)
		want := &auth.Permissions{
			Publish:   auth.Subjects{Allow: []string{"a.>"}},
			Subscribe: auth.Subjects{Allow: []string{"b q.*", "c"}},
		}
		if got := o.Authorization.Users[0].Permissions; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v", got)
		}
		refusalsOf(t, "spec 02 #73")
	})
	t.Run("spec 02 #74", func(t *testing.T) {
		p := valid(t, "authorization { default_permissions: { allow_responses: true } }").DefaultPermissions()
		if p.Responses == nil || *p.Responses != (auth.Responses{Max: 1, Expires: 2 * time.Minute}) || p.Publish.Allow == nil || len(p.Publish.Allow) != 0 {
			t.Errorf("got %+v", p)
		}
		p = valid(t, "authorization { default_permissions: { publish: a, allow_responses: { max: 5, ttl: 1m0s } } }").DefaultPermissions()
		if *p.Responses != (auth.Responses{Max: 5, Expires: time.Minute}) || !slices.Equal(p.Publish.Allow, []string{"a"}) {
			t.Errorf("got %+v", p)
		}
	})
	t.Run("spec 02 #75", func(t *testing.T) {
		refusalsOf(t, "spec 02 #75")
		o := valid(t, "accounts { LIMIT = 5, A { limits { max_conn: $LIMIT } }, B {} }")
		if len(o.Accounts) != 2 || o.Account("A").Limits.MaxConnections != 5 || o.Account("LIMIT") != nil {
			t.Errorf("got %v", o.Accounts)
		}
		if o := valid(t, "accounts: [ A, B ]"); len(o.Accounts) != 2 || o.Accounts[1].Name != "B" {
			t.Errorf("got %v", o.Accounts)
		}
	})
	t.Run("spec 02 #77", func(t *testing.T) {
		refusalsOf(t, "spec 02 #77")
		m := valid(t, `mappings { a: b, c: [ {destination: d, weight: "70%"}, {dest: e, weight: 30}, {dest: f, weight: 100, cluster: x} ] }`).Mappings
		var got []string
		for _, mapping := range m {
			for _, d := range mapping.Destinations {
				got = append(got, fmt.Sprint(mapping.Source, ">", d.Subject, " ", d.Weight, " ", d.Cluster))
			}
		}
		if want := []string{"a>b 100 ", "c>d 70 ", "c>e 30 ", "c>f 100 x"}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
	t.Run("spec 02 #78", func(t *testing.T) { refusalsOf(t, "spec 02 #78") })
	t.Run("spec 02 #80", func(t *testing.T) {
		r := valid(t, `leafnodes { remotes: [ {url: "nats-leaf://h"} ] }`).LeafNodes.Remotes[0]
		if r.URLs[0].Host != "h:7422" || r.Account != "$G" {
			t.Errorf("got %v", r)
		}
		refusalsOf(t, "spec 02 #80")
	})
	t.Run("spec 02 #83", func(t *testing.T) {
		for text, want := range map[string]bool{
			"jetstream {}": true, "jetstream: true": true, "jetstream: Enabled": true, "jetstream { enabled: false }": false,
			"jetstream: disabled": false, "jetstream: false": false,
		} {
			if got := valid(t, text).JetStream.Enabled; got != want {
				t.Errorf("%s: %v", text, got)
			}
		}
		refusalsOf(t, "spec 02 #83")
	})
	t.Run("spec 02 #84", func(t *testing.T) {
		for _, written := range []string{`"2G"`, "2gb", "2GiB"} {
			if got := valid(t, "jetstream { max_file_store: "+written+" }").JetStream.MaxFile; got != 2<<30 {
				t.Errorf("%s is %d", written, got)
			}
		}
		refusalsOf(t, "spec 02 #84")
	})
	t.Run("spec 02 #87", func(t *testing.T) {
		for text, want := range map[string]Resolver{
			"resolver: MEM":                                 {Type: ResolverMemory},
			"resolver: memory":                              {Type: ResolverMemory},
			`resolver: URL("http://h/jwt/")`:                {Type: ResolverURL, URL: "http://h/jwt/"},
			"resolver: url(http://h)":                       {Type: ResolverURL, URL: "http://h"},
			"resolver { type: mem }":                        {Type: ResolverMemory},
			"resolver { type: FULL, dir: d, interval: 2s }": {Type: ResolverFull, Dir: "d", Interval: 2 * time.Second},
			"resolver { type: cache, dir: d, ttl: 1s }":     {Type: ResolverCache, Dir: "d", TTL: time.Second},
		} {
			if got := valid(t, strings.Replace(text, `URL("http://h/jwt/")`, `'URL("http://h/jwt/")'`, 1)).Operator.Resolver; *got != want {
				t.Errorf("%s: %+v", text, *got)
			}
		}
		refusalsOf(t, "spec 02 #87")
	})
}

func TestCompressionSpellings(t *testing.T) {
	for written, want := range map[string][2]CompressionMode{
		"true": {CompressionFast, CompressionAuto}, "on": {CompressionFast, CompressionAuto}, "Enabled": {CompressionFast, CompressionAuto},
		"false": {CompressionOff, CompressionOff}, "disabled": {CompressionOff, CompressionOff},
		"ACCEPT": {CompressionAccept, CompressionAccept}, "fast": {CompressionFast, CompressionFast},
		"s2_better": {CompressionBetter, CompressionBetter}, "best": {CompressionBest, CompressionBest}, "auto": {CompressionAuto, CompressionAuto},
	} {
		o := valid(t, "cluster { compression: "+written+" }\nleafnodes { compression: "+written+" }")
		if got := [2]CompressionMode{o.Cluster.Compression.Mode, o.LeafNodes.Compression.Mode}; got != want {
			t.Errorf("%s: %v", written, got)
		}
	}
	o := valid(t, "cluster { compression { mode: s2_auto, rtt: [ 5ms, 10ms ] } }")
	if got := o.Cluster.Compression.Thresholds; !slices.Equal(got, []time.Duration{5 * time.Millisecond, 10 * time.Millisecond}) {
		t.Errorf("got %v", got)
	}
}

func TestUserTerms(t *testing.T) {
	o := valid(t, `authorization { users: [ {user: a, source_networks: [ "10.0.0.0/8" ], times: [ {start: "08:00:00", end: "17:00:00"} ], times_location: UTC, clients: mqtt} ] }`)
	u := o.Authorization.Users[0]
	if len(u.Sources) != 1 || len(u.Times) != 1 || u.Location != time.UTC || !slices.Equal(u.ConnectionTypes, []auth.ConnectionType{auth.MQTT}) {
		t.Errorf("got %+v", u.Restrictions)
	}
}

func TestAuthenticators(t *testing.T) {
	o := valid(t, `auth: [ {driver: nkey}, {process: "./ldap", config: {url: "ldaps://h"}, accounts: A}, {wasm: "geo.wasm", timeout: 50ms} ]`)
	if len(o.Auth) != 3 || o.Auth[0].Driver != "nkey" || o.Auth[0].Config != nil {
		t.Fatalf("got %v", o.Auth)
	}
	ldap := o.Auth[1]
	if ldap.Process != "./ldap" || !slices.Equal(ldap.Accounts, []string{"A"}) || ldap.Config.Fields[0].Key != "url" || ldap.Config.Fields[0].Pos.IsZero() {
		t.Errorf("got %+v", ldap)
	}
	if o.Auth[2].Timeout != 50*time.Millisecond {
		t.Errorf("got %+v", o.Auth[2])
	}
}
