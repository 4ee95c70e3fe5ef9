package daemon

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/trellismq/trellis/core/config"
)

// level is one of the kinds of log lines (logging, line format).
type level struct {
	name   string
	colour string // SGR parameters on a terminal
}

var (
	levelInfo  = level{"INF", "32"}
	levelWarn  = level{"WRN", "0;93"}
	levelError = level{"ERR", "31"}
	levelFatal = level{"FTL", "31"}
	levelDebug = level{"DBG", "36"}
	levelTrace = level{"TRC", "33"}
)

// logger writes the log lines of the process: to a file, or to standard error.
// It is the broker's Logger. All methods are safe for concurrent use.
type logger struct {
	pid    int
	now    func() time.Time
	stderr io.Writer
	style  atomic.Pointer[logStyle]

	mu   sync.Mutex // guards to and line
	to   destination
	line []byte
}

// destination is where log lines go.
type destination struct {
	out     io.Writer
	file    *os.File // out when it is a log file, else nil
	colours bool
}

// logStyle is what may change while the logger is in use. Immutable.
type logStyle struct {
	debug, trace bool
	time, utc    bool
}

func styleOf(o *config.Logging) *logStyle {
	return &logStyle{debug: o.Debug, trace: o.Trace, time: o.Time, utc: o.TimeUTC}
}

// Of a log file that is created.
const logFileMode fs.FileMode = 0o640

// openLog opens the log: the configured file, else stderr.
func openLog(o *config.Logging, stderr io.Writer) (*logger, error) {
	l := &logger{pid: os.Getpid(), now: time.Now, stderr: stderr}
	l.style.Store(styleOf(o))
	var err error
	l.to, err = l.open(o.File)
	return l, err
}

// open opens a log file, or standard error when the path is empty.
func (l *logger) open(path string) (destination, error) {
	if path == "" {
		return destination{out: l.stderr, colours: isTerminal(l.stderr)}, nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, logFileMode)
	if err != nil {
		return destination{}, fmt.Errorf("error opening file: %w", err)
	}
	return destination{out: file, file: file}, nil
}

func (d destination) close() error {
	if d.file == nil {
		return nil
	}
	return d.file.Close()
}

// isTerminal reports whether what is written to w may be coloured.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0
}

// Close closes the log file, if there is one. Nothing may be logged afterwards.
func (l *logger) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.close()
}

// Debug reports whether debugging lines are wanted.
func (l *logger) Debug() bool { return l.style.Load().debug }

// Trace reports whether the protocol is to be logged.
func (l *logger) Trace() bool { return l.style.Load().trace }

// Noticef logs what an operator should know.
func (l *logger) Noticef(format string, args ...any) { l.write(levelInfo, format, args) }

// Warnf logs what an operator should change.
func (l *logger) Warnf(format string, args ...any) { l.write(levelWarn, format, args) }

// Errorf logs what went wrong.
func (l *logger) Errorf(format string, args ...any) { l.write(levelError, format, args) }

// Fatalf logs why the process is about to end.
func (l *logger) Fatalf(format string, args ...any) { l.write(levelFatal, format, args) }

// Debugf logs a debugging line, if wanted.
func (l *logger) Debugf(format string, args ...any) {
	if l.Debug() {
		l.write(levelDebug, format, args)
	}
}

// Tracef logs a line of the protocol, if wanted.
func (l *logger) Tracef(format string, args ...any) {
	if l.Trace() {
		l.write(levelTrace, format, args)
	}
}

func (l *logger) write(of level, format string, args []any) {
	style := l.style.Load()
	l.mu.Lock()
	defer l.mu.Unlock()
	line := fmt.Appendf(l.line[:0], "[%d] ", l.pid)
	if style.time {
		line = appendTime(line, l.now(), style.utc)
	}
	if l.to.colours {
		line = fmt.Appendf(line, "[\x1b[%sm%s\x1b[0m] ", of.colour, of.name)
	} else {
		line = fmt.Appendf(line, "[%s] ", of.name)
	}
	line = append(fmt.Appendf(line, format, args...), '\n')
	// A log that cannot be written has nowhere to say so.
	_, _ = l.to.out.Write(line)
	l.line = line
}

// appendTime appends date and time as they stand before log lines.
func appendTime(line []byte, t time.Time, utc bool) []byte {
	if utc {
		t = t.UTC()
	}
	return t.AppendFormat(line, "2006/01/02 15:04:05.000000 ")
}
