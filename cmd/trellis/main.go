package main

import (
	"github.com/trellismq/trellis/auth-drivers/nkey"
	"github.com/trellismq/trellis/auth-drivers/tlsmap"
	"github.com/trellismq/trellis/auth-drivers/token"
	"github.com/trellismq/trellis/auth-drivers/userpass"
	"github.com/trellismq/trellis/cmd/daemon"
	"github.com/trellismq/trellis/sdk/auth"
)

// A program with other drivers is a main function like this one with another
// list: a driver left out makes it smaller, and a driver of your own, from any
// module, is one more entry (examples/auth-badge, docs/plugins-auth.md).
func main() {
	daemon.Main(daemon.Drivers{
		Auth: []auth.Driver{
			nkey.Driver{},
			tlsmap.Driver{},
			userpass.Driver{},
			token.Driver{},
		},
	})
}
