package config

import (
	"strings"
	"time"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/sdk/option"
)

// Operator holds what belongs to accounts that are described by JWTs instead of
// the configuration.
type Operator struct {
	// JWTs are files of operator JWTs, or the JWTs themselves.
	JWTs []string
	// TrustedKeys are public operator keys.
	TrustedKeys []string
	Resolver    *Resolver
	ResolverTLS *TLS
	// Preload maps public account keys to account JWTs.
	Preload map[string]string
	// PinnedAccounts, when not empty, are the only ones that may connect.
	PinnedAccounts []string
	// DefaultSentinel is a bearer JWT for clients that show none.
	DefaultSentinel string
}

var operatorRows = option.Within(func(o *Options) *Operator { return &o.Operator },
	option.Into(option.TextOrList("operator").Alias("operators", "root", "roots", "root_operator", "root_operators").
		Refused("TrustedOperators").Feature(FeatureOperator).
		Otherwise("error parsing operators: unsupported type {type}").
		Doc("Operator JWTs, as files or inline."),
		func(o *Operator) *[]string { return &o.JWTs }),
	option.Into(option.TextOrList("trusted_keys").Alias("trusted").
		Refused("TrustedKeys").Feature(FeatureOperator).
		Otherwise("error parsing trusted: unsupported type {type}").
		Check(func(n *option.Node, keys []string) {
			for _, key := range keys {
				if !nkeys.IsValidPublicOperatorKey(key) {
					n.Errorf("trust key %q required to be a valid public operator nkey", key)
				}
			}
		}).
		Doc("Public keys of trusted operators."),
		func(o *Operator) *[]string { return &o.TrustedKeys }),
	option.Into(option.Custom("resolver", "MEMORY, URL(...), or block", readResolver).Alias("account_resolver", "accounts_resolver").
		Feature(FeatureOperator).Fields(resolverTable).
		Doc("Where account JWTs come from."),
		func(o *Operator) **Resolver { return &o.Resolver }),
	option.Into(option.Struct("resolver_tls", serverTLS).
		Feature(FeatureOperator).
		Doc("TLS for a URL resolver."),
		func(o *Operator) **TLS { return &o.ResolverTLS }),
	option.Into(option.Custom("resolver_preload", option.TypeTextMap, readPreload).
		Feature(FeatureOperator).
		Doc("Account JWTs by public account key."),
		func(o *Operator) *map[string]string { return &o.Preload }),
	option.Into(option.TextOrList("resolver_pinned_accounts").
		Feature(FeatureOperator).
		Otherwise("error parsing resolver_pinned_accounts: unsupported type {type}").
		Doc("Only these accounts may connect."),
		func(o *Operator) *[]string { return &o.PinnedAccounts }),
	option.Into(option.Text("default_sentinel").
		Reloaded("Reloaded: default_sentinel = %v").Feature(FeatureOperator).
		Doc("Bearer JWT used for clients that show none."),
		func(o *Operator) *string { return &o.DefaultSentinel }),
)

// ResolverType is how account JWTs are found.
type ResolverType string

// The resolvers.
const (
	ResolverMemory ResolverType = "memory"
	ResolverURL    ResolverType = "url"
	ResolverFull   ResolverType = "full"
	ResolverCache  ResolverType = "cache"
)

// Resolver says where account JWTs come from.
type Resolver struct {
	Type ResolverType
	// URL belongs to a URL resolver, the rest to a full or cache resolver.
	URL         string
	Dir         string
	Limit       int64
	Interval    time.Duration
	TTL         time.Duration
	Timeout     time.Duration
	AllowDelete bool
	HardDelete  bool
}

var resolverTable = option.NewTable(
	option.Text("type").Doc("full, cache or memory."),
	option.Text("dir").Doc("Directory of the JWTs."),
	option.Number("limit").Doc("JWTs to keep."),
	option.Duration("interval").Doc("Interval of synchronisation with other servers; full only."),
	option.Duration("ttl").Doc("Time after which a JWT is dropped; cache only."),
	option.Duration("timeout").Doc("Time other servers may take to answer."),
	option.Switch("allow_delete").Doc("Accounts may be deleted; full only."),
	option.Switch("hard_delete").Doc("Delete files instead of renaming them; full only."),
).IgnoreUnknown()

const badResolver = `error parsing account resolver, should be MEM or  URL("url") or a map containing dir and type state=[FULL|CACHE])`

func readResolver(n *option.Node) *Resolver {
	switch n.Kind() {
	case option.String:
		return readResolverText(n)
	case option.Map:
		return readResolverBlock(n)
	}
	n.Errorf("error parsing operator resolver, wrong type %s", n.TypeName())
	return nil
}

// readResolverText reads a text that holds MEM anywhere, or URL(...).
func readResolverText(n *option.Node) *Resolver {
	text := n.Value.Text
	upper := strings.ToUpper(text)
	if strings.Contains(upper, "MEM") {
		return &Resolver{Type: ResolverMemory}
	}
	if strings.HasPrefix(upper, "URL(") && strings.HasSuffix(text, ")") {
		if url := strings.Trim(strings.TrimSpace(text[len("URL("):len(text)-1]), `"`); url != "" {
			return &Resolver{Type: ResolverURL, URL: url}
		}
	}
	n.Errorf("%s", badResolver)
	return nil
}

func readResolverBlock(n *option.Node) *Resolver {
	s := resolverTable.Read(n)
	resolver := &Resolver{
		Type:        ResolverType(strings.ToLower(s.String("type"))),
		Dir:         s.String("dir"),
		Limit:       s.Int("limit"),
		Interval:    s.Duration("interval"),
		TTL:         s.Duration("ttl"),
		Timeout:     s.Duration("timeout"),
		AllowDelete: s.Bool("allow_delete"),
		HardDelete:  s.Bool("hard_delete"),
	}
	switch resolver.Type {
	case "mem", ResolverMemory:
		return &Resolver{Type: ResolverMemory}
	case ResolverFull, ResolverCache:
	default:
		n.Errorf("%s", badResolver)
		return nil
	}
	if resolver.Dir == "" {
		n.Errorf("dir has no value and needs to point to a directory")
		return nil
	}
	if resolver.Type == ResolverCache {
		for _, refused := range []struct {
			set  bool
			text string
		}{
			{s.Has("interval"), "CACHE does not accept sync"},
			{resolver.AllowDelete, "CACHE does not accept allow_delete"},
			{resolver.HardDelete, "CACHE does not accept hard_delete"},
		} {
			if refused.set {
				n.Errorf("%s", refused.text)
			}
		}
		return resolver
	}
	if s.Has("ttl") {
		n.Errorf("FULL does not accept ttl")
	}
	if resolver.HardDelete && !resolver.AllowDelete {
		n.Errorf("hard_delete has no effect without delete")
	}
	return resolver
}

func readPreload(n *option.Node) map[string]string {
	if n.Kind() != option.Map {
		n.Errorf("preload should be a map of account_public_key:account_jwt")
		return nil
	}
	preload := make(map[string]string)
	for _, field := range n.Fields() {
		if field.Kind() != option.String {
			field.Errorf("preload map value should be a string JWT")
			continue
		}
		preload[field.Key] = field.Value.Text
	}
	return preload
}
