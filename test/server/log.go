package server

import (
	"bufio"
	"io"
	"regexp"
	"strings"
	"sync"
)

// Line is one line of the broker's log.
type Line struct {
	Raw   string // as written, without the line end
	Level string // INF, WRN, ERR, FTL, DBG or TRC; empty if the line has no log prefix
	Text  string // what follows the level; Raw if there is no prefix
}

var prefix = regexp.MustCompile(`^\[\d+\] (?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6} )?\[([A-Z]{3})\] (.*)$`)

func parse(raw string) Line {
	if m := prefix.FindStringSubmatch(raw); m != nil {
		return Line{Raw: raw, Level: m[1], Text: m[2]}
	}
	return Line{Raw: raw, Text: raw}
}

// log collects the lines of a stream. Its methods may be called from any goroutine.
type log struct {
	mu     sync.Mutex
	lines  []Line
	grown  chan struct{} // closed and replaced whenever lines or closed change
	closed bool
}

func newLog() *log { return &log{grown: make(chan struct{})} }

// read collects until the stream ends.
func (l *log) read(r io.Reader) {
	in := bufio.NewReader(r)
	for {
		raw, err := in.ReadString('\n')
		l.mu.Lock()
		if raw != "" {
			l.lines = append(l.lines, parse(strings.TrimRight(raw, "\r\n")))
		}
		l.closed = err != nil
		close(l.grown)
		l.grown = make(chan struct{})
		l.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// from returns the lines collected after the first n, whether the stream has ended, and a channel
// that is closed when there is more.
func (l *log) from(n int) (lines []Line, closed bool, grown <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines[n:len(l.lines):len(l.lines)], l.closed, l.grown
}

func (l *log) String() string {
	lines, _, _ := l.from(0)
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(line.Raw)
		b.WriteByte('\n')
	}
	return b.String()
}
