package daemon

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const ownProgram = `package main

import (
	"context"

	"github.com/trellismq/trellis/cmd/daemon"
	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/host"
	"github.com/trellismq/trellis/sdk/option"
)

func main() { daemon.Main(daemon.Drivers{Auth: []auth.Driver{closed{}}}) }

type closed struct{}

func (closed) Describe() auth.Description {
	return auth.Description{Name: "closed", Options: option.NewTable()}
}

func (closed) Open(context.Context, *option.Settings, host.Host) (auth.Authenticator, error) {
	return closed{}, nil
}

func (closed) Authenticate(context.Context, *auth.Attempt) (auth.Verdict, error) {
	return auth.Verdict{Outcome: auth.Reject}, nil
}

func (closed) Close(context.Context) error { return nil }
`

// A module that is not ours builds a program with a driver of its own.
func TestProgramOfAnotherModule(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	requirements, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	requirements = bytes.Replace(requirements, []byte("module "+module), []byte("module example.com/broker"), 1)
	requirements = append(requirements, "\nrequire "+module+" v0.0.0\nreplace "+module+" => "+root+"\n"...)
	dir := t.TempDir()
	for name, text := range map[string][]byte{"go.mod": requirements, "go.sum": sums, "main.go": []byte(ownProgram)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, "broker.exe")
	build := exec.Command("go", "build", "-mod=mod", "-o", program, ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(args ...string) string {
		out, _ := exec.Command(program, args...).CombinedOutput() // the exit code shows in what is said
		return string(out)
	}
	if out := run("-t", "-c", write(t, "auth: [{driver: closed}]\n")); !strings.Contains(out, "is valid") {
		t.Errorf("with its own driver: %s", out)
	}
	if out := run("-c", write(t, "authorization { token: x }\n")); !strings.Contains(out, `unknown authenticator driver "token", this program has: closed`) {
		t.Errorf("with a driver it was built without: %s", out)
	}
}
