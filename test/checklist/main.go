package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main with its surroundings passed in. It returns the exit code: 0 when nothing is missing, 1 when something is, 2 when the
// comparison could not be made.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("checklist", flag.ContinueOnError)
	flags.SetOutput(stderr)
	root := flags.String("root", ".", "top folder of the repository")
	results := flags.String("results", "", "comma-separated files with the output of go test -json")
	failures := flags.String("failures", "", "print what the failed tests in these files wrote, and nothing else")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *failures != "" {
		return showFailures(*failures, stdout, stderr)
	}
	r, err := check(*root, *results)
	if err != nil {
		fmt.Fprintln(stderr, "checklist:", err)
		return 2
	}
	r.print(stdout)
	if !r.ok() {
		return 1
	}
	return 0
}

// check compares the checklists below root with the tests below root and, unless results is empty, with what these tests came to.
func check(root, results string) (report, error) {
	entries, err := readChecklists(filepath.Join(root, "docs", "compatibility"))
	if err != nil {
		return report{}, err
	}
	names, err := testNames(root)
	if err != nil {
		return report{}, err
	}
	var outcomes map[string]outcome
	if results != "" {
		outcomes = make(map[string]outcome)
		for path := range strings.SplitSeq(results, ",") {
			if err := readOutcomes(path, outcomes); err != nil {
				return report{}, err
			}
		}
	}
	return compare(entries, names, outcomes), nil
}

func showFailures(paths string, stdout, stderr io.Writer) int {
	code := 0
	for path := range strings.SplitSeq(paths, ",") {
		count, err := printFailures(path, stdout)
		if err != nil {
			fmt.Fprintln(stderr, "checklist:", err)
			return 2
		}
		if count > 0 {
			code = 1
		}
	}
	return code
}
