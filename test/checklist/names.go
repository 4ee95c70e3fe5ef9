package main

import (
	"fmt"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// testName matches the name of a line's test inside a string literal. What follows the name is the third group, which must be empty: a
// test is named exactly like its line.
var testName = regexp.MustCompile(`^spec (\d\d) (#|scenario )\d+(.*)$`)

// testNames maps the name of a line to the places (file:line) of the string literals in test files below root that are this name. It
// walks into nested modules and past folders that hold nothing of ours.
func testNames(root string) (map[string][]string, error) {
	names := make(map[string][]string)
	err := filepath.WalkDir(root, func(path string, item fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if item.IsDir() {
			if name := item.Name(); path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "target") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		return namesOf(path, names)
	})
	return names, err
}

// namesOf adds the names found in one file. It reads tokens, so that comments do not count.
func namesOf(path string, names map[string][]string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	files := token.NewFileSet()
	file := files.AddFile(path, -1, len(source))
	var s scanner.Scanner
	s.Init(file, source, nil, 0)
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			return nil
		}
		if tok != token.STRING {
			continue
		}
		text, err := strconv.Unquote(literal)
		if err != nil {
			continue
		}
		match := testName.FindStringSubmatch(text)
		if match == nil {
			continue
		}
		if match[3] != "" {
			return fmt.Errorf("%s: a test named %q: the name must end with the number", files.Position(pos), text)
		}
		names[text] = append(names[text], files.Position(pos).String())
	}
}
