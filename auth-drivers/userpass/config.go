package userpass

import (
	"github.com/trellismq/trellis/auth-drivers/internal/roster"
	"github.com/trellismq/trellis/sdk/option"
)

var (
	requirePassword = option.Switch("require_password").
			Doc("Users without a password cannot log in by name: they are selected by certificate elsewhere.")

	table = option.NewTable(roster.Option, requirePassword)
)
