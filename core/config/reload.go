package config

import (
	"context"
	"slices"

	"github.com/trellismq/trellis/sdk/option"
)

// Owner owns sections of the options: it applies them while the server runs.
type Owner interface {
	// Prepare gets ready to go from old to new: it opens, checks and builds what
	// can fail, and has no effect that anyone could see. It returns nil when
	// nothing of the owner's changed. Prepare must return when ctx ends.
	Prepare(ctx context.Context, old, new *Options) (Change, error)
}

// Change is a prepared step of a reload. Exactly one of its methods is called,
// once.
type Change interface {
	// Commit makes the change take effect. It cannot fail.
	Commit()
	// Abort gives back what Prepare took.
	Abort()
}

// Reload takes all owners from old to new options, or none of them: every owner
// prepares; if one fails, what was prepared is aborted, last first, and its
// error is returned; else all commit in the order of owners. A difference that no
// reload can apply is refused before anyone prepares. Reloads must not run at the
// same time.
func Reload(ctx context.Context, owners []Owner, old, new *Options) error {
	if err := Refused(old, new); err != nil {
		return err
	}
	var changes []Change
	abort := func() {
		for _, change := range slices.Backward(changes) {
			change.Abort()
		}
	}
	for _, owner := range owners {
		change, err := owner.Prepare(ctx, old, new)
		if err == nil {
			err = context.Cause(ctx)
		}
		if change != nil {
			changes = append(changes, change)
		}
		if err != nil {
			abort()
			return err
		}
	}
	for _, change := range changes {
		change.Commit()
	}
	return nil
}

// Diff returns the options that differ, in the order of the option table.
func Diff(old, new *Options) []option.Difference {
	return root().Diff(old, new)
}

// RefusedError names an option that cannot change while the server runs.
type RefusedError struct{ Difference option.Difference }

// Error returns the text that users of nats-server know; secrets are blanked.
func (e *RefusedError) Error() string { return e.Difference.Refusal() }

// Refused returns a *RefusedError for the first difference that a reload cannot
// apply, or nil.
func Refused(old, new *Options) error {
	for _, d := range Diff(old, new) {
		if d.Refusal() != "" && !excused(d, old, new) {
			return &RefusedError{Difference: d}
		}
	}
	return nil
}

// excused reports whether a difference that is refused in general can be applied
// after all: a stand-in user that leaves together with the option, and naming the
// system account by its default name.
func excused(d option.Difference, old, new *Options) bool {
	switch d.Path {
	case "no_auth_user":
		if new.System.NoAuthUser != "" {
			return false
		}
		for _, u := range new.AccountUsers() {
			if u.Key() == old.System.NoAuthUser {
				return false
			}
		}
		return true
	case "system_account":
		return old.System.Account == SystemAccount && new.System.Account == ""
	}
	return false
}

// ReloadLines returns the log lines that tell of the differences, each once.
func ReloadLines(diffs []option.Difference) []string {
	var lines []string
	for _, d := range diffs {
		if line := d.Line(); line != "" && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}
