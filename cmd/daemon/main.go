package daemon

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/auth"
)

// Exit codes of the program (process, exit codes).
const (
	exitOK     = 0
	exitFailed = 1
)

// Main runs the program with the drivers that are compiled in, and ends the
// process. It is the whole of a main function.
func Main(drivers ...auth.Driver) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	os.Exit(Run(context.Background(), Process{
		Args:        os.Args[1:],
		Environment: os.LookupEnv,
		Stdout:      os.Stdout,
		Stderr:      os.Stderr,
		Signals:     signals,
	}, drivers...))
}

// Process is what Run needs of the process it runs in.
type Process struct {
	Args        []string // without the name of the program
	Environment config.Environment
	Stdout      io.Writer
	Stderr      io.Writer
	// Signals end the server: one is enough.
	Signals <-chan os.Signal
}
