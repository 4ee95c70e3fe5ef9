package host

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
)

// lines is a Logger that keeps its lines.
type lines struct {
	debug bool
	kept  []string
}

func (l *lines) keep(level, format string, args ...any) {
	l.kept = append(l.kept, level+" "+fmt.Sprintf(format, args...))
}

func (l *lines) Noticef(format string, args ...any) { l.keep("INF", format, args...) }
func (l *lines) Warnf(format string, args ...any)   { l.keep("WRN", format, args...) }
func (l *lines) Errorf(format string, args ...any)  { l.keep("ERR", format, args...) }
func (l *lines) Debugf(format string, args ...any)  { l.keep("DBG", format, args...) }
func (l *lines) Debug() bool                        { return l.debug }

func TestDriverLog(t *testing.T) {
	for _, debug := range []bool{false, true} {
		out := &lines{debug: debug}
		log := newSeat(&Environment{Log: out}, "badge", scope{}).Log()
		log.Debug("asked", "times", 3)
		log.Info("100% open", "file", "badges.txt")
		log.Warn("slow", slog.Group("took", "ms", 5))
		log.WithGroup("directory").With("host", "ldap").Error("down", "error", errors.New("refused"))
		want := []string{
			"INF 100% open authenticator=badge file=badges.txt",
			"WRN slow authenticator=badge took.ms=5",
			"ERR down authenticator=badge directory.host=ldap directory.error=refused",
		}
		if debug {
			want = append([]string{"DBG asked authenticator=badge times=3"}, want...)
		}
		if !slices.Equal(out.kept, want) {
			t.Errorf("debug %v: %q", debug, out.kept)
		}
	}
}
