package config

import (
	"slices"
	"testing"
)

func TestFeatures(t *testing.T) {
	for text, want := range map[string][]string{
		"port: 1, authorization { user: u }, accounts { A {} }": nil,
		"cluster { port: 1 }":                  {`cluster: c.conf:1:0: option "cluster"`},
		"jetstream {}":                         {`jetstream: c.conf:1:0: option "jetstream"`},
		"jetstream: false":                     nil,
		"jetstream { enabled: no }":            nil,
		"gateway { name: a }":                  {`gateway: c.conf:1:0: option "gateway"`},
		"leaf {}":                              {`leafnodes: c.conf:1:0: option "leafnodes"`},
		"ws {}, mqtt {}":                       {`websocket: c.conf:1:0: option "websocket"`, `mqtt: c.conf:1:7: option "mqtt"`},
		"operator: a":                          {`operator: c.conf:1:0: option "operator"`},
		"tls {}":                               {`tls: c.conf:1:0: option "tls"`},
		"tls { ocsp_peer: true }":              {`tls: c.conf:1:0: option "tls"`, `ocsp: c.conf:1:0: option "ocsp_peer"`},
		"\nhttp: 8222":                         {`monitoring: c.conf:2:1: option "http"`},
		"\nhttp_port: 8222":                    {`monitoring: c.conf:2:1: option "http_port"`},
		"syslog: true":                         {`logging to syslog: c.conf:1:0: option "syslog"`},
		"syslog: false":                        nil,
		"log_file: a":                          nil,
		"pid_file: a":                          {`pid_file: c.conf:1:0: option "pid_file"`},
		"proxy_protocol: true":                 {`proxy_protocol: c.conf:1:0: option "proxy_protocol"`},
		"ocsp: false":                          nil,
		"ocsp: true":                           {`ocsp: c.conf:1:0: option "ocsp"`},
		"accounts { A { mappings { a: b } } }": {`mappings: c.conf:1:15: option "mappings"`},
		"accounts {\n A { exports: [ {stream: a} ] }\n B { imports: [ {stream: {account: A, subject: a}} ] } }": {
			`account exports: c.conf:2:6: option "exports"`, `account imports: c.conf:3:6: option "imports"`},
		"accounts { A { jetstream: enabled, msg_trace: a } }": {
			`jetstream: c.conf:1:15: option "jetstream"`, `msg_trace: c.conf:1:35: option "msg_trace"`},
		"authorization { auth_callout { issuer: " + accountKey + ", auth_users: [ u ] } }": {`auth_callout: c.conf:1:16: option "auth_callout"`},
		"auth: [ {driver: a}, {process: b}, {wasm: c} ]": {
			`drivers as processes: c.conf:1:21: option "process"`, `drivers as WASM modules: c.conf:1:35: option "wasm"`},
		"storage {}": {`storage: c.conf:1:0: option "storage"`},
		"storage { default: a }, transforms: [ {name: a} ]": {
			`storage: c.conf:1:0: option "storage"`, `transforms: c.conf:1:24: option "transforms"`},
	} {
		var got []string
		for _, f := range valid(t, text).Features() {
			got = append(got, f.Name+": "+f.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
	}
	var got []string
	for _, f := range overridden(t, "", "-js", "-m", "8222", "-P", "f").Features() {
		got = append(got, f.Name+": "+f.String())
	}
	want := []string{`monitoring: option "http_port"`, `pid_file: option "pid_file"`, `jetstream: option "jetstream"`}
	if !slices.Equal(got, want) {
		t.Errorf("flags ask for %q", got)
	}
}
