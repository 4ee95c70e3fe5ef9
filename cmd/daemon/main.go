package daemon

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/plugins/host"
)

// Drivers lists the drivers that are compiled into a program, contract by
// contract.
type Drivers = host.Drivers

// Main runs the program with the drivers that are compiled in, and ends the
// process. It is the whole of a main function.
func Main(drivers Drivers) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	os.Exit(Run(context.Background(), Process{
		Args:        os.Args[1:],
		Environment: os.LookupEnv,
		Stdout:      os.Stdout,
		Stderr:      os.Stderr,
		Signals:     signals,
	}, drivers))
}

// Process is the process that the program runs in, as far as it matters to it.
type Process struct {
	Args        []string           // without the name of the program
	Environment config.Environment // for variables in configuration files
	Stdout      io.Writer          // help and version, nothing else
	Stderr      io.Writer          // mistakes, and the log unless it has a file
	Signals     <-chan os.Signal   // the first one ends the server
}
