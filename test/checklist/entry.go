package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An entry is one numbered line of a checklist, or one scenario.
type entry struct {
	name  string   // of its test: "spec 01 #42", "spec 10 scenario 3"
	text  string   // without the marker
	place string   // file:line
	waits []string // features; empty when nothing is missing
	part  int
	// partly is set when only a part of the line waits, so that it needs a test already.
	partly bool
}

// needsTest reports whether the line must be tested by now.
func (e entry) needsTest() bool { return len(e.waits) == 0 || e.partly }

var (
	checklistFile = regexp.MustCompile(`^(\d\d)-.*\.md$`)
	numberedLine  = regexp.MustCompile(`^(\d+)\. (.*)$`)
	waitMarker    = regexp.MustCompile(`^(.*) \((partly )?waits: ([^()]*)\)$`)
	featureRow    = regexp.MustCompile(`^\| ([a-z][a-z-]*) \| .* \|$`)
)

// readChecklists reads every NN-*.md of dir. Features that markers may name are the rows of dir's README.md.
func readChecklists(dir string) ([]entry, error) {
	features, err := readFeatures(filepath.Join(dir, "README.md"))
	if err != nil {
		return nil, err
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, file := range files {
		match := checklistFile.FindStringSubmatch(file.Name())
		if match == nil {
			continue
		}
		part, _ := strconv.Atoi(match[1])
		entries, err := readChecklist(filepath.Join(dir, file.Name()), part)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			for _, feature := range e.waits {
				if !slices.Contains(features, feature) {
					return nil, fmt.Errorf("%s: waits for %q, which the table of features does not know", e.place, feature)
				}
			}
		}
		all = append(all, entries...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no checklist found", dir)
	}
	return all, nil
}

func readFeatures(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var features []string
	for line := range strings.Lines(string(text)) {
		if match := featureRow.FindStringSubmatch(strings.TrimSpace(line)); match != nil && match[1] != "feature" {
			features = append(features, match[1])
		}
	}
	return features, nil
}

func readChecklist(path string, part int) ([]entry, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return parseChecklist(file, path, part)
}

// parseChecklist reads the numbered lines of one file. A line goes on in the indented lines below it; the marker is at the end of the last
// of them. Lines below the heading "Scenarios" are scenarios. Numbers count from 1 without a gap, so that a line lost by an edit is noticed.
func parseChecklist(r io.Reader, path string, part int) ([]entry, error) {
	var entries []entry
	kind, next := "#", 1
	open := false // the last entry may still go on
	scanner := bufio.NewScanner(r)
	for n := 1; scanner.Scan(); n++ {
		line := strings.TrimRight(scanner.Text(), " ")
		if strings.HasPrefix(line, "## ") {
			open = false
			switch was := kind; {
			case line == "## Scenarios":
				kind, next = "scenario ", 1
			case was != "#":
				kind, next = "#", 1
			}
			continue
		}
		match := numberedLine.FindStringSubmatch(line)
		switch {
		case match != nil:
			if number, _ := strconv.Atoi(match[1]); number != next {
				return nil, fmt.Errorf("%s:%d: number %s where %d was expected", path, n, match[1], next)
			}
			entries = append(entries, entry{
				name: fmt.Sprintf("spec %02d %s%d", part, kind, next), text: match[2],
				place: fmt.Sprintf("%s:%d", path, n), part: part,
			})
			next++
			open = true
		case open && strings.HasPrefix(line, "    ") && !strings.HasPrefix(line, "    Ours:"):
			entries[len(entries)-1].text += " " + strings.TrimSpace(line)
		default:
			open = false
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for i := range entries {
		entries[i].takeMarker()
	}
	return entries, nil
}

// takeMarker moves a marker at the end of the text into the fields that it sets.
func (e *entry) takeMarker() {
	match := waitMarker.FindStringSubmatch(e.text)
	if match == nil {
		return
	}
	e.text, e.partly = match[1], match[2] != ""
	for feature := range strings.SplitSeq(match[3], ",") {
		e.waits = append(e.waits, strings.TrimSpace(feature))
	}
}
