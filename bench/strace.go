package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
)

// A straceTracer counts with strace. The server runs under it from the start,
// with a filter in the kernel that stops it at futex calls only: attaching would
// stop it at every call, and a server slowed that much makes other calls.
type straceTracer struct {
	out    string // file with one line per call
	before int
}

func newStraceTracer(dir string) *straceTracer {
	return &straceTracer{out: filepath.Join(dir, "strace")}
}

func (t *straceTracer) wrap() []string {
	return []string{"strace", "-f", "--seccomp-bpf", "-e", "trace=futex", "-o", t.out}
}

func (t *straceTracer) begin(context.Context, *server) (err error) {
	t.before, err = t.lines()
	return err
}

func (t *straceTracer) end() (calls, error) {
	after, err := t.lines()
	return calls{float64(after - t.before), math.NaN()}, err
}

// lines counts the calls so far. One that another thread interrupts takes a
// second line, without the parenthesis.
func (t *straceTracer) lines() (int, error) {
	text, err := os.ReadFile(t.out)
	return bytes.Count(text, []byte(" futex(")), err
}
