package main

import (
	"fmt"
	"os"
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

// ownCPUTime returns the CPU time that this process has used so far.
func ownCPUTime() (time.Duration, error) { return cpuTime(os.Getpid()) }

// machineTime returns how long the machine's cores have been busy since it
// started, for anyone, and how long they have existed. It counts ticks of 10 ms.
func machineTime() (busy, all time.Duration, err error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0, err
	}
	return parseMachineTime(string(text))
}

// parseMachineTime reads the first line of /proc/stat: "cpu", then ticks of
// user, nice, system, idle, iowait, irq, softirq, steal and, included in the
// first two, of guests.
func parseMachineTime(text string) (busy, all time.Duration, err error) {
	const (
		tick   = 10 * time.Millisecond
		idle   = 3
		iowait = 4
		kinds  = 8
	)
	line, _, _ := strings.Cut(text, "\n")
	fields := strings.Fields(line)
	if len(fields) < 1+kinds || fields[0] != "cpu" {
		return 0, 0, fmt.Errorf("/proc/stat begins with %q", line)
	}
	for kind, field := range fields[1 : 1+kinds] {
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("/proc/stat begins with %q: %w", line, err)
		}
		all += time.Duration(ticks) * tick
		if kind != idle && kind != iowait {
			busy += time.Duration(ticks) * tick
		}
	}
	return busy, all, nil
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
