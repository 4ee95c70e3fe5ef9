package broker

import "sync"

// parked is a connection's wait for an answer from elsewhere: authentication, a
// hook. Its transport reads nothing meanwhile.
type parked struct {
	once sync.Once
	over chan struct{}
	// patient: the wait is not cut short when the connection is closed, because
	// whoever is working on it uses the connection's state.
	patient bool
}

// park begins a wait that only resume ends.
func (c *Client) park() *parked { return c.parkAs(&parked{over: make(chan struct{}), patient: true}) }

func (c *Client) parkAs(p *parked) *parked {
	c.mu.Lock()
	c.mu.parked = p
	closed := c.mu.closed
	c.mu.Unlock()
	if closed {
		p.abandon()
	}
	return p
}

func (p *parked) resume() { p.once.Do(func() { close(p.over) }) }

// abandon ends a wait for the sake of a connection that is closed.
func (p *parked) abandon() {
	if !p.patient {
		p.resume()
	}
}

// Await is called by the transport's goroutine when Ingest has answered Parked.
// It returns when the connection can go on, or is closed.
func (c *Client) Await() Status {
	for {
		c.mu.Lock()
		p := c.mu.parked
		c.mu.Unlock()
		if p == nil {
			break
		}
		<-p.over
		c.mu.Lock()
		c.mu.parked = nil
		c.mu.Unlock()
		if c.isClosed() {
			break
		}
		if status := c.hooked.resume(c); status != Parked {
			break
		}
	}
	if c.isClosed() {
		return Closed
	}
	return More
}
