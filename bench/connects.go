package main

import (
	"errors"
	"fmt"
	"sync/atomic"
)

// A connector is a raw agent that connects, authenticates, waits for its PONG,
// disconnects and begins again. It counts connections.
type connector struct {
	n        atomic.Int64
	stopping atomic.Bool
	ended    chan error
}

func startConnector(addr address) *connector {
	c := &connector{ended: make(chan error, 1)}
	go func() { c.ended <- c.run(addr) }()
	return c
}

func (c *connector) run(addr address) error {
	for !c.stopping.Load() {
		conn, err := dialRaw(addr)
		if err != nil {
			return fmt.Errorf("connector: %w", err)
		}
		conn.close()
		c.n.Add(1)
	}
	return nil
}

func (c *connector) count() int64 { return c.n.Load() }

func (c *connector) stop() error {
	c.stopping.Store(true)
	return <-c.ended
}

// A herd is an agent of raw connections that neither read nor write after they
// have subscribed. It counts nothing.
type herd struct {
	conns []rawConn
}

// gather opens a connection for each subject, with a subscription to it.
func gather(addr address, subjects []string) (agent, error) {
	h := new(herd)
	for i, subject := range subjects {
		a, err := listen(addr, subscription{subjects: []string{subject}, sid: 1})
		if err != nil {
			return nil, errors.Join(fmt.Errorf("idle connection %d: %w", i, err), h.stop())
		}
		h.conns = append(h.conns, a.conn)
	}
	return h, nil
}

func (h *herd) count() int64 { return 0 }

func (h *herd) stop() error {
	for _, c := range h.conns {
		c.close()
	}
	return nil
}
