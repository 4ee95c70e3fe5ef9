package main

import (
	"bytes"
	"fmt"
)

// churnPairs is how many SUB and UNSUB pairs a churning agent sends at once,
// followed by a PING that shows when the server is through with them.
const churnPairs = 100

// churnAhead is how many times churnPairs are sent before the first PONG has to
// arrive, so that the server never idles.
const churnAhead = 8

// startChurn makes a raw agent that subscribes to subjects below the prefix and
// unsubscribes again, without end. It counts pairs; rate is how many per second,
// 0 as many as the server takes.
func startChurn(addr address, prefix string, rate int) (agent, error) {
	conn, err := dialRaw(addr)
	if err != nil {
		return nil, fmt.Errorf("churn: %w", err)
	}
	var lines []byte
	for i := range churnPairs {
		lines = fmt.Appendf(lines, "SUB %s.%d %d\r\nUNSUB %d\r\n", prefix, i, i+1, i+1)
	}
	lines = append(lines, "PING\r\n"...)
	a := &rawAgent{conn: conn, listens: true}
	if rate == 0 {
		return a.spawn(func() error { return a.churn(lines, churnAhead, func() {}) }), nil
	}
	pace := newMetronome(max(1, rate/churnPairs), 0)
	return a.spawn(func() error { return a.churn(lines, 1, pace.wait) }), nil
}

// churn sends the lines over and over, each time after wait, and never more
// than ahead times without an answer.
func (a *rawAgent) churn(lines []byte, ahead int, wait func()) error {
	buf := make([]byte, 4<<10)
	for open := 0; ; {
		wait()
		if err := a.conn.write(lines); err != nil {
			return err
		}
		open++
		for open >= ahead {
			n, err := a.conn.read(buf)
			if err != nil {
				return err
			}
			if at := bytes.Index(buf[:n], []byte("-ERR")); at >= 0 {
				return fmt.Errorf("%w: %.200q", errProtocol, buf[at:n])
			}
			// Every line is a PONG, but for an INFO at first and a rare PING.
			pongs := bytes.Count(buf[:n], []byte("\n"))
			open -= pongs
			a.n.Add(int64(pongs * churnPairs))
		}
	}
}
