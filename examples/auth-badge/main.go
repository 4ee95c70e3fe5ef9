package main

import (
	"github.com/trellismq/trellis/auth-drivers/userpass"
	"github.com/trellismq/trellis/cmd/daemon"
	"github.com/trellismq/trellis/examples/auth-badge/badge"
	"github.com/trellismq/trellis/sdk/auth"
)

// drivers are what this program is built with.
var drivers = daemon.Drivers{Auth: []auth.Driver{badge.Driver{}, userpass.Driver{}}}

func main() { daemon.Main(drivers) }
