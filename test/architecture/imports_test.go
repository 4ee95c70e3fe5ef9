package architecture

import (
	"slices"
	"strings"
	"testing"
)

// An importRule says what the packages below a folder may import of ours. What is not listed they may not.
type importRule struct {
	folder string
	ours   []string
	// standard is set where, of what is not ours, only the standard library may be imported.
	standard bool
}

// importRules stand from the particular to the general: the first whose folder contains a package is the one for it. A folder always may
// import itself.
var importRules = []importRule{
	{folder: "sdk/plugin", ours: []string{"sdk"}},
	{folder: "sdk/proto", ours: []string{"sdk"}},
	{folder: "sdk/conformance", ours: []string{"sdk"}},
	{folder: "sdk", standard: true},
	{folder: "core", ours: []string{"sdk"}},
	{folder: "wasm", ours: []string{"sdk"}},
	{folder: "storage-drivers", ours: []string{"sdk"}},
	{folder: "auth-drivers", ours: []string{"sdk"}},
	{folder: "plugins", ours: []string{"core", "sdk"}},
	{folder: "cmd", ours: []string{""}},
	{folder: "examples", ours: []string{"cmd", "core", "sdk", "auth-drivers", "storage-drivers"}},
	{folder: "test", ours: []string{""}},
}

// within reports whether path is folder or lies below it. Everything lies below the folder "".
func within(path, folder string) bool {
	return folder == "" || path == folder || strings.HasPrefix(path, folder+"/")
}

// ruleFor returns the rule for a package, and false for a folder that no rule knows.
func ruleFor(path string) (importRule, bool) {
	i := slices.IndexFunc(importRules, func(r importRule) bool { return within(path, r.folder) })
	if i < 0 {
		return importRule{}, false
	}
	return importRules[i], true
}

// violation says what is wrong with a package importing another, or "".
func violation(rule importRule, importing, imported string) string {
	if imported == "C" {
		return "uses cgo"
	}
	inner, ours := strings.CutPrefix(imported, module+"/")
	switch {
	case strings.Contains(imported, "nats-server"):
		return "imports nats-server"
	case !ours && rule.standard && strings.Contains(strings.SplitN(imported, "/", 2)[0], "."):
		return "imports " + imported + ", which is not of the standard library"
	case !ours:
		return ""
	case strings.HasPrefix(inner, "test/") && !within(importing, "test"):
		return "imports " + inner + " outside of a test"
	case within(inner, rule.folder):
		return ""
	case !slices.ContainsFunc(rule.ours, func(folder string) bool { return within(inner, folder) }):
		return "imports " + inner
	}
	return ""
}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		rule, known := ruleFor(p.path())
		if !known {
			t.Errorf("%s: no import rule knows this folder", p.path())
			continue
		}
		for _, imported := range p.Imports {
			if fault := violation(rule, p.path(), imported); fault != "" {
				t.Errorf("%s %s", p.path(), fault)
			}
		}
		for _, imported := range append(p.TestImports, p.XTestImports...) {
			if strings.Contains(imported, "nats-server") {
				t.Errorf("the tests of %s import nats-server", p.path())
			}
		}
	}
}

// Plugins know each other only through interfaces of the one that needs something; only programs join them.
func TestPluginsDoNotImportEachOther(t *testing.T) {
	for _, p := range packages(t) {
		own, found := pluginOf(p.path())
		if !found {
			continue
		}
		for _, imported := range p.Imports {
			inner, _ := strings.CutPrefix(imported, module+"/")
			if other, found := pluginOf(inner); found && other != own {
				t.Errorf("%s imports %s", p.path(), inner)
			}
		}
	}
}

// pluginOf returns the name of the plugin whose folder a package lies in.
func pluginOf(path string) (string, bool) {
	parts := strings.SplitN(path, "/", 3)
	if len(parts) < 2 || parts[0] != "plugins" {
		return "", false
	}
	return parts[1], true
}

// The rules themselves: each kind of import that must be noticed is.
func TestViolation(t *testing.T) {
	for _, test := range []struct {
		importing, imported string
		allowed             bool
	}{
		{"core/broker", module + "/sdk/auth", true},
		{"core/broker", module + "/core/subject", true},
		{"core/broker", module + "/auth-drivers/nkey", false},
		{"core/broker", module + "/plugins/host", false},
		{"core/broker", module + "/test/server", false},
		{"core/broker", "golang.org/x/sys/unix", true},
		{"sdk/auth", "context", true},
		{"sdk/auth", "golang.org/x/crypto/bcrypt", false},
		{"sdk/auth", module + "/sdk/option", true},
		{"sdk/auth", module + "/core/subject", false},
		{"sdk/conformance", "pgregory.net/rapid", true},
		{"sdk/conformance", module + "/sdk/auth", true},
		{"auth-drivers/nkey", module + "/sdk/auth", true},
		{"auth-drivers/nkey", module + "/core/broker", false},
		{"plugins/host", module + "/core/broker", true},
		{"plugins/host", module + "/auth-drivers/nkey", false},
		{"cmd/trellis", module + "/auth-drivers/nkey", true},
		{"cmd/trellis", "github.com/nats-io/nats-server/v2/server", false},
		{"test/interop", module + "/test/server", true},
		{"core/broker", "C", false},
	} {
		rule, known := ruleFor(test.importing)
		if !known {
			t.Errorf("%s: no rule", test.importing)
			continue
		}
		if fault := violation(rule, test.importing, test.imported); (fault == "") != test.allowed {
			t.Errorf("%s imports %s: allowed %v, want %v (%s)", test.importing, test.imported, fault == "", test.allowed, fault)
		}
	}
}
