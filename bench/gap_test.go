package main

import (
	"math"
	"testing"
	"testing/synctest"
	"time"
)

func TestGapMeterKeepsTheLongestGapOfTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Ages count from the bubble's clock, which starts in the past.
		defer func(before time.Time) { epoch = before }(epoch)
		epoch = time.Now()

		var m gapMeter
		after := func(d time.Duration, then func()) {
			time.Sleep(d)
			then()
		}
		want := func(when string, ms float64) {
			t.Helper()
			if got := m.milliseconds(); got != ms {
				t.Errorf("%s the longest gap is %v ms, want %v", when, got, ms)
			}
		}
		m.received()
		after(time.Minute, m.received)
		after(time.Minute, m.begin)
		want("before anything of the window", 0)
		after(3*time.Millisecond, m.received)
		after(time.Millisecond, m.received)
		want("after two receptions", 3)
		after(5*time.Millisecond, m.end)
		after(time.Minute, m.received)
		want("after the end, which closes a gap,", 5)
	})
}

func TestNoGapMeterMeasuresNothing(t *testing.T) {
	var m *gapMeter
	m.begin()
	m.received()
	m.end()
	if got := m.milliseconds(); !math.IsNaN(got) {
		t.Errorf("the longest gap is %v ms, want none", got)
	}
}
