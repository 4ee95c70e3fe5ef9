package daemon

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/broker"
	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/auth"
)

// Run is Main in a process that the caller describes. It returns the exit code,
// after a signal or when ctx ends, whichever comes first.
func Run(ctx context.Context, p Process, drivers ...auth.Driver) int {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(p.Stderr)
	host, port := flags.String("a", "", ""), flags.Int64("p", 0, "")
	flags.StringVar(host, "addr", "", "")
	flags.Int64Var(port, "port", 0, "")
	file, test := flags.String("c", "", ""), flags.Bool("t", false, "")
	debug, trace, version := flags.Bool("D", false, ""), flags.Bool("V", false, ""), flags.Bool("v", false, "")
	both := flags.Bool("DV", false, "")
	if flags.Parse(p.Args) != nil {
		return exitFailed
	}
	if *version {
		printVersion(p.Stdout, currentBuild())
		return exitOK
	}
	options := config.Default()
	if *file != "" {
		o, report, err := config.Load(*file, p.Environment)
		if err == nil && (*test && !report.Clean() || len(report.Errors) > 0) {
			err = errors.New(report.String())
		}
		if err != nil {
			fmt.Fprintf(p.Stderr, "%s: %v\n", name, err)
			return exitFailed
		}
		if *test {
			fmt.Fprintf(p.Stderr, "%s: configuration file %s is valid (%s)\n", name, *file, o.Digest)
			return exitOK
		}
		options = o
	}
	if *host != "" {
		options.Client.Host = *host
	}
	if *port != 0 {
		options.Client.Port = *port
	}
	options.Logging.Debug = options.Logging.Debug || *debug || *both
	options.Logging.Trace = options.Logging.Trace || *trace || *both
	log, err := openLog(&options.Logging, p.Stderr)
	if err != nil {
		fmt.Fprintln(p.Stderr, err)
		return exitFailed
	}
	defer log.Close()
	return serve(ctx, p, options, *file, log)
}

func serve(ctx context.Context, p Process, o *config.Options, file string, log *logger) int {
	accounts := account.NewSet()
	change, err := accounts.Prepare(definitions(o))
	if err != nil {
		return fail(p.Stderr, err)
	}
	change.Commit()
	b := currentBuild()
	bo := brokerOptions(o)
	bo.Accounts, bo.Logger, bo.GitCommit = accounts, log, b.commit
	br, err := broker.New(bo)
	if err != nil {
		return fail(p.Stderr, err)
	}
	log.Noticef("Starting %s", name)
	log.Noticef("  Version:  %s", b.version)
	log.Noticef("  Git:      [%s]", b.commitText())
	log.Debugf("  Go build: %s", runtime.Version())
	log.Noticef("  Name:     %s", br.Name())
	log.Noticef("  ID:       %s", br.ID())
	if file != "" {
		log.Noticef("Using configuration file: %s (%s)", file, o.Digest)
	}
	if err := br.Start(); err != nil {
		log.Fatalf("%v", err)
		br.Shutdown()
		return exitFailed
	}
	log.Noticef("Listening for client connections on %s", br.Addr())
	log.Noticef("Server is ready")
	select {
	case s := <-p.Signals:
		log.Noticef("Trapped %q signal", s)
	case <-ctx.Done():
	}
	log.Noticef("Initiating Shutdown...")
	br.Shutdown()
	log.Noticef("Server Exiting..")
	return exitOK
}

func fail(w io.Writer, err error) int {
	fmt.Fprintf(w, "%s: %v\n", name, err)
	return exitFailed
}
