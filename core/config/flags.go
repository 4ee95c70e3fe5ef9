package config

import (
	"slices"
	"strings"
	"sync"

	"github.com/trellismq/trellis/sdk/option"
)

// The headings of the usage text, in its order.
const (
	groupServer        = "Server Options"
	groupLogging       = "Logging Options"
	groupJetStream     = "JetStream Options"
	groupAuthorization = "Authorization Options"
	groupTLS           = "TLS Options"
	groupCluster       = "Cluster Options"
	groupProfiling     = "Profiling Options"
	groupCommon        = "Common Options"
)

var groups = []string{
	groupServer, groupLogging, groupJetStream, groupAuthorization,
	groupTLS, groupCluster, groupProfiling, groupCommon,
}

// Flag describes one flag of the command line.
type Flag struct {
	// Names without dashes; all of them mean the same.
	Names []string
	// Value is the placeholder for the value in the usage text, empty for a
	// boolean flag.
	Value string
	// Group is the heading in the usage text.
	Group string
	Doc   string
	// Option is the path of the file option that the flag overrides, empty when
	// there is none.
	Option string

	kind option.Kind
	// apply overrides options; nil for a flag about the command itself and for
	// those that are applied together.
	apply func(o *Options, v *option.Value) error
	// command notes a flag about the command itself.
	command func(c *CommandLine, v *option.Value)
	// hide blanks what is secret in the flag's value.
	hide func(value string) string
}

// IsBool reports whether the flag can stand without a value.
func (f *Flag) IsBool() bool { return f.kind == option.Bool }

// Flags returns all flags, by group in the order of the usage text. The slice
// must not be changed.
var Flags = sync.OnceValue(func() []*Flag {
	flags := slices.Concat(
		optionFlags("", root(), func(o *Options) *Options { return o }),
		optionFlags("authorization.", authorizationSchema, (*Options).authorization),
		optionFlags("cluster.", clusterSchema, (*Options).cluster),
		loggingFlags, jetStreamFlags, tlsFlags, clusterFlags, commandFlags,
	)
	slices.SortStableFunc(flags, func(a, b *Flag) int {
		return slices.Index(groups, a.Group) - slices.Index(groups, b.Group)
	})
	return flags
})

// optionFlags makes the flags of the options of one block; block returns the
// block to change, making it when there is none.
func optionFlags[T any](path string, schema *option.Schema[T], block func(*Options) *T) []*Flag {
	var flags []*Flag
	for _, o := range schema.Table().Options() {
		if len(o.Flag.Names) == 0 {
			continue
		}
		f := &Flag{
			Names: o.Flag.Names, Value: o.Flag.Value, Group: o.Flag.Group,
			Doc: o.Doc, Option: path + o.Name,
			kind: o.FlagKind(),
			apply: func(all *Options, v *option.Value) error {
				return schema.Set(block(all), o, v)
			},
		}
		if o.Secret || o.Name == "user" {
			f.hide = func(string) string { return option.Redacted }
		}
		flags = append(flags, f)
	}
	return flags
}

// authorization returns the block to change, making it when there is none.
func (o *Options) authorization() *Authorization {
	if o.Authorization == nil {
		o.Authorization = authorizationSchema.New()
	}
	return o.Authorization
}

// cluster returns the block to change, making it when there is none.
func (o *Options) cluster() *Cluster {
	if o.Cluster == nil {
		o.Cluster = clusterSchema.New()
	}
	return o.Cluster
}

var loggingFlags = []*Flag{
	logFlag("Log debugging lines and the protocol.", func(l *Logging, on bool) { l.Debug, l.Trace = on, on }, "DV"),
	logFlag("Log the protocol, that of the system account included.", func(l *Logging, on bool) { l.Trace, l.TraceVerbose = on, on }, "VV"),
	logFlag("Log debugging lines and the protocol, that of the system account included.", func(l *Logging, on bool) {
		l.Debug, l.Trace, l.TraceVerbose = on, on, on
	}, "DVV"),
}

func logFlag(doc string, set func(l *Logging, on bool), names ...string) *Flag {
	return &Flag{
		Names: names, Group: groupLogging, Doc: doc, kind: option.Bool,
		apply: func(o *Options, v *option.Value) error {
			set(&o.Logging, v.Bool)
			return nil
		},
	}
}

var jetStreamFlags = []*Flag{
	{
		Names: []string{"js", "jetstream"}, Group: groupJetStream, Option: "jetstream",
		Doc:  "Switch streams on.",
		kind: option.Bool,
		apply: func(o *Options, v *option.Value) error {
			if o.JetStream == nil {
				o.JetStream = jetStreamSchema.New()
			}
			o.JetStream.Enabled = v.Bool
			return nil
		},
	},
	{
		Names: []string{"sd", "store_dir"}, Value: "dir", Group: groupJetStream, Option: "store_dir",
		Doc:  "Directory for data.",
		kind: option.String,
		apply: func(o *Options, v *option.Value) error {
			o.StoreDir = v.Text
			if o.JetStream != nil {
				o.JetStream.StoreDir = ""
			}
			return nil
		},
	},
}

// The flags for TLS replace the certificates of a block together, see
// [Overrides.applyTLS].
var tlsFlags = []*Flag{
	{Names: []string{"tls"}, Group: groupTLS, Option: "tls", kind: option.Bool,
		Doc: "TLS for clients, without verifying them; false switches a tls block of the file off."},
	{Names: []string{"tlsverify"}, Group: groupTLS, Option: "tls.verify", kind: option.Bool,
		Doc: "TLS for clients, whose certificates are verified."},
	{Names: []string{"tlscert"}, Value: "file", Group: groupTLS, Option: "tls.cert_file", kind: option.String,
		Doc: "PEM file of the certificate."},
	{Names: []string{"tlskey"}, Value: "file", Group: groupTLS, Option: "tls.key_file", kind: option.String,
		Doc: "PEM file of the private key."},
	{Names: []string{"tlscacert"}, Value: "file", Group: groupTLS, Option: "tls.ca_file", kind: option.String,
		Doc: "PEM file of the authorities that sign the clients' certificates."},
}

var clusterFlags = []*Flag{
	{Names: []string{"cluster", "cluster_listen"}, Value: "url", Group: groupCluster, Option: "cluster.listen", kind: option.String,
		Doc:   "Listen for other servers of the cluster: nats://[user:password@]host:port. An empty value switches the cluster off.",
		apply: applyClusterURL, hide: hideUserInfo},
	{Names: []string{"routes"}, Value: "url,...", Group: groupCluster, Option: "cluster.routes", kind: option.String,
		Doc:   "URLs of other servers of the cluster.",
		apply: applyRoutes, hide: hideUserInfo},
}

var commandFlags = []*Flag{
	{Names: []string{"c", "config"}, Value: "file", Group: groupServer, kind: option.String,
		Doc:     "Configuration file.",
		command: func(c *CommandLine, v *option.Value) { c.Config = v.Text }},
	{Names: []string{"t"}, Group: groupServer, kind: option.Bool,
		Doc:     "Test the configuration and exit.",
		command: func(c *CommandLine, v *option.Value) { c.Test = v.Bool }},
	{Names: []string{"sl", "signal"}, Value: "signal[=pid]", Group: groupServer, kind: option.String,
		Doc:     "Send a signal to a running server and exit: ldm, stop, quit, term, reopen, reload.",
		command: func(c *CommandLine, v *option.Value) { c.Signal = v.Text }},
	{Names: []string{"h", "help"}, Group: groupCommon, kind: option.Bool,
		Doc:     "Show this text.",
		command: func(c *CommandLine, v *option.Value) { c.Help = v.Bool }},
	{Names: []string{"v", "version"}, Group: groupCommon, kind: option.Bool,
		Doc:     "Show the version.",
		command: func(c *CommandLine, v *option.Value) { c.Version = v.Bool }},
	{Names: []string{"help_tls"}, Group: groupCommon, kind: option.Bool,
		Doc:     "Show how to configure TLS.",
		command: func(c *CommandLine, v *option.Value) { c.HelpTLS = v.Bool }},
}

// hideUserInfo blanks the user part of each URL of a comma-separated list.
func hideUserInfo(value string) string {
	urls := strings.Split(value, ",")
	for i, u := range urls {
		scheme, rest, found := strings.Cut(u, "://")
		if !found {
			scheme, rest = "", u
		} else {
			scheme += "://"
		}
		if at := strings.LastIndexByte(rest, '@'); at >= 0 {
			urls[i] = scheme + option.Redacted + rest[at:]
		}
	}
	return strings.Join(urls, ",")
}
