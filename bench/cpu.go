package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime returns the CPU time that the process has used so far, user and
// system, threads that have ended included. It reads the process's CPU clock,
// which counts nanoseconds; utime and stime in /proc count ticks of 10 ms, too
// coarse for a second of light load.
func cpuTime(pid int) (time.Duration, error) {
	// clock_getcpuclockid(3): the complement of the pid, then the kind of clock
	// in the low bits; 2 is the scheduler's clock of a whole process.
	clock := int32(^pid<<3 | 2)
	var now unix.Timespec
	if err := unix.ClockGettime(clock, &now); err != nil {
		return 0, fmt.Errorf("CPU clock of process %d: %w", pid, err)
	}
	return time.Duration(now.Nano()), nil
}

// residentMemory returns the process's resident set in bytes: all of it, and
// the anonymous part, which leaves out the pages of the executable.
func residentMemory(pid int) (all, anonymous float64, err error) {
	path := fmt.Sprintf("/proc/%d/status", pid)
	if all, err = parseKibibytes(procField(path, "VmRSS")); err != nil {
		return 0, 0, fmt.Errorf("resident memory of process %d: %w", pid, err)
	}
	if anonymous, err = parseKibibytes(procField(path, "RssAnon")); err != nil {
		return 0, 0, fmt.Errorf("anonymous memory of process %d: %w", pid, err)
	}
	return all, anonymous, nil
}

// parseKibibytes reads a size of /proc such as "1234 kB", in bytes.
func parseKibibytes(value string) (float64, error) {
	digits, _, _ := strings.Cut(value, " ")
	n, err := strconv.ParseUint(digits, 10, 64)
	return float64(n) * 1024, err
}
