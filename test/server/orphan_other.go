//go:build !linux

package server

import "os/exec"

func adopt(*exec.Cmd) {}
