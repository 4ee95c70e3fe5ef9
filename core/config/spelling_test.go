package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/trellismq/trellis/sdk/option"
)

const (
	accountKey  = "AAGZIBJ7FRXCEHHHIQ7IBCTXFKGZSB6JRO3MYGK4IHOKSCPAFKZXLHOX"
	userKey     = "UCNGL4W5QX66CFX6A6DCBVDH5VOHMI7B2UZZU7TXAUQQSI2JPHULCKBR"
	operatorKey = "OC7QJMKQTDLMLF2S2VVZLTVUWDFTSYCTGV3BDDPS6A75CC66FWQM4KWC"
	curveKey    = "XDQPHEKNYD4ZW6V5ASDGWJMLXNSU4XLB5BHUUUQDIOTGX5666KWQCWIT"
)

// spelled lists the options of the reference (docs/compatibility/02, options
// reference) by block: all names of an option, and a value it accepts. %s stands
// for the fields of the block.
var spelled = []struct {
	block  string
	fields string
}{
	{"%s", `
		listen = 127.0.0.1:4222
		host/net = 127.0.0.1
		port = 4222
		client_advertise = "h:1"
		tls = {}
		allow_non_tls = true
		proxy_protocol = true
		server_name = n
		server_tags = [ a ]
		server_metadata = { a: b }
		feature_flags = { a: true }
		max_connections/max_conn = 1k
		max_subscriptions/max_subs = 1
		max_subscription_tokens/max_sub_tokens = 255
		max_control_line = 4Ki
		max_payload = 1MB
		max_pending = 64MB
		max_closed_clients = 1
		ping_interval = 10s
		ping_max = 3
		write_deadline = 3s
		write_timeout = close
		no_fast_producer_stall = true
		no_header_support = true
		disable_sublist_cache/no_sublist_cache = true
		cache_memory = 1MB
		connect_error_reports = 1
		reconnect_error_reports = 1
		lame_duck_duration = 30s
		lame_duck_grace_period = 1s
		http = 127.0.0.1:8222
		https = 127.0.0.1:8222
		http_port/monitor_port = 8222
		https_port = 8222
		http_base_path = /nats
		prof_port = 6060
		prof_block_rate = 1
		debug = true
		trace = true
		trace_verbose = true
		trace_headers = true
		logtime = false
		logtime_utc = true
		log_file/logfile = f
		log_size_limit/logfile_size_limit = 1MB
		log_max_num/logfile_max_num = 5
		syslog = true
		remote_syslog = "udp://h:1"
		max_traced_msg_len = 10
		pid_file/pidfile = f
		ports_file_dir = d
		authorization = {}
		accounts = {}
		mappings/maps = { a: b }
		system_account/system = S
		no_system_account/no_system/no_sys_acc = true
		no_auth_user = u
		proxies = {}
		operator/operators/root/roots/root_operator/root_operators = f.jwt
		trusted_keys/trusted = OPERATOR
		resolver/account_resolver/accounts_resolver = MEMORY
		resolver_tls = {}
		resolver_preload = { A: jwt }
		resolver_pinned_accounts = [ A ]
		default_sentinel = jwt
		auth = []
		storage = {}
		transforms = []
		jetstream = {}
		store_dir/storedir = d
		default_js_domain = { A: d }
		cluster = {}
		gateway = {}
		leafnodes/leaf = {}
		websocket/ws = {}
		mqtt = {}
		ocsp = true
		ocsp_cache = true`},
	{"authorization { %s }", `
		user/username = u
		password/pass = p
		token = t
		timeout = 1.5
		users = []
		default_permissions/default_permission/permissions = { publish: a }
		auth_callout/auth_hook = { issuer: ACCOUNT, auth_users: [ u ] }
		proxy_required = true`},
	{"authorization { auth_callout { issuer: ACCOUNT, auth_users: [ u ], %s } }", `
		issuer = ACCOUNT
		account/acc = A
		auth_users/users = [ u ]
		xkey/key = CURVE
		allowed_accounts = [ "$G" ]`},
	{"authorization { users: [ { user: u, %s } ] }", `
		user/username = u
		password/pass = p
		permissions/permission/authorization = { subscribe: "a q" }
		allowed_connection_types/connection_types/clients = [ standard ]
		source_networks/src = "10.0.0.0/8"
		times = [ { start: "08:00:00", end: "17:00:00" } ]
		times_location = UTC
		proxy_required = true`},
	{"authorization { users: [ { %s } ] }", `
		nkey = USER`},
	{"accounts { A { %s } }", `
		nkey = ACCOUNT
		users = []
		default_permissions = { publish: a }
		exports = []
		imports = []
		mappings/maps = { a: b }
		limits = {}
		jetstream = enabled
		msg_trace/trace_dest = a.b`},
	{"accounts { A { exports: [ { service: a, %s } ] } }", `
		service = a
		accounts = [ A ]
		account_token_position = 0
		response/response_type = chunked
		threshold/response_threshold/response_max_time/response_time = 1s
		latency = { subject: l, sampling: "50%" }
		allow_trace = true`},
	{"accounts { A { exports: [ { %s } ] } }", `
		stream = a`},
	{"accounts { A { exports: [ {service: a}, {stream: a} ] }, B { imports: [ { %s } ] } }", `
		stream = { account: A, subject: a }
		service = { account: A, subject: a }`},
	{"accounts { A { exports: [ {stream: a} ] }, B { imports: [ { stream: { account: A, subject: a }, %s } ] } }", `
		prefix = p
		to = t
		share = true
		allow_trace = true`},
	{"mappings { a: { dest: b, weight: 1, %s } }", `
		destination/dest = b
		weight = "10%"
		cluster = c`},
	{"accounts { A { limits { %s } } }", `
		max_connections/max_conn = 1
		max_subscriptions/max_subs = 1
		max_payload/max_pay = 1
		max_leafnodes/max_leafs = 1`},
	{"accounts { A { jetstream { %s } } }", `
		max_memory/max_mem/mem/memory = 1G
		max_store/max_file/max_disk/store/disk = "1G"
		max_streams/streams = 1
		max_consumers/consumers = 1
		max_bytes_required/max_stream_bytes/max_bytes = true
		mem_max_stream_bytes/memory_max_stream_bytes = 1
		disk_max_stream_bytes/store_max_stream_bytes = 1
		max_ack_pending = 1
		cluster_traffic = owner`},
	{"tls { %s }", `
		certs/certificates = []
		verify = true
		verify_and_map = true
		insecure = true
		pinned_certs = []
		handshake_first/first/immediate = auto
		timeout = 3
		connection_rate_limit = 1
		cipher_suites = [ TLS_AES_128_GCM_SHA256 ]
		allow_insecure_cipher_suites = true
		curve_preferences = [ CurveP256 ]
		min_version = "1.3"
		ocsp_peer = true
		cert_match_by = subject
		cert_match = a
		cert_match_skip_invalid = true
		ca_certs_match = [ a ]`},
	{"cluster { tls { %s } }", `
		verify_cert_and_check_known_urls = true`},
	{"cluster { %s }", `
		name = c
		listen = 127.0.0.1:6222
		host/net = h
		port = 6222
		routes = [ "nats://h:1" ]
		authorization = { user: u, password: p, timeout: 1 }
		permissions = { import: a, export: b }
		tls = {}
		cluster_advertise/advertise = h
		no_advertise = true
		connect_retries = 1
		connect_backoff = true
		pool_size = 5
		accounts = [ A ]
		compression = s2_auto
		ping_interval = 10s
		ping_max = 2
		write_deadline = 1s
		write_timeout = retry`},
	{"gateway { %s }", `
		name = g
		listen = 127.0.0.1:7222
		host/net = h
		port = 7222
		authorization = { user: u, password: p }
		tls = {}
		advertise = h
		connect_retries = 1
		connect_backoff = true
		reject_unknown_cluster/reject_unknown = true
		write_deadline = 1s
		write_timeout = retry
		gateways = []`},
	{"gateway { gateways: [ { %s } ] }", `
		name = g
		url = "nats://h:1"
		urls = [ "nats://h:1" ]
		tls = {}`},
	{"leafnodes { %s }", `
		listen = 127.0.0.1:7422
		host/net = h
		port = 7422
		authorization = {}
		tls = {}
		leafnode_advertise/advertise = h
		no_advertise = true
		min_version/minimum_version = 2.9.0
		reconnect/reconnect_delay/reconnect_interval = 2s
		dial_timeout = 2s
		compression = off
		isolate_leafnode_interest/isolate = true
		write_deadline = 1s
		write_timeout = retry
		remotes = []`},
	{"leafnodes { authorization { %s } }", `
		user/username = u
		password/pass = p
		nkey = USER
		account = A
		timeout = 1
		proxy_required = true
		users = []`},
	{"leafnodes { authorization { users: [ { %s } ] } }", `
		user/username = u
		password/pass = p
		account = A
		proxy_required = true`},
	{"leafnodes { remotes: [ { %s } ] }", `
		urls/url = "nats://h"
		account/local = A
		credentials/creds = f
		nkey/seed = SUACYLT4DQB4WKR7LLCZPFXVBVQCNUHMNVUG3Q2CDI72DS6XKHS7NHIHSU
		tls = {}
		hub = true
		no_randomize/dont_randomize = true
		deny_imports/deny_import = a
		deny_exports/deny_export = [ a ]
		compression = on
		ws_compression/ws_compress/websocket_compress/websocket_compression = true
		ws_no_masking/websocket_no_masking = true
		jetstream_cluster_migrate/js_cluster_migrate = { leader_migrate_delay: 1s }
		isolate_leafnode_interest/isolate = true
		request_isolation = true
		first_info_timeout = 2s
		dial_timeout = 2s
		disabled = true
		ignore_discovered_servers = true
		proxy = { url: "http://h:1" }`},
	{"leafnodes { remotes: [ { proxy { url: \"https://h:1\", %s } } ] }", `
		url = "https://h:1"
		username = u, password: p
		password = p, username: u
		timeout = 1s
		tls = {}`},
	{"websocket { %s }", `
		listen = 127.0.0.1:443
		host/net = h
		port = 443
		advertise = h
		no_tls = true
		tls = {}
		same_origin = true
		allowed_origins/allowed_origin/allow_origins/allow_origin/origins/origin = [ "https://a" ]
		handshake_timeout = 4
		compression/compress = true
		authorization/authentication = { user: u, password: p, token: t, timeout: 0.5 }
		no_auth_user = u
		jwt_cookie = j
		user_cookie = u
		pass_cookie = p
		token_cookie = t
		headers = { A: b }
		ping_interval = 1m0s`},
	{"mqtt { %s }", `
		listen = 127.0.0.1:1883
		host/net = h
		port = 1883
		tls = {}
		authorization/authentication = {}
		no_auth_user = u
		ack_wait/ackwait = 10s
		js_api_timeout/api_timeout = 1s
		max_ack_pending/max_pending/max_inflight = 10
		js_domain = d
		stream_replicas = 1
		consumer_memory_storage = true
		consumer_inactive_threshold/consumer_auto_cleanup = 10s
		reject_qos2_publish = true
		downgrade_qos2_subscribe = true`},
	{"jetstream { %s }", `
		enabled/enable = true
		store_dir/storedir/store = d
		max_memory_store/max_mem_store/max_mem = 1GB
		max_file_store/max_file = "1G"
		domain = d
		key/ek/encryption_key = k
		prev_key/prev_ek/prev_encryption_key = k
		cipher = aes
		sync_interval/sync = always
		extension_hint = will_extend
		unique_tag = a
		strict = false
		max_outstanding_catchup = 1MB
		max_buffered_size = "1M"
		max_buffered_msgs = 1
		request_queue_limit = 1
		info_queue_limit = 1
		meta_compact = 1
		meta_compact_size = 1
		meta_compact_sync = true
		max_concurrent_io = 4
		limits = {}
		tpm = {}`},
	{"jetstream { limits { %s } }", `
		max_ack_pending = 1
		max_ha_assets = 1
		max_request_batch = 1
		duplicate_window = 1m0s
		default_max_consumers = -1
		batch = {}`},
	{"jetstream { limits { batch { %s } } }", `
		max_inflight_per_stream = 1
		max_inflight_total = 1
		max_msgs = 1
		timeout = 1s`},
	{"jetstream { tpm { %s } }", `
		keys_file = f
		encryption_password = p
		srk_password = p
		pcr = 1
		cipher = chachapoly`},
	{"ocsp_cache { %s }", `
		type = LOCAL
		local_store = d
		preserve_revoked = true
		save_interval = 10`},
	{"tls { ocsp_peer { %s } }", `
		verify = true
		ca_timeout = 1
		allowed_clockskew = 1.5
		warn_only = true
		unknown_is_good = true
		allow_when_ca_unreachable = true
		cache_ttl_when_next_update_unset = 1s`},
	{"proxies { trusted: [ { %s } ] }", `
		key/public_key = USER`},
	{"auth: [ { driver: d, %s } ]", `
		driver = d
		accounts = [ A ]
		timeout = 50ms
		config = { any: thing }`},
	{"auth: [ { %s } ]", `
		process = "./p"
		wasm = m.wasm`},
}

// mixed returns a name in a mixture of cases.
func mixed(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i%2 == 0 {
			b.WriteString(strings.ToUpper(string(r)))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func TestSpellings(t *testing.T) {
	keys := strings.NewReplacer("ACCOUNT", accountKey, "USER", userKey, "OPERATOR", operatorKey, "CURVE", curveKey)
	t.Run("spec 02 #58", func(t *testing.T) {
		for _, group := range spelled {
			for line := range strings.SplitSeq(strings.TrimSpace(group.fields), "\n") {
				names, value, _ := strings.Cut(strings.TrimSpace(line), " = ")
				for name := range strings.SplitSeq(names, "/") {
					for _, written := range []string{name, strings.ToUpper(name), mixed(name)} {
						field := keys.Replace(written + ": " + value)
						if written != name {
							field = written + ": " + keys.Replace(value)
						}
						valid(t, strings.Replace(keys.Replace(group.block), "%s", field, 1))
					}
				}
			}
		}
	})
	t.Run("every option is in the list", func(t *testing.T) {
		listed := make(map[string]bool)
		for _, group := range spelled {
			for line := range strings.SplitSeq(strings.TrimSpace(group.fields), "\n") {
				names, _, _ := strings.Cut(strings.TrimSpace(line), " = ")
				listed[names] = true
			}
		}
		// Options of which other tests show how they are written.
		elsewhere := []string{
			"cert_file", "key_file", "ca_file", "cert_store", "consumer_replicas",
			"account", "subject", "allow", "deny", "max", "expires", "start", "end", "trusted",
			"publish", "subscribe", "allow_responses", "username", "password", "users", "token", "auth_callout",
			"verify_cert_and_check_known_urls", "leader_migrate_delay",
			"type", "dir", "limit", "interval", "ttl", "timeout", "allow_delete", "hard_delete",
		}
		visit(Table(), func(o *option.Option) {
			if names := strings.Join(o.Names(), "/"); !listed[names] && !slices.Contains(elsewhere, o.Name) {
				t.Errorf("no test writes %s", names)
			}
			if o.Doc == "" && o.Type != "not supported" {
				t.Errorf("%s has no description", o.Name)
			}
		})
	})
}

// visit calls use with every option of a table and of the tables inside.
func visit(table *option.Table, use func(*option.Option)) {
	for _, o := range table.Options() {
		use(o)
		if o.Table != nil {
			visit(o.Table, use)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Run("spec 02 #59", func(t *testing.T) {
		for _, o := range []*Options{Default(), valid(t, "port: 0, host: \"\", max_payload: 0, max_pending: 0, ping_interval: \"0\", ping_max: 0, max_control_line: 0, write_deadline: \"0s\"")} {
			l := o.Limits
			got := fmt.Sprint(o.Client.Host, o.Client.Port, l.MaxPayload, l.MaxPending, l.PingInterval, l.PingMax,
				l.MaxConnections, l.MaxControlLine, l.WriteDeadline)
			if want := "0.0.0.04222 1048576 67108864 2m0s 2 65536 4096 10s"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		if l := valid(t, "max_connections: 0").Limits; l.MaxConnections != 0 {
			t.Errorf("max_connections: 0 is taken as %d", l.MaxConnections)
		}
	})
}
