package config

import (
	"strings"
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// OCSP says how the server proves that its own certificate was not revoked.
type OCSP struct {
	Stapling Stapling
	// Cache of the answers about peers; nil means the default one.
	Cache *OCSPCache
}

// Stapling says when the server staples an answer about its certificate, and whom
// it asks.
type Stapling struct {
	Mode OCSPMode
	URLs []string
}

// OCSPMode is when the server staples an answer about its certificate. The empty
// mode is "nothing configured".
type OCSPMode string

// The modes: auto staples when the certificate demands it; always staples every
// certificate and must honours the demand, and both stop a server whose
// certificate was revoked.
const (
	OCSPAuto   OCSPMode = "auto"
	OCSPAlways OCSPMode = "always"
	OCSPMust   OCSPMode = "must"
	OCSPNever  OCSPMode = "never"
)

var ocspRows = option.Within(func(o *Options) *OCSP { return &o.OCSP },
	option.Into(option.Custom("ocsp", "boolean, or block of mode and url", readStapling).
		Reloaded("Reloaded: OCSP").Feature(FeatureOCSP).
		Doc("Staple proofs that the server's certificates were not revoked: auto, always, must or never."),
		func(o *OCSP) *Stapling { return &o.Stapling }),
	option.Into(option.StructOr("ocsp_cache", "boolean or block", ocspCacheSchema, readOCSPCache).
		Reloaded("Reloaded OCSP peer cache").Feature(FeatureOCSP).
		Doc("Cache of answers about peers' certificates."),
		func(o *OCSP) **OCSPCache { return &o.Cache }),
)

func readStapling(n *option.Node) Stapling {
	switch n.Kind() {
	case option.Bool:
		if n.Value.Bool {
			return Stapling{Mode: OCSPAuto}
		}
		return Stapling{Mode: OCSPNever}
	case option.Map:
	default:
		n.Errorf("error parsing ocsp config: unsupported type %s", n.TypeName())
		return Stapling{}
	}
	ocsp := Stapling{Mode: OCSPAuto}
	for _, field := range n.Fields() {
		switch strings.ToLower(field.Key) {
		case "mode":
			switch mode := OCSPMode(strings.ToLower(field.String())); mode {
			case OCSPAuto, OCSPAlways, OCSPMust, OCSPNever:
				ocsp.Mode = mode
			default:
				field.Errorf("error parsing ocsp config: unsupported ocsp mode %s", field.TypeName())
			}
		case "url", "urls":
			ocsp.URLs = append(ocsp.URLs, ocspURLs(field)...)
		default:
			field.Errorf("error parsing ocsp config: unsupported field %s", field.TypeName())
		}
	}
	return ocsp
}

func ocspURLs(n *option.Node) []string {
	entries := []*option.Node{n}
	if n.Kind() == option.List {
		entries = n.Items()
	}
	var urls []string
	for _, entry := range entries {
		if entry.Kind() != option.String {
			entry.Errorf("error parsing ocsp config: unsupported type %s", entry.TypeName())
			continue
		}
		urls = append(urls, entry.Value.Text)
	}
	return urls
}

// OCSPCache remembers answers about peers' certificates.
type OCSPCache struct {
	// Type is "local" or "none".
	Type            string
	LocalStore      string
	PreserveRevoked bool
	// SaveInterval of the local store, at least a second.
	SaveInterval time.Duration
}

var ocspCacheSchema = option.NewSchema([]option.Binding[OCSPCache]{
	option.Into(option.Text("type").Fallback("local").
		Check(func(n *option.Node, kind string) {
			if kind = strings.ToLower(kind); kind != "local" && kind != "none" && kind != "" {
				n.Errorf("error parsing OCSP peer cache config, unknown type [%v]", n)
			}
		}).
		Normal(strings.ToLower).
		Doc("Where answers are kept: local or none."),
		func(c *OCSPCache) *string { return &c.Type }),
	option.Into(option.Text("local_store").Fallback("_rc_").
		Doc("Directory of the local store."),
		func(c *OCSPCache) *string { return &c.LocalStore }),
	option.Into(option.Switch("preserve_revoked").
		Doc("Keep answers about revoked certificates for good."),
		func(c *OCSPCache) *bool { return &c.PreserveRevoked }),
	option.Into(option.Seconds("save_interval").Fallback(5*time.Minute).
		Normal(func(d time.Duration) time.Duration { return max(d, time.Second) }).
		Doc("Interval at which the local store is saved, at least 1s."),
		func(c *OCSPCache) *time.Duration { return &c.SaveInterval }),
}).Unknown(`error parsing OCSP peer cache config, unknown field ["{key}"]`).Strict()

func readOCSPCache(n *option.Node) *OCSPCache {
	if n.Kind() == option.Bool {
		cache := ocspCacheSchema.New()
		if !n.Value.Bool {
			cache.Type = "none"
		}
		return cache
	}
	// The text is nats-server's.
	n.Errorf("error parsing tags: unsupported type %s", n.TypeName())
	return nil
}

// OCSPPeer says how the certificates of peers are checked for revocation.
type OCSPPeer struct {
	Verify                 bool
	CATimeout              time.Duration
	AllowedClockSkew       time.Duration
	WarnOnly               bool
	UnknownIsGood          bool
	AllowWhenCAUnreachable bool
	TTLUnsetNextUpdate     time.Duration
}

func ocspSeconds(name string, fallback time.Duration) *option.Of[time.Duration] {
	return option.Custom(name, option.TypeSeconds, func(n *option.Node) time.Duration {
		d, err := n.Seconds()
		if err != nil {
			n.Errorf("error parsing tls peer config, conversion error: %v", err)
		}
		return d
	}).Fallback(fallback)
}

func ocspSwitch(name string) *option.Of[bool] {
	return option.Switch(name).Otherwise("error parsing tls peer config, unknown field type [{value}]")
}

var ocspPeerSchema = option.NewSchema([]option.Binding[OCSPPeer]{
	option.Into(ocspSwitch("verify").
		Doc("Check the certificates of clients and leaf nodes."),
		func(p *OCSPPeer) *bool { return &p.Verify }),
	option.Into(ocspSeconds("ca_timeout", 2*time.Second).
		Doc("Time an authority may take to answer."),
		func(p *OCSPPeer) *time.Duration { return &p.CATimeout }),
	option.Into(ocspSeconds("allowed_clockskew", 30*time.Second).
		Doc("Difference of clocks that is tolerated."),
		func(p *OCSPPeer) *time.Duration { return &p.AllowedClockSkew }),
	option.Into(ocspSwitch("warn_only").
		Doc("Log revoked certificates, but let them in."),
		func(p *OCSPPeer) *bool { return &p.WarnOnly }),
	option.Into(ocspSwitch("unknown_is_good").
		Doc("Let in certificates that the authority does not know."),
		func(p *OCSPPeer) *bool { return &p.UnknownIsGood }),
	option.Into(ocspSwitch("allow_when_ca_unreachable").
		Doc("Let certificates in when the authority does not answer."),
		func(p *OCSPPeer) *bool { return &p.AllowWhenCAUnreachable }),
	option.Into(ocspSeconds("cache_ttl_when_next_update_unset", time.Hour).
		Doc("How long an answer without a next update holds."),
		func(p *OCSPPeer) *time.Duration { return &p.TTLUnsetNextUpdate }),
}).Unknown(`error parsing tls peer config, unknown field ["{key}"]`).Strict()

func readOCSPPeer(n *option.Node) *OCSPPeer {
	if n.Kind() == option.Bool {
		if !n.Value.Bool {
			return nil
		}
		peer := ocspPeerSchema.New()
		peer.Verify = true
		return peer
	}
	n.Errorf("error parsing ocsp peer config: unsupported type %s", n.TypeName())
	return nil
}
