package server

import (
	"os/exec"
	"syscall"
)

// adopt has the kernel end the child when the test run dies without running its cleanups.
func adopt(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
