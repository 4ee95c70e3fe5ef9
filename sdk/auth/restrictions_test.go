package auth

import (
	"net/netip"
	"testing"
	"time"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func timeRange(t *testing.T, start, end string) TimeRange {
	t.Helper()
	from, err := ParseTimeOfDay(start)
	if err != nil {
		t.Fatal(err)
	}
	to, err := ParseTimeOfDay(end)
	if err != nil {
		t.Fatal(err)
	}
	return TimeRange{Start: from, End: to}
}

func TestRestrictionsByConnection(t *testing.T) {
	fromOffice := netip.MustParseAddrPort("10.1.2.3:5")
	for _, test := range []struct {
		name         string
		restrictions Restrictions
		attempt      Attempt
		reason       Reason
		ok           bool
	}{
		{name: "none", attempt: Attempt{Type: Standard}, ok: true},
		{
			name:         "spec 03 #19",
			restrictions: Restrictions{ConnectionTypes: []ConnectionType{WebSocket}},
			attempt:      Attempt{Type: Standard, Remote: fromOffice}, reason: ConnectionTypeNotAllowed,
		},
		{
			name:         "spec 03 #20",
			restrictions: Restrictions{ConnectionTypes: []ConnectionType{Standard}},
			attempt:      Attempt{Type: InProcess}, reason: ConnectionTypeNotAllowed,
		},
		{
			name:         "in-process allowed",
			restrictions: Restrictions{ConnectionTypes: []ConnectionType{Standard, InProcess}},
			attempt:      Attempt{Type: InProcess}, ok: true,
		},
		{
			name:         "one of the networks",
			restrictions: Restrictions{Sources: []netip.Prefix{netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("10.0.0.0/8")}},
			attempt:      Attempt{Remote: fromOffice}, ok: true,
		},
		{
			name:         "IPv4 within IPv6",
			restrictions: Restrictions{Sources: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}},
			attempt:      Attempt{Remote: netip.MustParseAddrPort("[::ffff:10.1.2.3]:5")}, ok: true,
		},
		{
			name:         "no such network",
			restrictions: Restrictions{Sources: []netip.Prefix{netip.MustParsePrefix("192.168.0.0/16")}},
			attempt:      Attempt{Remote: fromOffice}, reason: SourceNotAllowed,
		},
		{
			name:         "in-process is in no network",
			restrictions: Restrictions{Sources: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}},
			attempt:      Attempt{Type: InProcess}, reason: SourceNotAllowed,
		},
		{name: "no proxy", restrictions: Restrictions{ProxyRequired: true}, reason: ProxyRequired},
		{name: "proxy", restrictions: Restrictions{ProxyRequired: true}, attempt: Attempt{Proxy: "PX"}, ok: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			expires, reason, ok := test.restrictions.Check(&test.attempt, at(t, "2026-01-05T12:00:00Z"))
			if ok != test.ok || reason != test.reason || !expires.IsZero() {
				t.Errorf("got %v, %v, %v", expires, reason, ok)
			}
		})
	}
}

func TestRestrictionsByTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	office, night := timeRange(t, "09:00:00", "17:00:00"), timeRange(t, "22:00:00", "06:00:00")
	for _, test := range []struct {
		name  string
		times []TimeRange
		where *time.Location
		now   string
		until string // empty: refused
	}{
		{"inside", []TimeRange{office}, time.UTC, "2026-01-05T12:00:00Z", "2026-01-05T17:00:00Z"},
		{"before", []TimeRange{office}, time.UTC, "2026-01-05T08:59:59Z", ""},
		{"the start is excluded", []TimeRange{office}, time.UTC, "2026-01-05T09:00:00Z", ""},
		{"the end is excluded", []TimeRange{office}, time.UTC, "2026-01-05T17:00:00Z", ""},
		{"midnight, evening", []TimeRange{night}, time.UTC, "2026-01-05T23:00:00Z", "2026-01-06T06:00:00Z"},
		{"midnight, morning", []TimeRange{night}, time.UTC, "2026-01-06T05:00:00Z", "2026-01-06T06:00:00Z"},
		{"midnight, noon", []TimeRange{night}, time.UTC, "2026-01-06T12:00:00Z", ""},
		{"midnight, the end is excluded", []TimeRange{night}, time.UTC, "2026-01-06T06:00:00Z", ""},
		{"empty range", []TimeRange{timeRange(t, "12:00:00", "12:00:00")}, time.UTC, "2026-01-05T12:00:01Z", ""},
		{"location", []TimeRange{office}, berlin, "2026-01-05T08:30:00Z", "2026-01-05T16:00:00Z"},
		{"location in summer", []TimeRange{office}, berlin, "2026-07-06T07:30:00Z", "2026-07-06T15:00:00Z"},
		{"night the clocks change", []TimeRange{night}, berlin, "2026-03-28T23:30:00Z", "2026-03-29T04:00:00Z"},
		{
			"the last end counts",
			[]TimeRange{timeRange(t, "08:00:00", "13:00:00"), office, timeRange(t, "11:00:00", "14:00:00")},
			time.UTC, "2026-01-05T12:00:00Z", "2026-01-05T17:00:00Z",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := Restrictions{Times: test.times, Location: test.where}
			expires, reason, ok := r.Check(&Attempt{}, at(t, test.now))
			if test.until == "" {
				if ok || reason != OutsideHours {
					t.Errorf("accepted until %v", expires)
				}
				return
			}
			if want := at(t, test.until); !ok || !expires.Equal(want) {
				t.Errorf("ok %v until %v, want %v", ok, expires, want)
			}
		})
	}
}

func TestParseTimeOfDay(t *testing.T) {
	for _, text := range []string{"00:00:00", "09:05:07", "23:59:59"} {
		if got, err := ParseTimeOfDay(text); err != nil || got.String() != text {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "9:00:00", "24:00:00", "09:60:00", "09:00", "09:00:00.5", "09:00:00Z"} {
		if got, err := ParseTimeOfDay(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
