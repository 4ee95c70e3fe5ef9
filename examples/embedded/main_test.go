package main

import (
	"bytes"
	"testing"
)

func TestEmbedded(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out); err != nil {
		t.Fatal(err)
	}
	if want := "hello: from the same process\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}
