package config

import (
	"strings"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/sdk/option"
)

// Proxies are the proxies that may vouch for clients.
type Proxies struct {
	// Trusted holds their public nkeys.
	Trusted []string
}

var proxyRows = []option.Binding[Options]{
	option.Into(option.Custom("proxies", option.TypeBlock, readProxies).
		Fields(proxiesTable).
		ReloadedAs(func(p *Proxies) string {
			if p == nil {
				return "Reloaded: proxies trusted keys were removed"
			}
			return "Reloaded: proxies trusted keys [" + strings.Join(p.Trusted, " ") + "]"
		}).
		Feature(FeatureTrustedProxies).
		Doc("Proxies that may vouch for clients."),
		func(o *Options) **Proxies { return &o.Proxies }),
}

var proxyKeyTable = option.NewTable(
	option.Text("key").Alias("public_key").
		Check(func(n *option.Node, key string) {
			if !nkeys.IsValidPublicKey(key) {
				n.Errorf("invalid proxy key %q", key)
			}
		}).
		Doc("Public nkey, of any type."),
)

var proxiesTable = option.NewTable(
	option.Blocks("trusted", proxyKeyTable).Doc("Proxies with their keys."),
)

func readProxies(n *option.Node) *Proxies {
	if n.Kind() != option.Map {
		n.Errorf("expected proxies to be a map/struct, got %s", n.TypeName())
		return nil
	}
	proxies := new(Proxies)
	for _, field := range n.Fields() {
		switch {
		case !strings.EqualFold(field.Key, "trusted"):
			if !field.Referenced {
				field.Errorf("unknown field %q", field.Key)
			}
		case field.Kind() != option.List:
			field.Errorf("expected proxies' trusted field to be an array, got %s", field.TypeName())
		default:
			for _, item := range field.Items() {
				if item.Kind() != option.Map {
					item.Errorf("expected proxies' trusted entry to be a map/struct, got %s", item.TypeName())
					continue
				}
				if key := proxyKeyTable.Read(item).String("key"); key != "" {
					proxies.Trusted = append(proxies.Trusted, key)
				}
			}
		}
	}
	return proxies
}
