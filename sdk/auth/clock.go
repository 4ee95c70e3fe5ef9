package auth

import (
	"fmt"
	"time"
)

// TimeOfDay is a time on the clock, counted from midnight: 0 to 23h59m59s.
type TimeOfDay time.Duration

// ParseTimeOfDay reads the form HH:MM:SS.
func ParseTimeOfDay(text string) (TimeOfDay, error) {
	t, err := time.Parse(time.TimeOnly, text)
	if err != nil || len(text) != len(time.TimeOnly) {
		return 0, fmt.Errorf("%q is not a time of day, expected HH:MM:SS", text)
	}
	h, m, s := t.Clock()
	return TimeOfDay(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second), nil
}

// String renders t as HH:MM:SS.
func (t TimeOfDay) String() string {
	return time.Time{}.Add(time.Duration(t)).Format(time.TimeOnly)
}

// on is the moment at which the clock shows t on the day of now, moved by days.
func (t TimeOfDay) on(now time.Time, days int) time.Time {
	y, m, d := now.Date()
	s := int(time.Duration(t) / time.Second)
	return time.Date(y, m, d+days, 0, 0, s, 0, now.Location())
}

// TimeRange is a stretch of every day, both ends excluded. A range whose Start
// is later than its End spans midnight; one whose ends are equal is empty.
type TimeRange struct {
	Start, End TimeOfDay
}

// ends reports whether now lies in the range, and if so when that stay ends. The
// zone of now decides what the clock shows.
func (r TimeRange) ends(now time.Time) (time.Time, bool) {
	if r.Start == r.End {
		return time.Time{}, false
	}
	start, end := r.Start.on(now, 0), r.End.on(now, 0)
	if r.Start > r.End {
		if now.Before(end) {
			start = r.Start.on(now, -1)
		} else {
			end = r.End.on(now, 1)
		}
	}
	return end, start.Before(now) && now.Before(end)
}
