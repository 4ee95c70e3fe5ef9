package tlsmap

import (
	"github.com/trellismq/trellis/auth-drivers/internal/roster"
	"github.com/trellismq/trellis/sdk/option"
)

var table = option.NewTable(roster.Option)
