package broker

// The client's side of its outbox: what happens to receivers that do not keep up
// (client protocol, slow consumers).

func (c *Client) overLimit() {
	c.broker.countSlow(c.source.space)
	c.noticef("Slow Consumer Detected: MaxPending of %d Exceeded", c.target.out.limits.maxPending)
	c.close(SlowPending)
}

func (c *Client) overdue(chunks int, bytes int64) (keep bool) {
	deadline := c.target.out.limits.deadline
	if c.broker.options.WriteTimeout == RetryWrites {
		c.broker.countSlow(c.source.space)
		c.noticef("Slow Consumer State: WriteDeadline of %v exceeded with %d chunks of %d total bytes.", deadline, chunks, bytes)
		return true
	}
	if c.who.Load() != nil || !c.broker.authRequired() {
		c.broker.countSlow(c.source.space)
	}
	c.noticef("Slow Consumer Detected: WriteDeadline of %v exceeded with %d chunks of %d total bytes.", deadline, chunks, bytes)
	c.close(SlowDeadline)
	return false
}

func (c *Client) recovered() {
	c.noticef("Slow Consumer Recovered")
}

func (c *Client) broken(err error) {
	c.debugf("Error writing to the client: %v", err)
	c.close(WriteError)
}
