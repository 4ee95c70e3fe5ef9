package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
)

// A comparison measures programs in turn.
type comparison struct {
	programs []program
	rounds   int
	timing   timing
	dir      string    // for files of the servers
	log      io.Writer // a line per measurement
}

// run measures the scenarios with one generator. A measurement that fails leaves
// a hole in the table and an error; when the context ends, what was measured
// until then is returned.
func (c comparison) run(ctx context.Context, g generator, chosen []scenario) (table, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(g.processors()))
	var t table
	for _, p := range c.programs {
		t.servers = append(t.servers, p.name)
	}
	var failed error
	for _, sc := range chosen {
		if _, raw := g.(rawSockets); sc.rawOnly && !raw {
			continue
		}
		r, err := c.row(ctx, g, sc)
		t.rows = append(t.rows, r)
		failed = errors.Join(failed, err)
		if ctx.Err() != nil {
			break
		}
	}
	return t, failed
}

// row measures one scenario: each program once a round, so that the two figures
// of a ratio come from moments close to each other.
func (c comparison) row(ctx context.Context, g generator, sc scenario) (row, error) {
	r := row{scenario: sc.name, counts: sc.counts, samples: make([][]sample, len(c.programs))}
	var failed error
	for round := range c.rounds {
		for i, p := range c.programs {
			got, err := measure(ctx, sc, g, p, c.dir, c.timing)
			if ctx.Err() != nil {
				return r, errors.Join(failed, context.Cause(ctx))
			}
			r.samples[i] = append(r.samples[i], got)
			line := got.String()
			if err != nil {
				err = fmt.Errorf("%s, %s, %s, round %d: %w", g.name(), sc.name, p.name, round+1, err)
				failed = errors.Join(failed, err)
				line = err.Error()
			}
			if _, err := fmt.Fprintf(c.log, "%s, round %d of %d, %s: %s\n", sc.name, round+1, c.rounds, p.name, line); err != nil {
				return r, errors.Join(failed, err)
			}
		}
	}
	return r, failed
}
