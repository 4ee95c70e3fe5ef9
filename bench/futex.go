package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
)

// How many requests the system calls are counted over, and how many go before.
const (
	tracedRequests = 10_000
	warmRequests   = 1_000
)

// errNoTracer is the answer on a machine with neither tracer.
var errNoTracer = errors.New("counting futex calls needs perf or strace, and neither is installed and usable")

// calls says how many system calls a server made.
type calls struct {
	futex float64
	all   float64 // not-a-number when the tracer did not see them
}

// A tracer counts the system calls of a server.
type tracer interface {
	// wrap returns the command line that the server has to run under, if any.
	wrap() []string
	// begin starts to count.
	begin(ctx context.Context, s *server) error
	// end returns the count since begin.
	end() (calls, error)
}

// newTracer returns perf where the kernel allows it, since it hardly slows the
// server, else strace.
func newTracer(ctx context.Context, dir string) (tracer, error) {
	if perfWorks(ctx) {
		return &perfTracer{dir: dir}, nil
	}
	if _, err := exec.LookPath("strace"); err == nil {
		return newStraceTracer(dir), nil
	}
	return nil, errNoTracer
}

// traceRequests counts the system calls per request of one client that waits
// for each reply before it sends the next request.
func traceRequests(ctx context.Context, p program, dir string, t tracer) (_ calls, err error) {
	s, err := startServer(ctx, p, dir, t.wrap()...)
	if err != nil {
		return calls{}, err
	}
	defer s.stop()

	l := &load{addr: s.addr}
	defer func() { err = errors.Join(err, l.stop()) }()
	q := requests{subject: "bench.service", inbox: "_INBOX.00", size: 128}
	if err := l.add(rawSockets{}.respond(s.addr, q.subject)); err != nil {
		return calls{}, err
	}
	client, err := listen(s.addr, subscription{subjects: []string{q.inbox}, sid: 1})
	if err != nil {
		return calls{}, err
	}
	defer client.conn.close()
	x := newExchange(client.conn, q)
	if err := x.repeat(ctx, warmRequests); err != nil {
		return calls{}, fmt.Errorf("%w\n%s", err, s.logTail())
	}
	if err := t.begin(ctx, s); err != nil {
		return calls{}, err
	}
	asked := x.repeat(ctx, tracedRequests)
	made, err := t.end()
	if err := errors.Join(asked, err); err != nil {
		return calls{}, fmt.Errorf("%w\n%s", err, s.logTail())
	}
	return calls{made.futex / tracedRequests, made.all / tracedRequests}, nil
}

// reportFutex traces each server and writes a line about it.
func reportFutex(ctx context.Context, w io.Writer, programs []program, dir string) error {
	for _, p := range programs {
		t, err := newTracer(ctx, dir)
		if err != nil {
			return err
		}
		made, err := traceRequests(ctx, p, dir, t)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		line := fmt.Sprintf("%s: %.4f futex calls", p.name, made.futex)
		if !math.IsNaN(made.all) {
			line += fmt.Sprintf(" of %.2f system calls", made.all)
		}
		if _, err := fmt.Fprintf(w, "%s per request, over %d requests of one client\n", line, tracedRequests); err != nil {
			return err
		}
	}
	return nil
}
