package main

import (
	"context"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// reference builds nats-server, or skips where that cannot be done.
func reference(t *testing.T) program {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED, NOTHING WAS RUN: -short leaves out what has to build nats-server")
	}
	p, err := buildNats(t.Context(), t.TempDir())
	if err != nil {
		t.Skipf("SKIPPED, NOTHING WAS RUN: nats-server could not be built: %v", err)
	}
	return p
}

// A load of each kind runs through, with the same server on either side.
func TestSmoke(t *testing.T) {
	nats := reference(t)
	c := comparison{
		programs: []program{nats, {name: trellisName, path: nats.path}},
		rounds:   1,
		timing:   timing{window: 50 * time.Millisecond},
		dir:      t.TempDir(),
		log:      io.Discard,
	}
	small := []scenario{
		{name: "flood", counts: delivered, start: flood{publishers: 1, receivers: 2, size: 16, ownSIDs: true}.start},
		{name: "publish", counts: published, start: publishOnly(16)},
		{name: "requests", counts: replied, start: requesting(2)},
		{name: "light", counts: delivered, start: light(2, 1_000)},
		{name: "wildcards", counts: delivered, start: manyWildcards},
		{name: "stuck", counts: delivered, rawOnly: true, start: flood{publishers: 1, receivers: 1, size: 16, gaps: true}.start, intrude: getStuck},
		{name: "connect", counts: "connection", rawOnly: true, start: connecting(1)},
		{name: "churn", counts: "pair", rawOnly: true, start: churning(1)},
	}
	for _, g := range []generator{rawSockets{}, natsClient{}} {
		t.Run(g.name(), func(t *testing.T) {
			got, err := c.run(t.Context(), g, small)
			if err != nil {
				t.Fatal(err)
			}
			want := small
			if (g == natsClient{}) {
				want = slices.DeleteFunc(slices.Clone(small), func(s scenario) bool { return s.rawOnly })
			}
			if len(got.rows) != len(want) {
				t.Fatalf("%d rows for %d scenarios", len(got.rows), len(want))
			}
			for _, r := range got.rows {
				for i, samples := range r.samples {
					if len(samples) != 1 || !(samples[0].rate > 0) || !(samples[0].cpu > 0) || !(samples[0].resident > 0) {
						t.Errorf("%s, %s: %v", r.scenario, got.servers[i], samples)
					}
				}
				timed := r.counts == replied || r.scenario == "light"
				if measured := r.samples[0][0].p99 > 0; measured != timed {
					t.Errorf("%s has a latency: %v, want %v", r.scenario, measured, timed)
				}
				gapped := r.scenario == "stuck"
				if measured := r.samples[0][0].gap > 0; measured != gapped {
					t.Errorf("%s has a longest gap: %v, want %v", r.scenario, measured, gapped)
				}
			}
		})
	}
}

// What the server refuses must not pass for a figure.
func TestRefusalIsAnError(t *testing.T) {
	nats := reference(t)
	// Not a flood, under which the client may see the refusal only after its end.
	forbidden := scenario{name: "forbidden", counts: published, start: func(l *load, g generator) error {
		return l.addCounted(g.publish(l.addr, publication{subjects: []string{"forbidden"}, size: 16, rate: 1_000}))
	}}
	for _, g := range []generator{rawSockets{}, natsClient{}} {
		_, err := measure(t.Context(), forbidden, g, nats, t.TempDir(), timing{window: 50 * time.Millisecond})
		if err == nil || !strings.Contains(strings.ToLower(err.Error()), "permissions violation") {
			t.Errorf("%s: publishing without permission gave %v", g.name(), err)
		}
	}
}

// The subject that permissions forbid is open without them.
func TestOpenServerRefusesNothing(t *testing.T) {
	nats := reference(t)
	nats.open = true
	free := scenario{name: "free", counts: delivered, start: func(l *load, g generator) error {
		return oneToOne(l, g, []string{"forbidden"}, []string{"forbidden"})
	}}
	for _, g := range []generator{rawSockets{}, natsClient{}} {
		got, err := measure(t.Context(), free, g, nats, t.TempDir(), timing{window: 50 * time.Millisecond})
		if err != nil || !(got.rate > 0) {
			t.Errorf("%s: %v, %v", g.name(), got, err)
		}
	}
}

func TestCredentialsAreForServersThatAsk(t *testing.T) {
	for _, open := range []bool{false, true} {
		a := address{netip.MustParseAddrPort("127.0.0.1:4222"), open}
		config, line := string(a.configuration()), a.connectLine()
		if !strings.Contains(config, "host: 127.0.0.1\nport: 4222\n") {
			t.Errorf("open %v: configuration without the address:\n%s", open, config)
		}
		for text, want := range map[string]bool{config: !open, line: !open} {
			if got := strings.Contains(text, "user"); got != want {
				t.Errorf("open %v: names a user: %v, want %v:\n%s", open, got, want, text)
			}
		}
	}
}

func TestServerEndsWithItsContext(t *testing.T) {
	nats := reference(t)
	ctx, cancel := context.WithCancel(t.Context())
	s, err := startServer(ctx, nats, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	<-s.exited
}

func TestServerThatEndsAtOnce(t *testing.T) {
	script := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho cannot start because of the moon\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := startServer(t.Context(), program{name: "broken", path: script}, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "because of the moon") {
		t.Errorf("error %v, want one that shows what the server printed", err)
	}
}

func TestProcessReadings(t *testing.T) {
	before, err := cpuTime(os.Getpid())
	if err != nil || before <= 0 {
		t.Fatalf("CPU time %v, %v", before, err)
	}
	after, err := cpuTime(os.Getpid())
	if err != nil || after <= before {
		t.Errorf("CPU time went from %v to %v, %v", before, after, err)
	}
	all, anonymous, err := residentMemory(os.Getpid())
	if err != nil || anonymous <= 0 || all < anonymous {
		t.Errorf("resident %v, of which anonymous %v, %v", all, anonymous, err)
	}
	const nobody = 1<<22 + 1 // above the largest pid that Linux gives
	if _, err := cpuTime(nobody); err == nil {
		t.Error("a process that cannot exist has a CPU time")
	}
	if _, _, err := residentMemory(nobody); err == nil {
		t.Error("a process that cannot exist has memory")
	}
}

func TestParseMachineTime(t *testing.T) {
	busy, all, err := parseMachineTime("cpu  1 2 4 100 50 8 16 32 9 9\ncpu0 7 7 7 7 7 7 7 7 7 7\n")
	if err != nil || busy != 630*time.Millisecond || all != 2130*time.Millisecond {
		t.Errorf("busy %v of %v, %v", busy, all, err)
	}
	for _, text := range []string{"", "cpu 1 2 3", "intr 1 2 3 4 5 6 7 8", "cpu 1 2 3 4 5 6 7 x"} {
		if _, _, err := parseMachineTime(text); err == nil {
			t.Errorf("%q was read without an error", text)
		}
	}
}

func TestLatencyKeepsWhatFallsIntoTheWindow(t *testing.T) {
	var l latency
	r := l.recorder()
	r.record(time.Second)
	l.begin()
	for range 98 {
		r.record(100 * time.Microsecond)
	}
	l.recorder().record(time.Hour)
	r.record(3 * time.Millisecond)
	l.end()
	r.record(time.Second)
	p50, p99 := l.quantiles()
	if p50 < 99 || p50 > 101 || p99 < 2990 || p99 > 3010 {
		t.Errorf("p50 %v µs and p99 %v µs, want 100 and 3000", p50, p99)
	}
}

func TestOptions(t *testing.T) {
	for _, args := range []string{"-rounds 0", "-time 0s", "-warmup -1s", "-gen perl", "-server other", "-run (", "-unknown", "stray"} {
		var errs strings.Builder
		if _, err := parseOptions(strings.Fields(args), &errs); err == nil || errs.Len() == 0 {
			t.Errorf("%s: error %v, printed %q", args, err, errs.String())
		}
	}
	o, err := parseOptions([]string{"-run", "^light"}, io.Discard)
	if err != nil || len(o.scenarios()) != 2 || len(o.generators()) != 1 {
		t.Errorf("%d scenarios, %d generators, %v", len(o.scenarios()), len(o.generators()), err)
	}
}

func TestWindowOfAScenario(t *testing.T) {
	given := timing{window: time.Second}
	for name, test := range map[string]struct {
		scenario scenario
		want     time.Duration
	}{
		"as given":            {scenario{}, time.Second},
		"stretched":           {scenario{stretch: 2}, 2 * time.Second},
		"not below its least": {scenario{least: 4 * time.Second}, 4 * time.Second},
		"above its least":     {scenario{least: time.Millisecond}, time.Second},
	} {
		if got := test.scenario.window(given); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestScenarioNamesAreUnique(t *testing.T) {
	seen := make(map[string]bool)
	for _, s := range scenarios() {
		if seen[s.name] {
			t.Errorf("two scenarios are called %q", s.name)
		}
		seen[s.name] = true
	}
}
