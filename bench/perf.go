package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// The kernel's trace points that perf counts.
const (
	futexEvent = "syscalls:sys_enter_futex"
	callEvent  = "raw_syscalls:sys_enter"
)

// perfWorks says whether perf is there and the kernel lets it count the trace
// points.
func perfWorks(ctx context.Context) bool {
	return exec.CommandContext(ctx, "perf", "stat", "-e", futexEvent+","+callEvent, "true").Run() == nil
}

// A perfTracer counts with perf stat, which attaches to the running server and
// is told through a pipe when to count.
type perfTracer struct {
	dir     string
	out     string // file with the counts
	cmd     *exec.Cmd
	control *os.File // commands to perf
	answers *os.File // its acknowledgements
}

func (*perfTracer) wrap() []string { return nil }

func (t *perfTracer) begin(ctx context.Context, s *server) error {
	t.out = filepath.Join(t.dir, fmt.Sprintf("perf-%d", s.pid))
	commands, control, err := os.Pipe()
	if err != nil {
		return err
	}
	defer commands.Close()
	answers, acknowledge, err := os.Pipe()
	if err != nil {
		return errors.Join(err, control.Close())
	}
	defer acknowledge.Close()
	t.control, t.answers = control, answers

	t.cmd = exec.CommandContext(ctx, "perf", "stat", "-x", ",", "-o", t.out,
		"-e", futexEvent+","+callEvent, "-p", strconv.Itoa(s.pid),
		"--delay=-1", "--control=fd:3,4") // the first of ExtraFiles is descriptor 3
	t.cmd.ExtraFiles = []*os.File{commands, acknowledge}
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := t.cmd.Start(); err != nil {
		return errors.Join(fmt.Errorf("start perf: %w", err), t.closePipes())
	}
	return t.tell("enable")
}

// tell sends perf a command and waits until it has obeyed.
func (t *perfTracer) tell(command string) error {
	if _, err := fmt.Fprintln(t.control, command); err != nil {
		return fmt.Errorf("perf: %s: %w", command, err)
	}
	if _, err := bufio.NewReader(t.answers).ReadString('\n'); err != nil {
		return fmt.Errorf("perf: %s: %w", command, err)
	}
	return nil
}

func (t *perfTracer) end() (calls, error) {
	told := t.tell("disable")
	// perf writes its counts when it is interrupted, and exits as one that was.
	err := errors.Join(told, t.cmd.Process.Signal(os.Interrupt), t.closePipes())
	_ = t.cmd.Wait()
	if err != nil {
		return calls{}, err
	}
	text, err := os.ReadFile(t.out)
	if err != nil {
		return calls{}, err
	}
	return parsePerf(string(text))
}

func (t *perfTracer) closePipes() error {
	return errors.Join(t.control.Close(), t.answers.Close())
}

// parsePerf reads "count,unit,event,..." lines. An event that never happened is
// written in words instead of a zero.
func parsePerf(text string) (calls, error) {
	found := calls{math.NaN(), math.NaN()}
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimSpace(line), ",")
		if len(fields) < 3 {
			continue
		}
		n, err := strconv.ParseFloat(fields[0], 64)
		if fields[0] == "<not counted>" {
			n, err = 0, nil
		}
		if err != nil {
			return calls{}, fmt.Errorf("perf printed %q: %w", line, err)
		}
		switch fields[2] {
		case futexEvent:
			found.futex = n
		case callEvent:
			found.all = n
		}
	}
	if math.IsNaN(found.futex) {
		return calls{}, fmt.Errorf("perf counted no %s: %q", futexEvent, text)
	}
	return found, nil
}
