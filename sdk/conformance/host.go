package conformance

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/trellismq/trellis/sdk/host"
)

// Host is a broker for tests: its time stands where the test puts it, and it
// remembers what a driver logged and announced. The zero Host is ready to use;
// it is safe for concurrent use.
type Host struct {
	mu        sync.Mutex // guards all below
	now       time.Time
	log       bytes.Buffer
	announced []host.Change
}

var _ host.Host = (*Host)(nil)

// Log is a log that [Host.Logged] returns.
func (h *Host) Log() *slog.Logger { return slog.New(slog.NewTextHandler(logWriter{h}, nil)) }

// Now is the time given to [Host.SetNow], the machine's until then.
func (h *Host) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now.IsZero() {
		return time.Now()
	}
	return h.now
}

// Announce remembers the change. Everything is granted.
func (h *Host) Announce(change host.Change) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.announced = append(h.announced, change)
	return nil
}

// SetNow stops the clock at now.
func (h *Host) SetNow(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = now
}

// Logged returns the whole log as text.
func (h *Host) Logged() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.String()
}

// Announced returns the changes announced so far.
func (h *Host) Announced() []host.Change {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]host.Change(nil), h.announced...)
}

type logWriter struct{ host *Host }

var _ io.Writer = logWriter{}

func (w logWriter) Write(line []byte) (int, error) {
	w.host.mu.Lock()
	defer w.host.mu.Unlock()
	return w.host.log.Write(line)
}
