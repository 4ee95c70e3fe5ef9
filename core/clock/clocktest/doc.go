// Package clocktest has a clock that stands still until a test moves it, for tests of whatever takes its time from core/clock.
package clocktest
