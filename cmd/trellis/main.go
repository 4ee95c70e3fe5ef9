package main

import (
	"github.com/trellismq/trellis/auth-drivers/nkey"
	"github.com/trellismq/trellis/auth-drivers/tlsmap"
	"github.com/trellismq/trellis/auth-drivers/token"
	"github.com/trellismq/trellis/auth-drivers/userpass"
	"github.com/trellismq/trellis/cmd/daemon"
)

// A program with other drivers is a main function like this one with another
// list: drivers left out make it smaller, and a driver of your own, from any
// module, is one more line (docs/plugins-auth.md).
func main() {
	daemon.Main(
		token.Driver{},
		userpass.Driver{},
		tlsmap.Driver{},
		nkey.Driver{},
	)
}
