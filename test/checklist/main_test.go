package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the expected reports in testdata")

// The expected reports are files, because a name of a line inside this file would count as its test.
func TestReports(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		code int
	}{
		{"names", []string{"-root", "testdata/repo"}, 1},
		{"results", []string{"-root", "testdata/repo", "-results", "testdata/first.json,testdata/second.json"}, 1},
		{"failures", []string{"-failures", "testdata/first.json,testdata/second.json"}, 1},
		{"no-failures", []string{"-failures", "testdata/second.json"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if code := run(test.args, &stdout, &stderr); code != test.code {
				t.Errorf("exit code %d, want %d; %s", code, test.code, stderr.String())
			}
			golden := filepath.Join("testdata", test.name+".golden")
			if *update {
				if err := os.WriteFile(golden, stdout.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got := filepath.ToSlash(stdout.String()); got != string(want) {
				t.Errorf("printed\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestBadInput(t *testing.T) {
	var stdout, stderr bytes.Buffer
	for _, args := range [][]string{
		{"-root", "testdata/nowhere"},
		{"-root", "testdata/repo", "-results", "testdata/nowhere.json"},
		{"-failures", "testdata/nowhere.json"},
		{"-nosuchflag"},
	} {
		if code := run(args, &stdout, &stderr); code != 2 {
			t.Errorf("%q: exit code %d, want 2", args, code)
		}
	}
}

func TestParseChecklistRefusesGaps(t *testing.T) {
	_, err := parseChecklist(strings.NewReader("1. One.\n3. Three.\n"), "x.md", 1)
	if err == nil || !strings.Contains(err.Error(), "x.md:2: number 3 where 2 was expected") {
		t.Errorf("error %v, want one that names line 2", err)
	}
}

func TestUnknownFeature(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"README.md": "| tls | TLS on listeners |\n",
		"01-a.md":   "1. One. (waits: tsl)\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := readChecklists(dir); err == nil || !strings.Contains(err.Error(), `"tsl"`) {
		t.Errorf("error %v, want one that names the feature", err)
	}
}

func TestInexactName(t *testing.T) {
	dir := t.TempDir()
	source := "package a\n\nvar name = \"spec 01 " + "#1 and more\"\n"
	if err := os.WriteFile(filepath.Join(dir, "a_test.go"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := testNames(dir); err == nil || !strings.Contains(err.Error(), "a_test.go:3:12") {
		t.Errorf("error %v, want one with the position of the name", err)
	}
}

// Every line and every scenario of this repository that does not wait must have its test; here the scenarios.
func TestScenarios(t *testing.T) {
	t.Run("spec 10 #1", func(t *testing.T) {
		root := filepath.Join("..", "..")
		entries, err := readChecklists(filepath.Join(root, "docs", "compatibility"))
		if err != nil {
			t.Fatal(err)
		}
		names, err := testNames(root)
		if err != nil {
			t.Fatal(err)
		}
		scenarios := 0
		for _, e := range entries {
			if !strings.Contains(e.name, "scenario") {
				continue
			}
			scenarios++
			if e.needsTest() && len(names[e.name]) == 0 {
				t.Errorf("%s: no test named %q", e.place, e.name)
			}
		}
		if scenarios != 25 {
			t.Errorf("%d scenarios are listed, want 25", scenarios)
		}
	})
}
