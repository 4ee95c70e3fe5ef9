package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/plugins/host"
)

// Exit codes (process, exit codes).
const (
	exitOK     = 0
	exitFailed = 1
)

// Run is Main in a process of the caller's. It returns the exit code: at once
// when the command line asks for no server or the server cannot be started, else
// after a signal or when ctx ends.
func Run(ctx context.Context, p Process, drivers Drivers) int {
	command, err := config.ParseFlags(p.Args)
	if err != nil {
		return p.misused(err)
	}
	switch {
	case command.Version:
		printVersion(p.Stdout, currentBuild())
		return exitOK
	case command.Help:
		printUsage(p.Stdout)
		return exitOK
	case command.HelpTLS:
		printTLSHelp(p.Stdout)
		return exitOK
	}
	registry, err := host.NewRegistry(drivers)
	if err == nil && command.Test {
		return p.test(command, registry)
	}
	var options *config.Options
	if err == nil {
		options, err = p.configure(command, registry)
	}
	if err != nil {
		return p.fail(err)
	}
	return p.serve(ctx, options, command.Config, registry)
}

// misused answers a command line that cannot be understood.
func (p Process) misused(err error) int {
	var flag *config.FlagError
	if !errors.As(err, &flag) {
		return p.fail(err)
	}
	fmt.Fprintln(p.Stderr, err)
	printUsage(p.Stdout)
	return exitFailed
}

// fail says why there is no server, before there is a log to say it in.
func (p Process) fail(err error) int {
	fmt.Fprintf(p.Stderr, "%s: %s\n", name, strings.TrimSuffix(err.Error(), "\n"))
	return exitFailed
}

// serve runs a server until it is to end.
func (p Process) serve(ctx context.Context, o *config.Options, file string, registry *host.Registry) int {
	log, err := openLog(&o.Logging, p.Stderr)
	if err != nil {
		fmt.Fprintf(p.Stderr, "%s%v\n", appendTime(nil, time.Now(), false), err)
		return exitFailed
	}
	defer log.Close()
	ctx, release := p.untilSignal(ctx, log)
	defer release()
	s := newServer(o, log, registry)
	if err := s.start(ctx, file); err != nil && ctx.Err() == nil {
		log.Fatalf("%v", err)
		s.stop()
		return exitFailed
	}
	<-ctx.Done()
	log.Noticef("Initiating Shutdown...")
	s.stop()
	log.Noticef("Server Exiting..")
	return exitOK
}

// untilSignal returns a context that ends with the first signal, which is logged.
// release gives back what it takes.
func (p Process) untilSignal(ctx context.Context, log *logger) (until context.Context, release func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case s := <-p.Signals:
			log.Noticef("Trapped %q signal", s)
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel()
		<-ended
	}
}

// warn prints what a configuration is warned about, one line each.
func warn(w io.Writer, lines []string) {
	for _, line := range lines {
		fmt.Fprintln(w, line)
	}
}
