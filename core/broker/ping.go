package broker

import (
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/trellismq/trellis/core/clock"
	"github.com/trellismq/trellis/core/protocol"
)

// pinger finds out whether a client is still there (client protocol, server
// PING timer).
type pinger struct {
	timer       clock.Timer
	outstanding atomic.Int32 // PINGs without an answer
	lastIn      atomic.Int64 // last operation of the client but PONG, Unix ns
	asked       atomic.Int64 // when the last PING was sent, Unix ns
	rtt         atomic.Int64 // ns
}

const (
	firstPing = 2 * time.Second // at most, behind CONNECT
	rttMaxAge = time.Hour
)

func (p *pinger) heard(now time.Time) { p.lastIn.Store(now.UnixNano()) }

func (p *pinger) answered(now time.Time) {
	p.outstanding.Store(0)
	if asked := p.asked.Load(); asked > 0 {
		p.rtt.Store(now.UnixNano() - asked)
	}
}

// startPinging arms the timer; with soon the first PING comes early, at a
// random moment so that clients that connected together are not asked together.
func (c *Client) startPinging(soon bool) {
	d := c.broker.limits.Load().pingInterval
	if soon {
		d = min(d, firstPing)
		d += rand.N(d/5 + 1)
	}
	c.broker.time.wheel.Arm(&c.ping.timer, d, c.pingDue)
}

// pingDue runs on the wheel.
func (c *Client) pingDue(now time.Time) {
	l := c.broker.limits.Load()
	ns := now.UnixNano()
	busy := ns-c.ping.lastIn.Load() < int64(l.pingInterval)
	known := ns-c.ping.asked.Load() < int64(rttMaxAge)
	if !busy || !known {
		if int(c.ping.outstanding.Load())+1 > l.pingMax {
			c.debugf("Stale Client Connection - Closing")
			c.broker.stale.Add(1)
			c.expel(errStale, StaleConnection)
			return
		}
		c.ping.outstanding.Add(1)
		c.ping.asked.Store(ns)
		c.send(protocol.PingLine)
	}
	if !c.isClosed() {
		c.startPinging(false)
	}
}

// answerPing answers PING, and the first one behind CONNECT also with the INFO
// that tells the client where it landed.
func (c *Client) answerPing() {
	c.tell(protocol.PongLine)
	if c.connected && !c.greeted {
		c.greeted = true
		if c.options.Protocol >= 1 {
			c.tell(c.connectInfo())
			c.informed.Store(true)
		}
	}
}

// RTT is the last known round trip to the client, 0 when unknown.
func (c *Client) RTT() time.Duration { return time.Duration(c.ping.rtt.Load()) }
