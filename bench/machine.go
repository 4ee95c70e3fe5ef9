package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// machine describes where the figures come from, one fact per line.
func machine() []string {
	facts := []string{fmt.Sprintf("CPU: %s, %d cores, %s", procField("/proc/cpuinfo", "model name"), runtime.NumCPU(), runtime.GOARCH)}
	var name unix.Utsname
	if err := unix.Uname(&name); err == nil {
		facts = append(facts, fmt.Sprintf("Kernel: %s %s", unix.ByteSliceToString(name.Sysname[:]), unix.ByteSliceToString(name.Release[:])))
	}
	return append(facts,
		"Memory: "+procField("/proc/meminfo", "MemTotal"),
		"Load generator: on the same cores, over the loopback interface, "+runtime.Version())
}

// procField returns the first value with the name in a file of "name : value"
// lines.
func procField(path, name string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
