package docs

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/trellismq/trellis/test/server"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

// A document is a Markdown file of the repository.
type document struct {
	path string // below the top folder
	text string
}

var top = filepath.Join("..", "..")

// documents reads every Markdown file that is ours.
func documents(t *testing.T) []document {
	t.Helper()
	var all []document
	err := filepath.WalkDir(top, func(path string, item fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := item.Name(); item.IsDir() && path != top && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "target") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(top, path)
		all = append(all, document{below, string(text)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no document found")
	}
	return all
}

var link = regexp.MustCompile(`\]\(([^()\s]+)\)`)

func TestLinks(t *testing.T) {
	for _, d := range documents(t) {
		prose, _ := split(d.text)
		for _, match := range link.FindAllStringSubmatch(prose, -1) {
			target, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			path := filepath.Join(top, filepath.Dir(d.path), target)
			if target == "" {
				path = filepath.Join(top, d.path)
			}
			text, err := os.ReadFile(path)
			if info, statErr := os.Stat(path); statErr != nil || (err != nil && !info.IsDir()) {
				t.Errorf("%s: %s does not exist", d.path, match[1])
				continue
			}
			if anchor != "" && !hasHeading(string(text), anchor) {
				t.Errorf("%s: %s has no such heading", d.path, match[1])
			}
		}
	}
}

var notInAnchor = regexp.MustCompile(`[^a-z0-9 _-]`)

// hasHeading reports whether a Markdown text has a heading with this anchor.
func hasHeading(text, anchor string) bool {
	for line := range strings.Lines(text) {
		heading := strings.TrimLeft(line, "#")
		if heading == line || !strings.HasPrefix(heading, " ") {
			continue
		}
		plain := notInAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
		if strings.ReplaceAll(plain, " ", "-") == anchor {
			return true
		}
	}
	return false
}

// A block is a fenced part of a document.
type block struct {
	language string
	line     int // of the fence
	text     string
}

// split separates a Markdown text into what is outside of fences and the fenced blocks.
func split(text string) (prose string, blocks []block) {
	var outside, inside strings.Builder
	var open *block
	number := 0
	for line := range strings.Lines(text) {
		number++
		fence, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case isFence && open == nil:
			open = &block{language: fence, line: number}
			inside.Reset()
		case isFence:
			open.text = inside.String()
			blocks = append(blocks, *open)
			open = nil
		case open != nil:
			inside.WriteString(line)
		default:
			outside.WriteString(line)
		}
	}
	return outside.String(), blocks
}

var variable = regexp.MustCompile(`\$([A-Z][A-Z0-9_]*)`)

// excerpts is the page whose blocks are parts of configurations; core/config/conf and core/config/tomlconf compare each with the values that the
// page shows beside it.
const excerpts = "docs/configuration-language.md"

func TestConfigurations(t *testing.T) {
	for _, d := range documents(t) {
		if filepath.ToSlash(d.path) == excerpts {
			continue
		}
		_, blocks := split(d.text)
		for _, b := range blocks {
			if b.language != "nats" && b.language != "toml" {
				continue
			}
			t.Run(fmt.Sprintf("%s:%d", filepath.ToSlash(d.path), b.line), func(t *testing.T) {
				t.Parallel()
				options := server.Options{Config: b.text, File: "shown.conf", Listen: "none", Args: []string{"-t"}}
				if b.language == "toml" {
					options.File = "shown.toml"
				}
				for _, match := range variable.FindAllStringSubmatch(b.text, -1) {
					options.Env = append(options.Env, match[1]+"=of_the_environment")
				}
				check := server.Launch(t, options)
				if code := check.Wait(); code != 0 {
					t.Errorf("exit code %d:\n%s", code, check.Stderr())
				}
			})
		}
	}
}
