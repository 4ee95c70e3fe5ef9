package config

import (
	"time"

	"github.com/trellismq/trellis/sdk/option"
)

// Authenticator is one link of the explicit chain of authenticators. Exactly one
// of Driver, Process and WASM is set: it says where the driver lives.
type Authenticator struct {
	Pos option.Position
	// Driver is the name of a driver that is compiled in.
	Driver string
	// Process is the path of a program that is a driver, WASM that of a module.
	Process string
	WASM    string
	// Accounts the driver may answer for; empty means all but the system account.
	Accounts []string
	// Timeout of one answer; 0 means the authentication timeout.
	Timeout time.Duration
	// Config holds the driver's settings as written, nil for none: the driver's
	// own table checks them.
	Config *option.Value
}

var authenticatorSchema = option.NewSchema([]option.Binding[Authenticator]{
	option.Into(option.Text("driver").
		Doc("Name of a driver that is compiled in."),
		func(a *Authenticator) *string { return &a.Driver }),
	option.Into(option.Text("process").Feature(FeatureProcessDrivers).
		Doc("Path of a driver that runs as a process of its own."),
		func(a *Authenticator) *string { return &a.Process }),
	option.Into(option.Text("wasm").Feature(FeatureWASMDrivers).
		Doc("Path of a driver that runs as a WASM module."),
		func(a *Authenticator) *string { return &a.WASM }),
	option.Into(option.TextOrList("accounts").
		Doc("Accounts that the driver may answer for; all but the system account when not set."),
		func(a *Authenticator) *[]string { return &a.Accounts }),
	option.Into(option.DurationOrSeconds("timeout").
		Doc("Time the driver may take to answer; the authentication timeout when not set."),
		func(a *Authenticator) *time.Duration { return &a.Timeout }),
	option.Into(option.Raw("config", "settings of the driver", option.Map).
		Doc("Settings of the driver; its own documentation describes them."),
		func(a *Authenticator) **option.Value { return &a.Config }),
}).Check(func(a *Authenticator, n *option.Node) {
	a.Pos = n.Pos
	named := 0
	for _, name := range []string{a.Driver, a.Process, a.WASM} {
		if name != "" {
			named++
		}
	}
	if named != 1 {
		n.Errorf("an authenticator is named by exactly one of driver, process and wasm")
	}
	if a.Timeout < 0 {
		n.Errorf("timeout of an authenticator must not be negative")
	}
})

var pluginRows = []option.Binding[Options]{
	option.Into(option.Custom("auth", option.TypeBlocks, func(n *option.Node) []*Authenticator {
		if n.Kind() != option.List {
			n.Errorf("expected auth to be a list of blocks, got %s", n.TypeName())
			return nil
		}
		return authenticatorSchema.List(n, func(item *option.Node) {
			item.Errorf("expected an authenticator to be a block, got %s", item.TypeName())
		})
	}).
		Fields(authenticatorSchema.Table()).
		Doc("Chain of authenticators, asked in this order. Without it the chain follows from the users that are configured."),
		func(o *Options) *[]*Authenticator { return &o.Auth }),
	option.Into(option.Raw("storage", "block", option.Map).
		Feature(FeatureStorageDrivers).
		Doc("Stores by name, each with its driver, and which is the default."),
		func(o *Options) **option.Value { return &o.Storage }),
	option.Into(option.Raw("transforms", "list of blocks", option.List).
		Feature(FeatureTransforms).
		Doc("Transforms of messages, in the order in which they apply."),
		func(o *Options) **option.Value { return &o.Transforms }),
}
