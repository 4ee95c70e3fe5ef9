package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// An outcome is what the tests of one line came to, over all runs that were given. A failure outweighs a pass, a pass outweighs a skip.
type outcome int

const (
	notRun outcome = iota
	skipped
	passed
	failed
)

// An event is the part of a go test -json line that is used here.
type event struct {
	Action, Package, Test, Output string
	ImportPath                    string // instead of Package in events of a build
}

// ranTest matches the element of a subtest's path that names a line: spaces became underscores, and a name used twice under one parent got
// a number.
var ranTest = regexp.MustCompile(`^spec_(\d\d)_(#|scenario_)(\d+)(#\d+)?$`)

// readOutcomes adds the outcomes in the go test -json output of one file.
func readOutcomes(path string, outcomes map[string]outcome) error {
	return eachEvent(path, func(e event) {
		var result outcome
		switch e.Action {
		case "pass":
			result = passed
		case "fail":
			result = failed
		case "skip":
			result = skipped
		default:
			return
		}
		elements := strings.Split(e.Test, "/")
		name, ok := lineName(elements[len(elements)-1])
		if ok {
			outcomes[name] = max(outcomes[name], result)
		}
	})
}

// lineName turns an element of a subtest's path into the name of the line it tests.
func lineName(element string) (string, bool) {
	match := ranTest.FindStringSubmatch(element)
	if match == nil {
		return "", false
	}
	return fmt.Sprintf("spec %s %s%s", match[1], strings.Replace(match[2], "_", " ", 1), match[3]), true
}

// printFailures writes what failed tests of a run wrote, and what the go command said about packages that failed. It returns the number of
// packages that failed.
func printFailures(path string, w io.Writer) (int, error) {
	output := make(map[string][]string) // by package and test
	failures := 0
	err := eachEvent(path, func(e event) {
		key := strings.TrimSpace(e.Package + e.ImportPath + " " + e.Test)
		switch e.Action {
		case "output", "build-output":
			if strings.HasPrefix(e.Output, "=== ") { // the test goes on or pauses: says nothing about a failure
				return
			}
			output[key] = append(output[key], e.Output)
		case "pass", "skip":
			delete(output, key)
		case "fail", "build-fail":
			fmt.Fprintf(w, "%s\n%s", key, strings.Join(output[key], ""))
			if e.Test == "" && e.Action == "fail" {
				failures++
			}
		}
	})
	return failures, err
}

// eachEvent calls visit for every event of a file. Lines that are no events (a build's messages) are passed over.
func eachEvent(path string, visit func(event)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	reader := bufio.NewReader(file)
	for {
		line, err := reader.ReadBytes('\n')
		var e event
		if len(line) > 0 && line[0] == '{' && json.Unmarshal(line, &e) == nil {
			visit(e)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
}
