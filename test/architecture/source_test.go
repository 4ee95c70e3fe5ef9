package architecture

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxLines is how long a source file may be, tests aside. A longer file is two nouns.
const maxLines = 600

// Names that say nothing about what a package holds.
var emptyNames = []string{"util", "utils", "common", "helper", "helpers", "types", "misc", "shared"}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) == 0 {
			continue
		}
		path := filepath.Join(p.Dir, "doc.go")
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Errorf("%s: %v", p.path(), err)
			continue
		}
		want := "Package " + p.Name + " "
		if p.Name == "main" {
			want = "Command "
		}
		if !strings.HasPrefix(file.Doc.Text(), want) {
			t.Errorf("%s/doc.go: the package comment does not begin with %q", p.path(), want)
		}
	}
}

func TestPackageNames(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains(emptyNames, p.Name) || slices.Contains(emptyNames, filepath.Base(p.Dir)) {
			t.Errorf("%s: the name does not say what the package holds", p.path())
		}
	}
}

func TestFileLength(t *testing.T) {
	for _, p := range packages(t) {
		for _, path := range p.files() {
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if lines := bytes.Count(source, []byte("\n")); lines > maxLines && !ast.IsGenerated(parse(t, path)) {
				t.Errorf("%s: %d lines, more than %d", path, lines, maxLines)
			}
		}
	}
}

// Drivers are registered by a list that cmd passes on, never by being imported.
func TestNoInit(t *testing.T) {
	for _, p := range packages(t) {
		for _, path := range p.files() {
			for _, declaration := range parse(t, path).Decls {
				if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s: has an init function", path)
				}
			}
		}
		if !within(p.path(), "cmd") {
			continue
		}
		for _, path := range p.files() {
			for _, spec := range parse(t, path).Imports {
				if spec.Name != nil && spec.Name.Name == "_" {
					t.Errorf("%s: imports %s for its side effects", path, spec.Path.Value)
				}
			}
		}
	}
}

// contracts are the packages of sdk whose interfaces drivers satisfy.
var contracts = []string{"auth", "storage", "transform"}

// What only some drivers can do is told by the capability bits that they state. An assertion would lie: the stand-in of a driver in another
// process satisfies every interface.
func TestNoAssertionsOnDrivers(t *testing.T) {
	for _, p := range packages(t) {
		for _, path := range p.files() {
			ast.Inspect(parse(t, path), func(node ast.Node) bool {
				switch n := node.(type) {
				case *ast.TypeAssertExpr:
					if asksForContract(n.Type) {
						t.Errorf("%s: asserts a contract's interface", path)
					}
				case *ast.TypeSwitchStmt:
					for _, clause := range n.Body.List {
						if slices.ContainsFunc(clause.(*ast.CaseClause).List, asksForContract) {
							t.Errorf("%s: switches on a contract's interface", path)
						}
					}
				}
				return true
			})
		}
	}
}

// asksForContract reports whether a type that is asserted is an interface written on the spot or one of a contract's package.
func asksForContract(asserted ast.Expr) bool {
	switch e := asserted.(type) {
	case *ast.InterfaceType:
		return true
	case *ast.SelectorExpr:
		name, ok := e.X.(*ast.Ident)
		return ok && slices.Contains(contracts, name.Name)
	}
	return false
}

func parse(t *testing.T, path string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// driverFiles are what every driver's folder has, so that a reader guesses the file before opening it.
var driverFiles = []string{"driver.go", "config.go", "doc.go", "README.md", "driver_test.go"}

func TestDriverFolders(t *testing.T) {
	for _, kind := range []string{"auth-drivers", "storage-drivers"} {
		folders, err := os.ReadDir(filepath.Join(root(t), kind))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, folder := range folders {
			if folder.Name() == "internal" { // what drivers of one kind share
				continue
			}
			if !folder.IsDir() {
				t.Errorf("%s/%s: only drivers' folders belong here", kind, folder.Name())
				continue
			}
			for _, name := range driverFiles {
				if _, err := os.Stat(filepath.Join(root(t), kind, folder.Name(), name)); err != nil {
					t.Errorf("%s/%s: %s is missing", kind, folder.Name(), name)
				}
			}
		}
	}
}
