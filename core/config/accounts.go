package config

import (
	"iter"
	"strings"

	"github.com/nats-io/nkeys"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/option"
)

// The accounts that exist without being configured.
const (
	DefaultAccount = "$G"
	SystemAccount  = "$SYS"
)

// Account is a configured account.
type Account struct {
	Name string
	Pos  option.Position
	// NKey is the account's public key; informational.
	NKey  string
	Users []*User
	// DefaultPermissions hold for users without permissions of their own.
	DefaultPermissions *auth.Permissions
	Exports            []*Export
	Imports            []*Import
	Mappings           []*Mapping
	Limits             *AccountLimits
	JetStream          *AccountJetStream
	Trace              *Trace
	// Written knows what was written, and where; nil for an account that is only
	// named in a list.
	Written *option.Settings
}

var accountSchema = option.NewSchema([]option.Binding[Account]{
	option.Into(option.Text("nkey").
		Check(func(n *option.Node, key string) {
			if !nkeys.IsValidPublicAccountKey(key) {
				n.Errorf("Not a valid public nkey for an account: %q", key)
			}
		}).
		Doc("Public account nkey."),
		func(a *Account) *string { return &a.NKey }),
	option.Into(usersOption().
		Doc("Users of the account; names and nkeys are unique in the whole configuration."),
		func(a *Account) *[]*User { return &a.Users }),
	option.Into(auth.PermissionsOption("default_permissions").
		Doc("Permissions of users that have none of their own."),
		func(a *Account) **auth.Permissions { return &a.DefaultPermissions }),
	option.Into(exportsOption().Feature(FeatureExports),
		func(a *Account) *[]*Export { return &a.Exports }),
	option.Into(importsOption().Feature(FeatureImports),
		func(a *Account) *[]*Import { return &a.Imports }),
	option.Into(mappingsOption().Feature(FeatureMappings).
		Doc("Subject mappings of the account."),
		func(a *Account) *[]*Mapping { return &a.Mappings }),
	option.Into(option.Struct("limits", accountLimitsSchema).
		Otherwise("Expected account limits to be a map/struct, got {value}").
		Doc("Limits of the account."),
		func(a *Account) **AccountLimits { return &a.Limits }),
	option.Into(accountJetStreamOption().Feature(FeatureJetStream),
		func(a *Account) **AccountJetStream { return &a.JetStream }),
	option.Into(traceOption().Feature(FeatureMessageTrace),
		func(a *Account) **Trace { return &a.Trace }),
}).Keep(func(a *Account) **option.Settings { return &a.Written })

// accountsOption makes the option that holds the accounts: a list of names or a
// map of blocks.
func accountsOption() *option.Of[[]*Account] {
	return option.Custom("accounts", "map of blocks, or list of names", func(n *option.Node) []*Account {
		switch n.Kind() {
		case option.List:
			return readAccountNames(n)
		case option.Map:
			return readAccounts(n)
		}
		// nats-server takes any other value as no accounts at all.
		return nil
	}).Fields(accountSchema.Table())
}

func readAccountNames(n *option.Node) []*Account {
	var accounts []*Account
	seen := make(map[string]bool)
	for _, item := range n.Items() {
		name := item.String()
		switch {
		case item.Kind() != option.String:
			item.Errorf("Expected map entries for accounts")
		case name == DefaultAccount:
			item.Errorf("%q is a Reserved Account", name)
		case seen[name]:
			item.Errorf("Duplicate Account Entry: %s", name)
		default:
			seen[name] = true
			accounts = append(accounts, &Account{Name: name, Pos: item.Pos})
		}
	}
	return accounts
}

func readAccounts(n *option.Node) []*Account {
	var accounts []*Account
	for _, field := range n.Fields() {
		switch {
		case field.Referenced: // a variable, not an account
		case field.Key == DefaultAccount:
			field.Errorf("%q is a Reserved Account", field.Key)
		case field.Kind() != option.Map:
			field.Errorf("Expected map entries for accounts")
		default:
			account := accountSchema.Read(field)
			account.Name, account.Pos = field.Key, field.Pos
			accounts = append(accounts, account)
		}
	}
	return accounts
}

// Account returns the configured account of that name, or nil.
func (o *Options) Account(name string) *Account {
	for _, a := range o.Accounts {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// AccountUsers yields every configured user with the name of its account; those
// of the authorization block belong to the default account.
func (o *Options) AccountUsers() iter.Seq2[string, *User] {
	return func(yield func(string, *User) bool) {
		if o.Authorization != nil {
			for _, u := range o.Authorization.Users {
				if !yield(DefaultAccount, u) {
					return
				}
			}
		}
		for _, a := range o.Accounts {
			for _, u := range a.Users {
				if !yield(a.Name, u) {
					return
				}
			}
		}
	}
}

// AccountLimits bound an account as a whole. -1 is no limit.
type AccountLimits struct {
	MaxConnections   int64
	MaxSubscriptions int64
	MaxPayload       int64
	MaxLeafNodes     int64
}

var accountLimitsSchema = option.NewSchema([]option.Binding[AccountLimits]{
	option.Into(option.Number("max_connections").Alias("max_conn").Default(-1).
		Doc("Connections at a time; -1 is no limit."),
		func(l *AccountLimits) *int64 { return &l.MaxConnections }),
	option.Into(option.Number("max_subscriptions").Alias("max_subs").Default(-1).
		Doc("Subscriptions per connection; -1 is no limit."),
		func(l *AccountLimits) *int64 { return &l.MaxSubscriptions }),
	option.Into(option.Number("max_payload").Alias("max_pay").Default(-1).Unit("bytes").
		Doc("Largest message; -1 is no limit."),
		func(l *AccountLimits) *int64 { return &l.MaxPayload }),
	option.Into(option.Number("max_leafnodes").Alias("max_leafs").Default(-1).
		Doc("Leaf node connections at a time; -1 is no limit."),
		func(l *AccountLimits) *int64 { return &l.MaxLeafNodes }),
}).Unknown(`Unknown field "{key}" parsing account limits`)

// AccountJetStream bounds what an account may store. -1 is no limit.
type AccountJetStream struct {
	MaxMemory            int64
	MaxStore             int64
	MaxStreams           int64
	MaxConsumers         int64
	MaxBytesRequired     bool
	MemoryMaxStreamBytes int64
	DiskMaxStreamBytes   int64
	MaxAckPending        int64
	// ClusterTraffic is "system", "owner" or empty.
	ClusterTraffic string
}

func accountSize(name string) *option.Of[int64] {
	return option.Size(name).Default(-1).Otherwise(`Expected a parseable size for "{key}", got {value}`)
}

var accountJetStreamSchema = option.NewSchema([]option.Binding[AccountJetStream]{
	option.Into(accountSize("max_memory").Alias("max_mem", "mem", "memory").
		Doc("Memory for streams; -1 is no limit."),
		func(j *AccountJetStream) *int64 { return &j.MaxMemory }),
	option.Into(accountSize("max_store").Alias("max_file", "max_disk", "store", "disk").
		Doc("Disk space for streams; -1 is no limit."),
		func(j *AccountJetStream) *int64 { return &j.MaxStore }),
	option.Into(accountCount("max_streams").Alias("streams").
		Doc("Streams; -1 is no limit."),
		func(j *AccountJetStream) *int64 { return &j.MaxStreams }),
	option.Into(accountCount("max_consumers").Alias("consumers").
		Doc("Consumers per stream; -1 is no limit."),
		func(j *AccountJetStream) *int64 { return &j.MaxConsumers }),
	option.Into(option.Switch("max_bytes_required").Alias("max_stream_bytes", "max_bytes").
		Otherwise(`Expected a parseable bool for "{key}", got {value}`).
		Doc("Streams must state the bytes they may hold."),
		func(j *AccountJetStream) *bool { return &j.MaxBytesRequired }),
	option.Into(accountSize("mem_max_stream_bytes").Alias("memory_max_stream_bytes").
		Doc("Bytes of one stream in memory; -1 is no limit."),
		func(j *AccountJetStream) *int64 { return &j.MemoryMaxStreamBytes }),
	option.Into(accountSize("disk_max_stream_bytes").Alias("store_max_stream_bytes").
		Doc("Bytes of one stream on disk; -1 is no limit."),
		func(j *AccountJetStream) *int64 { return &j.DiskMaxStreamBytes }),
	option.Into(accountCount("max_ack_pending").
		Doc("Unacknowledged messages per consumer; -1 is no limit."),
		func(j *AccountJetStream) *int64 { return &j.MaxAckPending }),
	option.Into(option.Text("cluster_traffic").
		Otherwise(`Expected 'system' or 'owner' string value for "{key}", got {value}`).
		Check(func(n *option.Node, v string) {
			if v != "system" && v != "owner" {
				n.Errorf("Expected 'system' or 'owner' string value for %q, got %s", n.Key, v)
			}
		}).
		Doc("Account that carries the replication traffic: system or owner."),
		func(j *AccountJetStream) *string { return &j.ClusterTraffic }),
})

func accountCount(name string) *option.Of[int64] {
	return option.Number(name).Default(-1).Otherwise(`Expected a parseable size for "{key}", got {value}`)
}

// accountJetStreamOption makes a switch, a word or a block of limits; nil means
// off.
func accountJetStreamOption() *option.Of[*AccountJetStream] {
	return option.StructOr("jetstream", "boolean, enabled, disabled, or block", accountJetStreamSchema, func(n *option.Node) *AccountJetStream {
		if readEnabled(n) {
			return accountJetStreamSchema.New()
		}
		return nil
	}).
		Doc("Whether the account may use JetStream, and how much of it.")
}

// readEnabled reads the boolean and the words that switch JetStream.
func readEnabled(n *option.Node) bool {
	switch n.Kind() {
	case option.Bool:
		return n.Value.Bool
	case option.String:
		switch strings.ToLower(n.Value.Text) {
		case "enabled", "enable":
			return true
		case "disabled", "disable":
			return false
		}
		n.Errorf("Expected 'enabled' or 'disabled' for string value, got '%s'", n.Value.Text)
		return false
	}
	n.Errorf("Expected map, bool or string to define JetStream, got %s", n.TypeName())
	return false
}
