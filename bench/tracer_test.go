package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

func TestParsePerf(t *testing.T) {
	got, err := parsePerf("# started on some day\n\n28541,,syscalls:sys_enter_futex,999,100.00,,\n152100,,raw_syscalls:sys_enter,999,100.00,,\n")
	if err != nil || got.futex != 28541 || got.all != 152100 {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = parsePerf("<not counted>,,syscalls:sys_enter_futex,0,100.00,,\n")
	if err != nil || got.futex != 0 || !math.IsNaN(got.all) {
		t.Errorf("an event that never happened gave %+v, %v", got, err)
	}
	for _, text := range []string{"", "many,,syscalls:sys_enter_futex,0,100.00,,\n"} {
		if got, err := parsePerf(text); err == nil {
			t.Errorf("%q was read as %+v", text, got)
		}
	}
}

func TestStraceCountsEachCallOnce(t *testing.T) {
	tracer := newStraceTracer(t.TempDir())
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Clean(tracer.out), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const before = "7 futex(0x1, FUTEX_WAKE_PRIVATE, 1) = 1\n"
	write(before)
	if err := tracer.begin(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	write(before + "7 futex(0x1, FUTEX_WAIT_PRIVATE, 0, NULL <unfinished ...>\n8 futex(0x1, FUTEX_WAKE_PRIVATE, 1) = 1\n7 <... futex resumed>) = 0\n")
	got, err := tracer.end()
	if err != nil || got.futex != 2 {
		t.Errorf("got %+v, %v; want 2 calls", got, err)
	}
}
