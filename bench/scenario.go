package main

import (
	"fmt"
	"time"
)

// A scenario is a load with a name. Its figures are per counted message.
type scenario struct {
	name    string
	counts  string        // what one message of the figures is
	rawOnly bool          // beyond what the client library does, so only for raw sockets
	stretch int           // windows to measure for: a slow load needs more to say anything
	least   time.Duration // shortest time to measure for, however short the window is
	idle    int           // idle connections; if any, memory is reported per connection
	start   func(*load, generator) error
	intrude func(*load) error // adds to the load as the measurement begins; nil for nothing
}

// window returns how long to measure the scenario for.
func (sc scenario) window(t timing) time.Duration {
	return max(sc.least, t.window*time.Duration(max(1, sc.stretch)))
}

// What one message of a scenario's figures is.
const (
	delivered = "delivered"
	published = "published"
	replied   = "round trip"
)

// manySubjects is how many subjects the scenarios with many of them use.
const manySubjects = 10_000

// herdSize is how many connections are idle in the memory scenario.
const herdSize = 5_000

// scenarios lists all scenarios in the order of the table.
func scenarios() []scenario {
	return []scenario{
		{name: "publish 16 B", counts: published, start: publishOnly(16)},
		{name: "publish 1 KiB", counts: published, start: publishOnly(1 << 10)},
		{name: "1:1 16 B", counts: delivered, start: flood{publishers: 1, receivers: 1, size: 16}.start},
		{name: "1:1 128 B", counts: delivered, start: flood{publishers: 1, receivers: 1, size: 128, gaps: true}.start},
		{name: "1:1 128 B beside a stuck receiver", counts: delivered, rawOnly: true, least: 4 * time.Second, start: flood{publishers: 1, receivers: 1, size: 128, gaps: true}.start, intrude: getStuck},
		{name: "1:1 1 KiB", counts: delivered, start: flood{publishers: 1, receivers: 1, size: 1 << 10}.start},
		{name: "1:1 16 KiB", counts: delivered, start: flood{publishers: 1, receivers: 1, size: 16 << 10}.start},
		{name: "1:4 128 B", counts: delivered, start: flood{publishers: 1, receivers: 4, size: 128}.start},
		{name: "1:16 128 B", counts: delivered, start: flood{publishers: 1, receivers: 16, size: 128}.start},
		{name: "1:16 128 B, 16 sids", counts: delivered, rawOnly: true, start: flood{publishers: 1, receivers: 16, size: 128, ownSIDs: true}.start},
		{name: "8:8 on 8 subjects 128 B", counts: delivered, start: flood{publishers: 8, receivers: 8, size: 128, pairs: true}.start},
		{name: "queue group 1:8 128 B", counts: delivered, start: flood{publishers: 1, receivers: 8, size: 128, queue: "workers"}.start},
		{name: "10,000 subjects 128 B", counts: delivered, start: manyLiterals},
		{name: "10,000 wildcards 128 B", counts: delivered, start: manyWildcards},
		{name: "10,000 subjects beside churn", counts: delivered, rawOnly: true, start: manyBesideChurn},
		{name: "request, 1 client", counts: replied, start: requesting(1)},
		{name: "request, 16 clients", counts: replied, start: requesting(16)},
		{name: "light, 1:1 1,000/s", counts: delivered, stretch: 2, start: light(1, 1_000)},
		{name: "light, 8 pairs 1,000/s", counts: delivered, stretch: 2, start: light(8, 1_000)},
		{name: "1:1 500/s beside 1:4", counts: delivered, stretch: 2, start: besideFlood},
		{name: "5,000 idle connections", counts: "connection", rawOnly: true, idle: herdSize, start: idling},
		{name: "connect", counts: "connection", rawOnly: true, start: connecting(4)},
		{name: "subscribe churn", counts: "SUB and UNSUB", rawOnly: true, start: churning(4)},
	}
}

// A flood is a load of publishers that send as fast as the server takes it.
type flood struct {
	publishers, receivers int
	size                  int    // of a payload, in bytes
	queue                 string // group of the receivers, or empty
	pairs                 bool   // one subject per publisher and receiver instead of one for all
	ownSIDs               bool   // a different sid for each receiver, so that no two frames are equal
	gaps                  bool   // measure how long the only receiver gets nothing
}

// subjects returns the subjects of the i-th connection of either side.
func (f flood) subjects(i int) []string {
	if !f.pairs {
		i = 0
	}
	return []string{fmt.Sprintf("bench.flood.%02d", i)}
}

func (f flood) start(l *load, g generator) error {
	if f.gaps {
		l.gaps = new(gapMeter)
	}
	for i := range f.receivers {
		s := subscription{subjects: f.subjects(i), queue: f.queue, sid: 1, gaps: l.gaps}
		if f.ownSIDs {
			s.sid = 10 + i
		}
		if err := l.addCounted(g.receive(l.addr, s)); err != nil {
			return err
		}
	}
	for i := range f.publishers {
		if err := l.add(g.publish(l.addr, publication{subjects: f.subjects(i), size: f.size})); err != nil {
			return err
		}
	}
	return nil
}

// getStuck adds a receiver of a running flood that never reads: the server has
// to queue for it, and to cut it off in the end, which takes some seconds with
// a server that slows the publisher down until then.
func getStuck(l *load) error {
	return l.add(gather(l.addr, flood{}.subjects(0)))
}

// publishOnly floods a subject that nobody has subscribed to.
func publishOnly(size int) func(*load, generator) error {
	return func(l *load, g generator) error {
		return l.addCounted(g.publish(l.addr, publication{subjects: []string{"bench.nobody"}, size: size}))
	}
}

func manyLiterals(l *load, g generator) error {
	subjects := numbered("bench.literal.%05d", manySubjects)
	return oneToOne(l, g, subjects, subjects)
}

// manyWildcards has one subscription per message, half of each kind of wildcard.
func manyWildcards(l *load, g generator) error {
	patterns := append(numbered("bench.star.%05d.*", manySubjects/2), numbered("bench.tail.%05d.>", manySubjects/2)...)
	subjects := append(numbered("bench.star.%05d.x", manySubjects/2), numbered("bench.tail.%05d.x", manySubjects/2)...)
	return oneToOne(l, g, patterns, subjects)
}

// oneToOne floods the subjects to one receiver that has subscribed to the patterns.
func oneToOne(l *load, g generator, patterns, subjects []string) error {
	// Sids of equal width keep the frames equally long.
	s := subscription{subjects: patterns, sid: manySubjects}
	if err := l.addCounted(g.receive(l.addr, s)); err != nil {
		return err
	}
	return l.add(g.publish(l.addr, publication{subjects: subjects, size: 128}))
}

// manyBesideChurn is manyLiterals while others come and go, which costs a server
// the caches that it empties.
func manyBesideChurn(l *load, g generator) error {
	if err := manyLiterals(l, g); err != nil {
		return err
	}
	return l.add(startChurn(l.addr, "bench.churn.0", 1_000))
}

// requesting has clients that send one request at a time, all to one responder.
func requesting(clients int) func(*load, generator) error {
	return func(l *load, g generator) error {
		const subject = "bench.service"
		if err := l.add(g.respond(l.addr, subject)); err != nil {
			return err
		}
		for i := range clients {
			q := requests{subject: subject, inbox: fmt.Sprintf("_INBOX.%02d", i), size: 128, times: l.latency.recorder()}
			if err := l.addCounted(g.request(l.addr, q)); err != nil {
				return err
			}
		}
		return nil
	}
}

// light has pairs of one publisher and one receiver, with single messages at a
// rate that leaves the server idle in between.
func light(pairs, rate int) func(*load, generator) error {
	return func(l *load, g generator) error {
		const size = 128
		subjects := numbered("bench.light.%d", pairs)
		for i := range pairs {
			s := subscription{subjects: subjects[i : i+1], sid: 1, stamps: l.latency.recorder()}
			if err := l.addCounted(g.receive(l.addr, s)); err != nil {
				return err
			}
		}
		for i := range pairs {
			// Evenly apart, so that messages of different pairs do not meet.
			p := publication{subjects: subjects[i : i+1], size: size, rate: rate, phase: float64(i) / float64(pairs)}
			if err := l.add(g.publish(l.addr, p)); err != nil {
				return err
			}
		}
		return nil
	}
}

// besideFlood measures how long single messages take while others flood.
func besideFlood(l *load, g generator) error {
	if err := light(1, 500)(l, g); err != nil {
		return err
	}
	return flood{publishers: 1, receivers: 4, size: 128}.start(l, g)
}

func idling(l *load, _ generator) error {
	return l.add(gather(l.addr, numbered("bench.idle.%d", herdSize)))
}

func connecting(clients int) func(*load, generator) error {
	return func(l *load, _ generator) error {
		for range clients {
			if err := l.addCounted(startConnector(l.addr), nil); err != nil {
				return err
			}
		}
		return nil
	}
}

func churning(clients int) func(*load, generator) error {
	return func(l *load, _ generator) error {
		for i := range clients {
			if err := l.addCounted(startChurn(l.addr, fmt.Sprintf("bench.churn.%d", i), 0)); err != nil {
				return err
			}
		}
		return nil
	}
}

// numbered returns n subjects of the pattern.
func numbered(pattern string, n int) []string {
	subjects := make([]string, n)
	for i := range subjects {
		subjects[i] = fmt.Sprintf(pattern, i)
	}
	return subjects
}
