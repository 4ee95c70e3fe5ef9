package main

import (
	"errors"
)

// An agent is one connection of a load, with one task that it goes about from
// its creation until it is stopped.
type agent interface {
	// count returns how many messages (or whatever the task handles) it is
	// through with. It may be called at any time from any goroutine.
	count() int64
	// stop ends the task and the connection and returns what went wrong before.
	stop() error
}

// A generator makes agents. Each method returns once the server has confirmed
// what the agent depends on, such as its subscriptions.
type generator interface {
	name() string
	// processors is how many of Go's processors (GOMAXPROCS) it works best with.
	processors() int
	// receive counts what arrives on the subscriptions.
	receive(addr address, s subscription) (agent, error)
	// publish counts what it has sent.
	publish(addr address, p publication) (agent, error)
	// respond answers requests with their own payload and counts them.
	respond(addr address, subject string) (agent, error)
	// request sends one request at a time and counts the replies.
	request(addr address, r requests) (agent, error)
}

// A subscription is the task of a receiver.
type subscription struct {
	subjects []string
	queue    string    // queue group, or empty
	sid      int       // the first subject's; the others follow. A client library may choose its own.
	stamps   *recorder // for the age of stamped messages, or nil
	gaps     *gapMeter // for the time between messages without stamps, or nil
}

// A publication is the task of a publisher: the subjects in turn, over and over.
type publication struct {
	subjects []string
	size     int     // of every payload, in bytes
	rate     int     // single messages per second, stamped; 0 is as many as the server takes
	phase    float64 // of a rate's first message, as a fraction of the period
}

// requests is the task of a requester.
type requests struct {
	subject string
	inbox   string    // for the replies. A client library may choose its own.
	size    int       // of every payload, in bytes
	times   *recorder // for the round trips
}

// A load is the traffic of one measurement: agents at work against one server.
type load struct {
	addr    address
	latency latency
	gaps    *gapMeter // nil when the scenario does not ask for gaps

	crew    []agent // in order of creation
	counted []agent // those of the crew whose messages the figures are about
}

// add takes a new agent into the crew.
func (l *load) add(a agent, err error) error {
	if err != nil {
		return err
	}
	l.crew = append(l.crew, a)
	return nil
}

// addCounted takes a new agent into the crew and counts its messages.
func (l *load) addCounted(a agent, err error) error {
	if err := l.add(a, err); err != nil {
		return err
	}
	l.counted = append(l.counted, a)
	return nil
}

// count returns how many messages the counted agents are through with.
func (l *load) count() int64 {
	var sum int64
	for _, a := range l.counted {
		sum += a.count()
	}
	return sum
}

// stop stops the agents, those that came last first, so that publishers end
// before the receivers that they feed.
func (l *load) stop() error {
	var errs []error
	for i := len(l.crew) - 1; i >= 0; i-- {
		errs = append(errs, l.crew[i].stop())
	}
	l.crew, l.counted = nil, nil
	return errors.Join(errs...)
}
