package host

import (
	"context"
	"log/slog"
	"strings"
)

// Logger takes the host's log lines. Implementations are safe for concurrent
// use; Debugf is called only while Debug answers true.
type Logger interface {
	Noticef(format string, args ...any)
	Warnf(format string, args ...any)
	Errorf(format string, args ...any)
	Debugf(format string, args ...any)
	Debug() bool
}

// driverLog is the slog.Handler behind the logs of drivers: a line is the
// message, followed by its attributes as key=value.
type driverLog struct {
	out    Logger
	suffix string // the attributes given so far
	group  string // what keys begin with
}

var _ slog.Handler = (*driverLog)(nil)

func (l *driverLog) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo || l.out.Debug()
}

func (l *driverLog) Handle(_ context.Context, record slog.Record) error {
	var line strings.Builder
	line.WriteString(record.Message)
	line.WriteString(l.suffix)
	record.Attrs(func(a slog.Attr) bool {
		writeAttr(&line, l.group, a)
		return true
	})
	write := l.out.Debugf
	switch {
	case record.Level >= slog.LevelError:
		write = l.out.Errorf
	case record.Level >= slog.LevelWarn:
		write = l.out.Warnf
	case record.Level >= slog.LevelInfo:
		write = l.out.Noticef
	}
	write("%s", line.String())
	return nil
}

func (l *driverLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	var more strings.Builder
	for _, a := range attrs {
		writeAttr(&more, l.group, a)
	}
	return &driverLog{out: l.out, suffix: l.suffix + more.String(), group: l.group}
}

func (l *driverLog) WithGroup(name string) slog.Handler {
	if name == "" {
		return l
	}
	return &driverLog{out: l.out, suffix: l.suffix, group: l.group + name + "."}
}

func writeAttr(line *strings.Builder, group string, a slog.Attr) {
	value := a.Value.Resolve()
	if value.Kind() == slog.KindGroup {
		if a.Key != "" {
			group += a.Key + "."
		}
		for _, member := range value.Group() {
			writeAttr(line, group, member)
		}
		return
	}
	if a.Equal(slog.Attr{}) {
		return
	}
	line.WriteString(" " + group + a.Key + "=" + value.String())
}
