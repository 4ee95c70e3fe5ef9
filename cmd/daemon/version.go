package daemon

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/trellismq/trellis/core/broker"
)

// name is what the program calls itself, whatever its file is called.
const name = "trellis"

const module = "github.com/trellismq/trellis"

// unversioned is the version of a program built from a working copy.
const unversioned = "0.0.0-devel"

// build is what is known about where the program came from.
type build struct {
	version string // of Trellis, without the v
	commit  string // first 7 digits of the revision, empty when unknown
}

// currentBuild reads what the Go tool noted in the program.
func currentBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return build{version: unversioned}
	}
	return buildOf(info)
}

// buildOf finds Trellis in a program: as its main module, or, in a program with
// drivers of its own, as one it depends on.
func buildOf(info *debug.BuildInfo) build {
	if info.Main.Path == module {
		return build{version: versionText(info.Main.Version), commit: revision(info.Settings)}
	}
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return build{version: versionText(dependency.Version)}
		}
	}
	return build{version: unversioned}
}

func versionText(v string) string {
	if v == "" || v == "(devel)" {
		return unversioned
	}
	return strings.TrimPrefix(v, "v")
}

func revision(settings []debug.BuildSetting) string {
	const digits = 7
	for _, s := range settings {
		if s.Key == "vcs.revision" && len(s.Value) >= digits {
			return s.Value[:digits]
		}
	}
	return ""
}

// commitText is the commit as the log shows it.
func (b build) commitText() string {
	if b.commit == "" {
		return "not set"
	}
	return b.commit
}

// printVersion answers -v: our own version, then that of nats-server whose
// behaviour we have.
func printVersion(w io.Writer, b build) {
	fmt.Fprintf(w, "%s: v%s, NATS v%s\n", name, b.version, broker.NATSVersion)
}
