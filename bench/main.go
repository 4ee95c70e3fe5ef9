package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"
	"time"
)

// options are the command line.
type options struct {
	rounds    int
	timing    timing
	run       *regexp.Regexp
	generator string
	server    string
	trellis   string
	nats      string
	open      bool
	markdown  bool
	futex     bool
	list      bool
}

func main() {
	o, err := parseOptions(os.Args[1:], os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		os.Exit(2)
	}
	// Servers are bound to this context, so that an interrupt ends them too.
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err = bench(ctx, o, os.Stdout, os.Stderr)
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// parseOptions reads the command line; what is wrong with it is on the writer
// already when it returns.
func parseOptions(args []string, errs io.Writer) (options, error) {
	o := options{run: regexp.MustCompile("")}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.IntVar(&o.rounds, "rounds", 7, "measure each server this often, in turn")
	flags.DurationVar(&o.timing.window, "time", time.Second, "measure for this long; some scenarios take longer")
	flags.DurationVar(&o.timing.warmup, "warmup", 500*time.Millisecond, "load each server for this long before measuring")
	flags.TextVar(o.run, "run", o.run, "run the scenarios whose name matches this regular expression")
	flags.StringVar(&o.generator, "gen", "raw", "load generator: raw, nats.go or both")
	flags.StringVar(&o.server, "server", "both", "server to measure: trellis, nats or both")
	flags.StringVar(&o.trellis, "trellis", "", "binary of trellis, instead of building it")
	flags.StringVar(&o.nats, "nats", "", "binary of nats-server, instead of building it")
	flags.BoolVar(&o.open, "open", false, "start the servers without accounts, users and permissions")
	flags.BoolVar(&o.markdown, "markdown", false, "print Markdown")
	flags.BoolVar(&o.futex, "futex", false, "count futex calls per request instead, with perf or strace")
	flags.BoolVar(&o.list, "list", false, "list the scenarios instead of running them")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	err := o.check()
	if flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(errs, "bench:", err)
	}
	return o, err
}

func (o options) check() error {
	switch {
	case o.rounds < 1:
		return errors.New("-rounds must be at least 1")
	case o.timing.window <= 0:
		return errors.New("-time must be positive")
	case o.timing.warmup < 0:
		return errors.New("-warmup must not be negative")
	case !slices.Contains([]string{"raw", "nats.go", "both"}, o.generator):
		return fmt.Errorf("-gen is raw, nats.go or both, not %q", o.generator)
	case !slices.Contains([]string{"trellis", "nats", "both"}, o.server):
		return fmt.Errorf("-server is trellis, nats or both, not %q", o.server)
	}
	return nil
}

// generators returns those that were asked for.
func (o options) generators() []generator {
	switch o.generator {
	case "raw":
		return []generator{rawSockets{}}
	case "nats.go":
		return []generator{natsClient{}}
	default:
		return []generator{rawSockets{}, natsClient{}}
	}
}

// programs builds or finds the servers that were asked for; nats-server comes
// first, as the one that the other is compared with.
func (o options) programs(ctx context.Context, dir string) ([]program, error) {
	var all []program
	for _, s := range []struct {
		flag, name, path string
		build            func(context.Context, string) (program, error)
	}{
		{"nats", natsName, o.nats, buildNats},
		{"trellis", trellisName, o.trellis, buildTrellis},
	} {
		if o.server != s.flag && o.server != "both" {
			continue
		}
		var p program
		var err error
		if s.path != "" {
			p, err = existing(s.name, s.path)
		} else {
			p, err = s.build(ctx, dir)
		}
		if err != nil {
			return nil, err
		}
		p.open = o.open
		all = append(all, p)
	}
	return all, nil
}

// scenarios returns those that were asked for.
func (o options) scenarios() []scenario {
	return slices.DeleteFunc(scenarios(), func(s scenario) bool { return !o.run.MatchString(s.name) })
}

// bench does what the command line says: results to out, progress to log.
func bench(ctx context.Context, o options, out, log io.Writer) (err error) {
	chosen := o.scenarios()
	if len(chosen) == 0 {
		return fmt.Errorf("no scenario matches %q; -list shows their names", o.run)
	}
	if o.list {
		for _, s := range chosen {
			if _, err := fmt.Fprintln(out, s.name); err != nil {
				return err
			}
		}
		return nil
	}

	dir, err := os.MkdirTemp("", "trellis-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	programs, err := o.programs(ctx, dir)
	if err != nil {
		return err
	}
	if o.futex {
		return reportFutex(ctx, out, programs, dir)
	}
	report := report{out: out, markdown: o.markdown}
	report.preface(programs, o)
	c := comparison{programs: programs, rounds: o.rounds, timing: o.timing, dir: dir, log: log}
	var failed error
	for _, g := range o.generators() {
		t, err := c.run(ctx, g, chosen)
		failed = errors.Join(failed, err)
		report.results(g, t)
	}
	return errors.Join(failed, report.err)
}
