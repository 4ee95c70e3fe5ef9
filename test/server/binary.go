package server

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// BinaryVariable is the environment variable that names the program under test.
const BinaryVariable = "TRELLIS_TEST_BINARY"

const program = "github.com/trellismq/trellis/cmd/trellis"

// waiting is how many tests run at a time: most of them wait for a timer of the broker, so the
// number of processors is no measure.
const waiting = "16"

// built is the program made by this test run: at most one, whichever test asks first.
var built struct {
	once sync.Once
	dir  string
	path string
	err  error
}

// Main runs the tests of a package and removes what Binary built. It is the body of TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(server.Main(m)) }
func Main(m *testing.M) int {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		if err := flag.Set("test.parallel", waiting); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	code := m.Run()
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	return code
}

// Binary returns the path of the program under test, building it on the first call if the
// environment names none. Safe for concurrent use.
func Binary(tb testing.TB) string {
	tb.Helper()
	built.once.Do(func() {
		if named := os.Getenv(BinaryVariable); named != "" {
			built.path, built.err = exec.LookPath(named)
			return
		}
		built.path, built.err = build()
	})
	if built.err != nil {
		tb.Fatalf("no program to test: %v", built.err)
	}
	return built.path
}

func build() (string, error) {
	dir, err := os.MkdirTemp("", "trellis-test-")
	if err != nil {
		return "", err
	}
	built.dir = dir
	path := filepath.Join(dir, "trellis")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	args := append([]string{"build", "-o", path}, raceFlag...)
	out, err := exec.Command("go", append(args, program)...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", program, err, out)
	}
	return path, nil
}
