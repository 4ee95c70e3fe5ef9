package config

import (
	"slices"
	"strings"

	"github.com/trellismq/trellis/sdk/option"
)

// Identity is what the server says of itself.
type Identity struct {
	// Name is unique in a cluster; empty means the server's generated id.
	Name string
	// Tags are lower case, trimmed and unique.
	Tags     []string
	Metadata map[string]string
	// FeatureFlags opt in to or out of behaviour of nats-server by name; unknown
	// names are allowed.
	FeatureFlags map[string]bool
}

// KnownFeatureFlags are the feature flags of nats-server 2.15 with their defaults.
var KnownFeatureFlags = map[string]bool{
	"js_ack_fc_v2":         false,
	"js_api_reply_v2":      false,
	"js_raft_delete_range": true,
	"js_snapshot_sources":  false,
}

var identityRows = option.Within(func(o *Options) *Identity { return &o.Identity },
	option.Into(option.Text("server_name").
		Refused("ServerName").
		Flag(groupServer, "name", "n", "name", "server_name").
		Check(noBlanks("server name cannot contain spaces")).
		Doc("Unique name of the server; its id when not set."),
		func(i *Identity) *string { return &i.Name }),
	option.Into(option.TextOrList("server_tags").
		Reloaded("Reloaded: tags").
		Otherwise("error parsing tags: unsupported type {type}").
		Normal(tags).
		Doc("Tags of the server, compared in lower case."),
		func(i *Identity) *[]string { return &i.Tags }),
	option.Into(option.TextMap("server_metadata").
		Reloaded("Reloaded: metadata").
		Otherwise("error parsing metadata: unsupported type {type}").
		Doc("Free-form data about the server, shown in monitoring."),
		func(i *Identity) *map[string]string { return &i.Metadata }),
	option.Into(option.Custom("feature_flags", "map of booleans", readFeatureFlags).
		Refused("FeatureFlags").
		Doc("Opt in to or out of behaviour that changes between versions, by name."),
		func(i *Identity) *map[string]bool { return &i.FeatureFlags }),
)

func tags(raw []string) []string {
	var tags []string
	for _, tag := range raw {
		tag = strings.ToLower(strings.TrimSpace(tag))
		if tag != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

func readFeatureFlags(n *option.Node) map[string]bool {
	if n.Kind() != option.Map {
		n.Errorf("error parsing feature flags: unsupported type %s", n.TypeName())
		return nil
	}
	flags := make(map[string]bool)
	for _, field := range n.Fields() {
		if field.Kind() != option.Bool {
			field.Errorf("error parsing feature flag %q: expected bool, got %s", field.Key, field.TypeName())
			continue
		}
		flags[field.Key] = field.Value.Bool
	}
	return flags
}

// noBlanks makes a rule that refuses a name with blanks.
func noBlanks(text string) func(*option.Node, string) {
	return func(n *option.Node, name string) {
		if strings.Contains(name, " ") {
			n.Errorf("%s", text)
		}
	}
}
