package broker

// leave queues a small batch without writing it, so that what other sources have
// for the target goes out in the same write; the caller lets them run and then
// calls push with the receipt. It takes nothing while experience speaks against
// it; the caller sends then.
func (o *outbox) leave(bufs [][]byte, n traffic) (r receipt, left bool) {
	o.mu.Lock()
	if o.mu.closing || o.mu.writing || o.mu.pending > easeMark {
		o.mu.Unlock()
		return receipt{}, false
	}
	if o.mu.alone > 0 {
		o.mu.alone--
		o.mu.Unlock()
		return receipt{}, false
	}
	if o.handOverAndUnlock(bufs, n) != sent {
		return receipt{}, true
	}
	o.mu.Lock()
	r = receipt{outbox: o, end: o.mu.written + o.mu.pending}
	o.mu.Unlock()
	return r, true
}

// receipt is for output that was left in an outbox: where it ends among
// everything ever queued there.
type receipt struct {
	outbox *outbox
	end    int64
}

// mostAlone is how many batches a target is spared waiting for company after it
// was in vain often enough.
const mostAlone = 1023

// push writes what was left, unless somebody else has or is, and notes whether
// the wait brought company.
func (r receipt) push() {
	o := r.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.mu.writing || o.mu.written >= r.end || o.mu.written+o.mu.pending > r.end {
		o.mu.patience = 0
	} else {
		o.mu.patience = min(2*o.mu.patience+1, mostAlone)
		o.mu.alone = o.mu.patience
	}
	if !o.mu.writing && len(o.mu.queue) > 0 && !o.mu.discard {
		o.mu.writing = true
		o.drainInlineLocked()
	}
}
