package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// A sample is what one measurement gave. A figure that the scenario does not
// have is not-a-number.
type sample struct {
	rate     float64 // messages per second
	cpu      float64 // of the server per message, in microseconds (or seconds per million)
	p50, p99 float64 // latency in microseconds
	gap      float64 // longest time without a message, in milliseconds
	resident float64 // memory of the server in bytes: per connection in an idle scenario, else all of it
	others   float64 // share of the machine that neither server nor generator used, in percent
}

// noSample stands for a measurement that failed.
func noSample() sample {
	nan := math.NaN()
	return sample{nan, nan, nan, nan, nan, nan, nan}
}

// A timing says how long a load runs.
type timing struct {
	warmup time.Duration // before anything is read
	window time.Duration // between the two readings; scenarios may ask for more
}

// A reading is the state of a load, its server and the machine at one moment.
type reading struct {
	at       time.Time
	messages int64
	cpu      time.Duration // of the server
	own      time.Duration // CPU time of the generator
	busy     time.Duration // CPU time of the whole machine
	cores    time.Duration // CPU time that the machine had to give
}

func read(l *load, s *server) (reading, error) {
	r := reading{at: time.Now(), messages: l.count()}
	var server, own, machine error
	r.cpu, server = cpuTime(s.pid)
	r.own, own = ownCPUTime()
	r.busy, r.cores, machine = machineTime()
	return r, errors.Join(server, own, machine)
}

// measure runs the scenario once against a new server: no heap or cache is left
// over from an earlier load.
func measure(ctx context.Context, sc scenario, g generator, p program, dir string, t timing) (_ sample, err error) {
	s, err := startServer(ctx, p, dir)
	if err != nil {
		return noSample(), err
	}
	defer s.stop()
	_, before, err := residentMemory(s.pid)
	if err != nil {
		return noSample(), err
	}

	l := &load{addr: s.addr}
	defer func() { err = errors.Join(err, l.stop()) }()
	if err := sc.start(l, g); err != nil {
		return noSample(), err
	}
	if err := pause(ctx, t.warmup); err != nil {
		return noSample(), err
	}
	l.latency.begin()
	l.gaps.begin()
	from, err := read(l, s)
	if err != nil {
		return noSample(), err
	}
	if sc.intrude != nil {
		if err := sc.intrude(l); err != nil {
			return noSample(), err
		}
	}
	if err := pause(ctx, sc.window(t)); err != nil {
		return noSample(), err
	}
	to, err := read(l, s)
	if err != nil {
		return noSample(), err
	}
	l.latency.end()
	l.gaps.end()
	all, after, err := residentMemory(s.pid)
	if err != nil {
		return noSample(), err
	}
	if err := l.stop(); err != nil {
		return noSample(), fmt.Errorf("%w\n%s", err, s.logTail())
	}
	if sc.idle == 0 && to.messages == from.messages {
		return noSample(), errSilent
	}
	got := between(from, to)
	got.p50, got.p99 = l.latency.quantiles()
	got.gap = l.gaps.milliseconds()
	got.resident = all
	if sc.idle > 0 {
		got.resident = (after - before) / float64(sc.idle)
	}
	return got, nil
}

// between returns what the time between two readings says.
func between(from, to reading) sample {
	got := noSample()
	if n := float64(to.messages - from.messages); n > 0 {
		got.rate = n / to.at.Sub(from.at).Seconds()
		got.cpu = float64(to.cpu-from.cpu) / float64(time.Microsecond) / n
	}
	if all := float64(to.cores - from.cores); all > 0 {
		others := (to.busy - from.busy) - (to.cpu - from.cpu) - (to.own - from.own)
		got.others = 100 * max(0, float64(others)) / all
	}
	return got
}

// errSilent is a load that should have moved messages and moved none.
var errSilent = errors.New("no message arrived during the measurement")

// pause waits, or until the context ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
