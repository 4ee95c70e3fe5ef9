package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The names of the two servers, as flags, tables and messages use them.
const (
	trellisName = "trellis"
	natsName    = "nats-server"
)

// A program is the executable of a server.
type program struct {
	name string // trellisName or natsName
	path string
	open bool // to be started without accounts, users and permissions
}

// buildTrellis builds the program of the module that holds this one. The bench
// has to run inside its own folder for that.
func buildTrellis(ctx context.Context, dir string) (program, error) {
	home, err := goTool(ctx, ".", "list", "-f", "{{.Module.Dir}}", ".")
	if err != nil {
		return program{}, fmt.Errorf("find the source of trellis (run bench in its own folder, or name a binary with -trellis): %w", err)
	}
	b := program{name: trellisName, path: filepath.Join(dir, trellisName)}
	source := filepath.Dir(home)
	_, err = goTool(ctx, source, "build", revisionStamp(ctx, source), "-o", b.path, "./cmd/trellis")
	return b, err
}

// revisionStamp returns the flag of go build that has the revision of the source
// recorded, where git can tell it, whatever GOFLAGS says: without it the head of
// a table does not say what was measured.
func revisionStamp(ctx context.Context, source string) string {
	if exec.CommandContext(ctx, "git", "-C", source, "status", "--porcelain").Run() != nil {
		return "-buildvcs=false"
	}
	return "-buildvcs=true"
}

// buildNats builds the nats-server release that go.mod pins.
func buildNats(ctx context.Context, dir string) (program, error) {
	b := program{name: natsName, path: filepath.Join(dir, natsName)}
	_, err := goTool(ctx, ".", "build", "-o", b.path, "github.com/nats-io/nats-server/v2")
	if err != nil {
		err = fmt.Errorf("%w (run bench in its own folder, or name a binary with -nats)", err)
	}
	return b, err
}

// goTool runs the go command in the folder and returns its trimmed output.
func goTool(ctx context.Context, folder string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = folder
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, errs.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// describe says what the program was built from and with.
func (b program) describe() string {
	info, err := buildinfo.ReadFile(b.path)
	if err != nil {
		return fmt.Sprintf("%s (no build information: %v)", b.name, err)
	}
	version := info.Main.Version
	settings := make(map[string]string, len(info.Settings))
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if version == "" || version == "(devel)" {
		version = "development build"
	}
	if revision := settings["vcs.revision"]; revision != "" && !strings.Contains(version, revision[:12]) {
		version += " " + revision[:12]
	}
	if settings["vcs.modified"] == "true" && !strings.Contains(version, "dirty") {
		version += " with uncommitted changes"
	}
	return fmt.Sprintf("%s %s, %s", b.name, version, info.GoVersion)
}

// existing returns the program at a path that was given by hand.
func existing(name, path string) (program, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return program{}, err
	}
	if _, err := os.Stat(path); err != nil {
		return program{}, fmt.Errorf("binary of %s: %w", name, err)
	}
	return program{name: name, path: path}, nil
}
