package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the README shows is what the program prints.
func TestOutputAsInReadme(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "$ go run ./examples/roundtrip\n")
	if !found {
		t.Fatal("the README does not show the command")
	}
	want, _, _ := strings.Cut(rest, "```")
	var got bytes.Buffer
	if err := run("", &got); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("printed\n%s\nthe README shows\n%s", got.String(), want)
	}
}

func TestNoBroker(t *testing.T) {
	var out bytes.Buffer
	if err := run("nats://127.0.0.1:1", &out); err == nil || out.Len() > 0 {
		t.Errorf("error %v, printed %q; want an error and nothing printed", err, out.String())
	}
}
