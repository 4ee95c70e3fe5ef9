package config

import (
	"fmt"
	"reflect"

	"github.com/trellismq/trellis/sdk/option"
)

// The parts of a server that a program may have been built without.
const (
	FeatureTLS            = "tls"
	FeatureProxyProtocol  = "proxy_protocol"
	FeatureTrustedProxies = "trusted proxies"
	FeatureMonitoring     = "monitoring"
	FeatureProfiling      = "profiling"
	FeatureLogRotation    = "log rotation"
	FeatureSyslog         = "logging to syslog"
	FeaturePIDFile        = "pid_file"
	FeaturePortsFile      = "ports_file_dir"
	FeatureSystemAccount  = "system account"
	FeatureAuthCallout    = "auth_callout"
	FeatureExports        = "account exports"
	FeatureImports        = "account imports"
	FeatureMappings       = "mappings"
	FeatureMessageTrace   = "msg_trace"
	FeatureOperator       = "operator"
	FeatureJetStream      = "jetstream"
	FeatureCluster        = "cluster"
	FeatureGateway        = "gateway"
	FeatureLeafNodes      = "leafnodes"
	FeatureWebSocket      = "websocket"
	FeatureMQTT           = "mqtt"
	FeatureOCSP           = "ocsp"
	FeatureProcessDrivers = "drivers as processes"
	FeatureWASMDrivers    = "drivers as WASM modules"
	FeatureStorageDrivers = "storage"
	FeatureTransforms     = "transforms"
)

// Feature is a part of the server that a configuration asks for.
type Feature struct {
	// Name is one of the Feature constants.
	Name string
	// Option that asks for it, and where; the zero Position means a flag.
	Option string
	Pos    option.Position
}

// String says who asks for the feature: file:line:column: option "x".
func (f Feature) String() string {
	text := fmt.Sprintf("option %q", f.Option)
	if !f.Pos.IsZero() {
		text = f.Pos.String() + ": " + text
	}
	return text
}

// Features returns what the options ask for, in the order of the option table,
// each option by itself: a feature occurs as often as options ask for it.
func (o *Options) Features() []Feature {
	features := ask(root(), o, o.Written, option.Position{})
	if a := o.Authorization; a != nil {
		features = append(features, ask(authorizationSchema, a, a.Written, o.Pos("authorization"))...)
	}
	for _, a := range o.Accounts {
		features = append(features, ask(accountSchema, a, a.Written, a.Pos)...)
	}
	for _, a := range o.Auth {
		features = append(features, ask(authenticatorSchema, a, nil, a.Pos)...)
	}
	if o.Client.TLS != nil {
		features = append(features, ask(serverTLS, o.Client.TLS, nil, o.Pos("tls"))...)
	}
	return features
}

// ask returns the features that the options of one block ask for. at is used for
// options of which written knows no position.
func ask[T any](schema *option.Schema[T], t *T, written *option.Settings, at option.Position) []Feature {
	var features []Feature
	schema.Each(t, func(o *option.Option, value any) {
		if o.Feature == "" || !asks(value) {
			return
		}
		f := Feature{Name: o.Feature, Option: o.Name, Pos: at}
		if source := writtenFor(o, written); source != nil {
			f.Option, f.Pos = source.Name, written.PosOf(source.Name)
		}
		features = append(features, f)
	})
	return features
}

// writtenFor returns the option that was written to fill the member of o: o
// itself, or one that spreads over several members, as http does over http_port.
func writtenFor(o *option.Option, written *option.Settings) *option.Option {
	if written == nil {
		return nil
	}
	if written.Has(o.Name) {
		return o
	}
	for _, other := range written.Table().Options() {
		if other.Feature == o.Feature && written.Has(other.Name) {
			return other
		}
	}
	return nil
}

// asks reports whether a value switches something on.
func asks(value any) bool {
	switch v := value.(type) {
	case *JetStream:
		return v != nil && v.Enabled
	case Stapling:
		return v.Mode != "" && v.Mode != OCSPNever
	case *OCSPCache:
		return v != nil && v.Type != "none"
	}
	v := reflect.ValueOf(value)
	if v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
		return v.Len() > 0
	}
	return !v.IsZero()
}
