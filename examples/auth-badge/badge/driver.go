package badge

import (
	"bufio"
	"context"
	"crypto/subtle"
	"fmt"
	"os"
	"strings"

	"github.com/trellismq/trellis/sdk/auth"
	"github.com/trellismq/trellis/sdk/host"
	"github.com/trellismq/trellis/sdk/option"
)

// Driver makes authenticators that look badges up in a file.
type Driver struct{}

var (
	file    = option.Text("file").Required().Doc("File of badges: on each line a name and a number.")
	account = option.Text("account").Default("BADGE").Doc("Account of everybody with a badge.")
	table   = option.NewTable(file, account)
)

// Describe tells what the driver is.
func (Driver) Describe() auth.Description {
	return auth.Description{
		Name:         "badge",
		Summary:      "people with a badge, listed in a file",
		Reads:        []auth.AttemptField{auth.ReadsUser, auth.ReadsPassword},
		Options:      table,
		Capabilities: auth.Reevaluates,
	}
}

// Open remembers which file to look into, and refuses one that cannot be read.
func (Driver) Open(_ context.Context, settings *option.Settings, _ host.Host) (auth.Authenticator, error) {
	d := &door{file: file.Get(settings), account: account.Get(settings)}
	if _, _, err := d.number(""); err != nil {
		return nil, err
	}
	return d, nil
}

type door struct{ file, account string }

// Authenticate lets in who is listed and knows the number; who is not listed may
// be known to another authenticator.
func (d *door) Authenticate(_ context.Context, attempt *auth.Attempt) (auth.Verdict, error) {
	number, listed, err := d.number(attempt.User)
	switch {
	case err != nil:
		return auth.Verdict{}, err
	case !listed:
		return auth.Verdict{Outcome: auth.NotMine}, nil
	case subtle.ConstantTimeCompare([]byte(number), []byte(attempt.Password)) == 0:
		return auth.Verdict{Outcome: auth.Reject, Detail: "wrong badge number"}, nil
	}
	return auth.Verdict{Outcome: auth.Accept, Identity: &auth.Identity{
		User: attempt.User, Key: attempt.User, Account: d.account,
		Permissions: &auth.Permissions{Publish: auth.Subjects{Allow: []string{"door.>"}}},
	}}, nil
}

// number looks a name up. The file is read each time, so that it may be edited.
func (d *door) number(name string) (number string, listed bool, err error) {
	f, err := os.Open(d.file)
	if err != nil {
		return "", false, fmt.Errorf("badges: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if badge := strings.Fields(lines.Text()); len(badge) == 2 && badge[0] == name {
			return badge[1], true, nil
		}
	}
	return "", false, lines.Err()
}

// Close has nothing to release.
func (d *door) Close(context.Context) error { return nil }
