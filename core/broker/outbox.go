package broker

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/trellismq/trellis/core/clock"
)

const (
	// inlineRounds is how often whoever is writing looks for bytes that others
	// handed over meanwhile, before leaving them to the writer goroutine.
	inlineRounds = 16
	// chunkSize is how much handed-over output is collected in one piece.
	chunkSize = 64 << 10
	// easeMark is the queue length above which a producer gives a receiver that
	// is reading a moment to catch up, so that it can be written to inline again:
	// what goes through the queue is copied once more, has left the processor's
	// cache, and keeps two processors busy.
	easeMark = 256 << 10
	// mostVain is how often a producer eases off for a receiver that takes nothing.
	mostVain = 8
)

// outbox is the send side of one target: a state machine with at most one party
// writing at a time. Whoever has output and finds nobody writing writes it
// itself, without waiting; what the transport does not take, and what others
// bring meanwhile, is queued in order and drained by a goroutine that lives
// until the queue is empty.
type outbox struct {
	transport Transport
	limits    *outboxLimits
	owner     outboxOwner
	time      *timing
	deadline  clock.Timer // armed while the writer goroutine lives

	// gated is true while the queue is above three quarters of its limit: a copy
	// of mu.gate != nil for those who only look.
	gated atomic.Bool

	mu struct {
		sync.Mutex
		writing  bool // somebody writes, or the writer goroutine lives
		busy     bool // the head of the queue is being written: nothing joins it
		closing  bool // nothing more is taken
		discard  bool // what is queued is not written any more
		slow     bool // overdue, and kept by policy
		queue    []chunk
		pending  int64
		gate     chan struct{} // closed when the queue falls below the mark
		ease     chan struct{} // closed when the queue falls below half the ease mark
		written  int64         // bytes taken from the queue by the transport, ever
		vain     int           // times in a row that a producer eased off and nothing was taken
		alone    int           // batches to come that are not to wait for company
		patience int           // what alone becomes when the next wait is in vain, about half
		idle     chan struct{} // made by await, closed when writing ends
		sent     traffic
	}
	inline [1][]byte // for the party that is writing
}

// timing is how a broker's parts get at time.
type timing struct {
	clock.Clock
	wheel *clock.Wheel
}

// outboxOwner is told what the outbox finds out. Calls come without any lock
// held, from any goroutine.
type outboxOwner interface {
	// overLimit: the queue would exceed its limit; the outbox takes nothing more.
	overLimit()
	// overdue: the oldest queued byte is older than the write deadline; answers
	// whether the target is kept all the same.
	overdue(chunks int, bytes int64) (keep bool)
	// recovered: a target that was kept though overdue has caught up.
	recovered()
	// broken: the transport failed.
	broken(err error)
}

// outboxLimits bound the queues of a kind of target. They never change.
type outboxLimits struct {
	maxPending int64         // bytes
	deadline   time.Duration // for the oldest queued byte; 0: none
	// refuse: a full queue refuses what is too much, instead of cutting the
	// target off. Services are like that.
	refuse bool
}

// mark is the fill level above which producers are held back.
func (l *outboxLimits) mark() int64 { return l.maxPending / 4 * 3 }

// chunk is a piece of queued output.
type chunk struct {
	buf    *buffer
	off    int       // written already
	queued time.Time // when its first byte was queued
}

// traffic counts messages and payload bytes.
type traffic struct{ msgs, bytes int64 }

func (t *traffic) add(n traffic) { t.msgs, t.bytes = t.msgs+n.msgs, t.bytes+n.bytes }

// sendResult says what became of a batch.
type sendResult uint8

const (
	sent    sendResult = iota // written, or queued
	dropped                   // the target is closed
	refused                   // the queue is full
)

// send writes or queues bufs, which hold n's messages and belong to the caller
// again when it returns. A producer that may be held back passes its stall; nil
// means that it never waits.
func (o *outbox) send(bufs [][]byte, n traffic, stall *stall) sendResult {
	o.mu.Lock()
	if stall != nil && o.mu.pending > easeMark && !o.mu.closing {
		o.holdBackLocked(stall)
	}
	if o.mu.closing {
		o.mu.Unlock()
		return dropped
	}
	if o.mu.writing {
		return o.handOverAndUnlock(bufs, n)
	}
	o.mu.writing = true
	o.mu.sent.add(n)
	o.mu.Unlock()

	taken, err := o.transport.TryWrite(bufs)

	o.mu.Lock()
	if err != nil {
		o.failAndUnlock(err)
		return sent
	}
	if rest := skip(bufs, taken); len(rest) > 0 {
		o.enqueueLocked(rest, true)
		o.leaveToWriterLocked()
	} else {
		o.drainInlineLocked()
	}
	o.mu.Unlock()
	return sent
}

// holdBackLocked makes the producer wait, for a bounded time and with the lock
// released: until a gate opens, or, long before there is a gate, until a
// receiver that is reading has caught up. One that takes nothing is given such a
// moment a few times, since it may only wait for a processor.
func (o *outbox) holdBackLocked(stall *stall) {
	if gate := o.mu.gate; gate != nil {
		full := o.mu.pending >= o.limits.maxPending
		o.mu.Unlock()
		stall.wait(gate, full)
		o.mu.Lock()
		return
	}
	if !o.mu.writing || o.mu.vain >= mostVain {
		return
	}
	if o.mu.ease == nil {
		o.mu.ease = make(chan struct{})
	}
	ease, before := o.mu.ease, o.mu.written
	o.mu.Unlock()
	stall.ease(ease)
	o.mu.Lock()
	if o.mu.written == before {
		o.mu.vain++
	}
}

// skip drops the first n bytes of bufs.
func skip(bufs [][]byte, n int) [][]byte {
	for len(bufs) > 0 && n >= len(bufs[0]) {
		n -= len(bufs[0])
		bufs = bufs[1:]
	}
	if n > 0 {
		bufs[0] = bufs[0][n:]
	}
	return bufs
}

// handOverAndUnlock queues bufs for whoever is writing.
func (o *outbox) handOverAndUnlock(bufs [][]byte, n traffic) sendResult {
	size := int64(0)
	for _, b := range bufs {
		size += int64(len(b))
	}
	if o.mu.pending+size > o.limits.maxPending {
		if o.limits.refuse {
			o.mu.Unlock()
			return refused
		}
		o.mu.closing = true
		o.mu.Unlock()
		o.owner.overLimit()
		return dropped
	}
	o.mu.sent.add(n)
	o.enqueueLocked(bufs, false)
	o.mu.Unlock()
	return sent
}

// enqueueLocked copies bufs to the end of the queue, or, as the rest of what
// was being written, in front of what others have queued meanwhile.
func (o *outbox) enqueueLocked(bufs [][]byte, front bool) {
	now := o.time.Now()
	if front {
		behind := o.mu.queue
		o.mu.queue = nil
		o.appendLocked(bufs, now)
		o.mu.queue = append(o.mu.queue, behind...)
	} else {
		o.appendLocked(bufs, now)
	}
	if o.mu.gate == nil && o.mu.pending > o.limits.mark() {
		o.mu.gate = make(chan struct{})
		o.gated.Store(true)
	}
}

func (o *outbox) appendLocked(bufs [][]byte, now time.Time) {
	for _, b := range bufs {
		o.mu.pending += int64(len(b))
		for len(b) > 0 {
			last := len(o.mu.queue) - 1
			if last < 0 || last == 0 && o.mu.busy || o.mu.queue[last].buf.room() == 0 {
				o.mu.queue = append(o.mu.queue, chunk{buf: newBuffer(min(len(b), chunkSize)), queued: now})
				last++
			}
			dst := o.mu.queue[last].buf
			n := min(len(b), dst.room())
			dst.b = append(dst.b, b[:n]...)
			b = b[n:]
		}
	}
}

// drainInlineLocked writes what others have queued meanwhile, as long as the
// transport takes it whole, and leaves what remains to the writer goroutine.
// The caller is the one who writes.
func (o *outbox) drainInlineLocked() {
	for range inlineRounds {
		if len(o.mu.queue) == 0 || o.mu.discard {
			break
		}
		whole, err := o.writeHeadLocked(o.transport.TryWrite)
		if err != nil {
			o.failAndUnlock(err)
			o.mu.Lock()
			return
		}
		if !whole {
			break
		}
	}
	o.leaveToWriterLocked()
}

// leaveToWriterLocked ends the caller's writing: the writer goroutine goes on
// when there is something left.
func (o *outbox) leaveToWriterLocked() {
	if len(o.mu.queue) == 0 || o.mu.discard {
		o.endWritingLocked()
		return
	}
	if o.limits.deadline > 0 {
		o.time.wheel.Arm(&o.deadline, o.limits.deadline, o.checkDeadline)
	}
	go o.writer()
}

// writer drains the queue and ends when it is empty.
func (o *outbox) writer() {
	o.mu.Lock()
	for len(o.mu.queue) > 0 && !o.mu.discard {
		if _, err := o.writeHeadLocked(o.transport.Write); err != nil {
			o.failAndUnlock(err)
			return
		}
	}
	caughtUp := o.mu.slow && !o.mu.discard
	o.mu.slow = false
	o.endWritingLocked()
	o.mu.Unlock()
	if caughtUp {
		o.owner.recovered()
	}
}

// writeHeadLocked lets write have the first chunk of the queue, with the lock
// released meanwhile, and removes what was written.
func (o *outbox) writeHeadLocked(write func([][]byte) (int, error)) (whole bool, err error) {
	head := &o.mu.queue[0]
	o.inline[0] = head.buf.b[head.off:]
	o.mu.busy = true
	o.mu.Unlock()
	n, err := write(o.inline[:])
	o.mu.Lock()
	o.mu.busy = false
	o.inline[0] = nil
	head = &o.mu.queue[0] // the queue may have grown
	head.off += n
	o.mu.pending -= int64(n)
	o.mu.written += int64(n)
	if n > 0 {
		o.mu.vain = 0
	}
	if o.mu.gate != nil && o.mu.pending <= o.limits.mark() {
		o.openGateLocked()
	}
	if head.off < len(head.buf.b) {
		return false, err
	}
	head.buf.free()
	o.mu.queue[0] = chunk{}
	if o.mu.queue = o.mu.queue[1:]; len(o.mu.queue) == 0 {
		o.mu.queue = nil
	}
	return true, err
}

func (o *outbox) openGateLocked() {
	if o.mu.gate != nil {
		close(o.mu.gate)
		o.mu.gate = nil
		o.gated.Store(false)
	}
}

func (o *outbox) endEaseLocked() {
	if o.mu.ease != nil {
		close(o.mu.ease)
		o.mu.ease = nil
	}
}

func (o *outbox) endWritingLocked() {
	o.mu.writing = false
	o.openGateLocked()
	o.endEaseLocked()
	if o.limits.deadline > 0 && o.deadline.Armed() {
		o.time.wheel.Stop(&o.deadline)
	}
	if o.mu.discard {
		o.dropQueueLocked()
	}
	if o.mu.idle != nil {
		close(o.mu.idle)
		o.mu.idle = nil
	}
	if o.mu.closing {
		o.transport.Interrupt()
	}
}

func (o *outbox) dropQueueLocked() {
	for i := range o.mu.queue {
		o.mu.queue[i].buf.free()
	}
	o.mu.queue, o.mu.pending = nil, 0
}

// failAndUnlock ends an outbox whose transport is broken. The caller was the
// one who writes.
func (o *outbox) failAndUnlock(err error) {
	o.mu.closing, o.mu.discard = true, true
	o.endWritingLocked()
	o.mu.Unlock()
	o.owner.broken(err)
}

// checkDeadline runs on the wheel while the writer goroutine lives.
func (o *outbox) checkDeadline(now time.Time) {
	o.mu.Lock()
	if len(o.mu.queue) == 0 || o.mu.discard {
		o.mu.Unlock()
		return
	}
	left := o.limits.deadline - now.Sub(o.mu.queue[0].queued)
	chunks, pending, slow := len(o.mu.queue), o.mu.pending, o.mu.slow
	o.mu.Unlock()
	if left <= 0 {
		left = o.limits.deadline
		if !slow && !o.owner.overdue(chunks, pending) {
			return
		}
		o.mu.Lock()
		o.mu.slow = true
		o.mu.Unlock()
	}
	o.time.wheel.Arm(&o.deadline, left, o.checkDeadline)
}

// close lets nothing more in. What is queued is still written when flush is
// true; the transport is interrupted once that is done, or at once.
func (o *outbox) close(flush bool) {
	o.mu.Lock()
	o.mu.closing = true
	if !flush {
		o.mu.discard = true
	}
	o.openGateLocked()
	o.endEaseLocked()
	if flush && !o.mu.writing && len(o.mu.queue) > 0 {
		// It was left there to be written together with what others bring.
		o.mu.writing = true
		o.drainInlineLocked()
	}
	if !o.mu.writing {
		o.dropQueueLocked()
	}
	if !o.mu.writing || o.mu.discard {
		o.transport.Interrupt()
	}
	o.mu.Unlock()
}

// await waits until nobody writes, so that the transport's descriptor can be
// released. The outbox must be closed.
func (o *outbox) await() {
	o.mu.Lock()
	if !o.mu.writing {
		o.mu.Unlock()
		return
	}
	if o.mu.idle == nil {
		o.mu.idle = make(chan struct{})
	}
	idle := o.mu.idle
	o.mu.Unlock()
	<-idle
}

// pendingBytes is how much is queued.
func (o *outbox) pendingBytes() int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.mu.pending
}

// delivered counts what was accepted for the target so far.
func (o *outbox) delivered() traffic {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.mu.sent
}
