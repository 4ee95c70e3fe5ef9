package interop

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trellismq/trellis/test/server"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

// enable is the environment variable that allows these tests to install packages.
const enable = "TRELLIS_INTEROP"

// How long installing a client's packages, and a client's whole run, may take.
const (
	prepareTime = 8 * time.Minute
	runTime     = time.Minute
)

// steps are what every client does, in this order.
var steps = []string{"connect", "publish", "request", "queue", "headers", "no-responders", "drain", "reconnect"}

// A client is a program in another language.
type client struct {
	name    string
	folder  string
	tools   []string   // programs that must be there
	prepare [][]string // commands that install packages and compile, in folder
	command []string   // runs the client, in folder
}

var clients = []client{
	{
		name: "nats.js", folder: "node", tools: []string{"node", "npm"},
		prepare: [][]string{{"npm", "install", "--no-fund", "--no-audit", "--no-package-lock"}},
		command: []string{"node", "interop.mjs", "@nats-io/transport-node"},
	},
	{
		name: "nats.js 2", folder: "node", tools: []string{"node", "npm"},
		prepare: [][]string{{"npm", "install", "--no-fund", "--no-audit", "--no-package-lock"}},
		command: []string{"node", "interop.mjs", "nats"},
	},
	{
		name: "nats.py", folder: "python", tools: []string{"python3"},
		prepare: [][]string{{"python3", "-m", "venv", ".venv"}, {".venv/bin/pip", "install", "--quiet", "-r", "requirements.txt"}},
		command: []string{".venv/bin/python", "interop.py"},
	},
	{
		name: "nats.rs", folder: "rust", tools: []string{"cargo"},
		prepare: [][]string{{"cargo", "build", "--quiet"}},
		command: []string{"target/debug/interop"},
	},
	{
		name: "nats.java", folder: "java", tools: []string{"java", "javac", "mvn"},
		prepare: [][]string{{"mvn", "--quiet", "--batch-mode", "compile", "dependency:copy-dependencies"}},
		command: []string{"java", "-cp", "target/classes:target/dependency/*", "Interop"},
	},
	{
		name: "nats.c", folder: "c", tools: []string{"cc"},
		prepare: [][]string{{"mkdir", "-p", "target"}, {"cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-o", "target/interop", "interop.c", "-lnats"}},
		command: []string{"target/interop"},
	},
}

func TestClients(t *testing.T) {
	t.Run("spec 01 #129", func(t *testing.T) {
		for _, c := range clients {
			t.Run(c.name, func(t *testing.T) {
				if os.Getenv(enable) == "" {
					t.Skipf("set %s=1 to install the client's packages and run it", enable)
				}
				for _, tool := range c.tools {
					if _, err := exec.LookPath(tool); err != nil {
						t.Skipf("NOT TESTED: %s is missing", tool)
					}
				}
				for _, command := range c.prepare {
					c.run(t, command)
				}
				c.test(t)
			})
		}
	})
}

// run executes a command in the client's folder.
func (c client) run(t *testing.T, command []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), prepareTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.path(command[0]), command[1:]...)
	cmd.Dir = c.folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
}

// path makes the path of a program inside the client's folder absolute; others are looked up as usual.
func (c client) path(program string) string {
	if !strings.Contains(program, "/") {
		return program
	}
	absolute, err := filepath.Abs(filepath.Join(c.folder, program))
	if err != nil {
		return program
	}
	return absolute
}

// test runs the client against a server, which is killed and started again when the client asks for it.
func (c client) test(t *testing.T) {
	broker := server.Start(t, server.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), runTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.path(c.command[0]), c.command[1:]...)
	cmd.Dir = c.folder
	cmd.Env = append(os.Environ(), "NATS_URL="+broker.URL(""))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var done []string
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		line := lines.Text()
		if line == "restart" {
			address := broker.Addr()
			broker.Kill()
			broker = server.Start(t, server.Options{Listen: address})
			continue
		}
		done = append(done, strings.TrimPrefix(line, "ok "))
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("after %q: %v\n%s", done, err, stderr.String())
	}
	if got, want := strings.Join(done, " "), strings.Join(steps, " "); got != want {
		t.Errorf("steps done: %s; want: %s", got, want)
	}
}
