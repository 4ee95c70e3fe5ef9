package host

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/auth"
	sdk "github.com/trellismq/trellis/sdk/host"
	"github.com/trellismq/trellis/sdk/option"
)

var _ config.Owner = (*Authentication)(nil)

// leveled answers with its level as the user's name.
func leveled(ctx context.Context, level string, attempt *auth.Attempt) (auth.Verdict, error) {
	return letIn(level, "")(ctx, level, attempt)
}

// drained waits until the generation is closed.
func drained(t *testing.T, g *generation) {
	t.Helper()
	<-g.closed
}

// eventually waits for what another goroutine does on its own.
func eventually(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("has not happened")
		}
	}
}

func TestReload(t *testing.T) {
	one, two := &fake{name: "one", answer: notMine}, &fake{name: "two", answer: leveled}
	a := serving(t, Environment{}, `auth: [ { driver: one, config: { level: a } }, { driver: two, config: { level: x } } ]`, one, two)
	first := a.current.Load()

	t.Run("nothing changed", func(t *testing.T) {
		change, err := a.Prepare(context.Background(), nil, options(t,
			"\n\nauth: [\n{ driver: one, config: { LEVEL: a } }\n{ driver: two, config: { level: x } }\n]"))
		if change != nil || err != nil {
			t.Fatalf("%v %v", change, err)
		}
		if opened, _ := one.state(); opened != "a" {
			t.Errorf("opened %q", opened)
		}
	})
	t.Run("one link changed", func(t *testing.T) {
		reload(t, a, options(t, `auth: [ { driver: one, config: { level: a } }, { driver: two, config: { level: y } } ]`))
		drained(t, first.links[1])
		if got := says(a, new(auth.Attempt)); got != "y in $G by two" {
			t.Error(got)
		}
		if opened, closed := one.state(); opened != "a" || closed != "" {
			t.Errorf("the other link: opened %q, closed %q", opened, closed)
		}
		if opened, closed := two.state(); opened != "x y" || closed != "x" {
			t.Errorf("the link: opened %q, closed %q", opened, closed)
		}
	})
	t.Run("order changed", func(t *testing.T) {
		reload(t, a, options(t, `auth: [ { driver: two, config: { level: y } }, { driver: one, config: { level: a } } ]`))
		if opened, closed := two.state(); opened != "x y" || closed != "x" {
			t.Errorf("opened %q, closed %q", opened, closed)
		}
		if got := a.current.Load().links; got[0].name != "two" || got[1].name != "one" {
			t.Error("the order is the old one")
		}
	})
	t.Run("aborted", func(t *testing.T) {
		change, err := a.Prepare(context.Background(), nil, options(t, `auth: [ { driver: two, config: { level: z } } ]`))
		if err != nil {
			t.Fatal(err)
		}
		change.Abort()
		eventually(t, func() bool { _, closed := two.state(); return closed == "x z" })
		if opened, closed := two.state(); opened != "x y z" || closed != "x z" {
			t.Errorf("opened %q, closed %q", opened, closed)
		}
		if got := says(a, new(auth.Attempt)); got != "y in $G by two" {
			t.Error(got)
		}
	})
	t.Run("closed", func(t *testing.T) {
		if err := a.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		_, closedOne := one.state()
		if _, closed := two.state(); closedOne != "a" || closed != "x z y" {
			t.Errorf("closed %q and %q", closedOne, closed)
		}
		if got := says(a, new(auth.Attempt)); got != "error: "+ErrNotServing.Error() {
			t.Error(got)
		}
		if !a.Required() || a.NeedsNonce() {
			t.Error("closed, but open to everybody")
		}
	})
}

func TestFailedPrepareLeavesTheOld(t *testing.T) {
	down := errors.New("directory is down")
	for name, open := range map[string]func(*option.Settings, sdk.Host) error{
		"error": func(s *option.Settings, _ sdk.Host) error {
			if level.Get(s) == "new" {
				return down
			}
			return nil
		},
		"panic": func(s *option.Settings, _ sdk.Host) error {
			if level.Get(s) == "new" {
				panic(down)
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			good, bad := &fake{name: "good", answer: notMine}, &fake{name: "bad", answer: leveled, open: open}
			a := serving(t, Environment{}, `auth: [ { driver: good, config: { level: old } }, { driver: bad, config: { level: old } } ]`, good, bad)
			serving := a.current.Load()
			_, err := a.Prepare(context.Background(), nil, options(t, `auth: [ { driver: good, config: { level: new } }, { driver: bad, config: { level: new } } ]`))
			if err == nil || !strings.Contains(err.Error(), "authenticator bad: ") || !strings.Contains(err.Error(), down.Error()) || !strings.Contains(err.Error(), ".conf:2:") {
				t.Fatalf("error %v", err)
			}
			if a.current.Load() != serving {
				t.Error("another chain serves")
			}
			if got := says(a, new(auth.Attempt)); got != "old in $G by bad" {
				t.Error(got)
			}
			if err := a.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
			// What was opened in vain closes on its own.
			eventually(t, func() bool { _, closed := good.state(); return len(strings.Fields(closed)) == 2 })
			if opened, _ := bad.state(); opened != "old" {
				t.Errorf("opened %q", opened)
			}
		})
	}
}

// A call that is under way keeps its generation open, however long the chain it
// belongs to is history.
func TestOldGenerationDrains(t *testing.T) {
	entered, proceed := make(chan struct{}), make(chan struct{})
	f := &fake{name: "slow", answer: func(ctx context.Context, level string, attempt *auth.Attempt) (auth.Verdict, error) {
		if level == "old" {
			entered <- struct{}{}
			<-proceed
		}
		return leveled(ctx, level, attempt)
	}}
	a := serving(t, Environment{}, `auth: [ { driver: slow, config: { level: old } } ]`, f)
	old := a.current.Load()
	answered := make(chan string)
	go func() { answered <- says(a, new(auth.Attempt)) }()
	<-entered
	reload(t, a, options(t, `auth: [ { driver: slow, config: { level: new } } ]`))
	if got := says(a, new(auth.Attempt)); got != "new in $G by slow" {
		t.Error(got)
	}
	if _, closed := f.state(); closed != "" {
		t.Errorf("closed %q under a call", closed)
	}
	close(proceed)
	if got := <-answered; got != "old in $G by slow" {
		t.Error(got)
	}
	drained(t, old.links[0])
	if _, closed := f.state(); closed != "old" {
		t.Errorf("closed %q", closed)
	}
}

// Attempts and reloads at the same time: everybody gets in, and everything that
// was opened is closed once.
func TestReloadUnderLoad(t *testing.T) {
	f := &fake{name: "fake", answer: leveled}
	a := serving(t, Environment{}, `auth: [ { driver: fake, config: { level: "0" } } ]`, f)
	stop := make(chan struct{})
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got := says(a, new(auth.Attempt)); !strings.HasSuffix(got, " in $G by fake") {
					t.Error(got)
					return
				}
			}
		})
	}
	configurations := []*config.Options{
		options(t, `auth: [ { driver: fake, config: { level: "1" } } ]`),
		options(t, `auth: [ { driver: fake, config: { level: "2" } } ]`),
	}
	var generations []*generation
	for i := range 100 {
		generations = append(generations, a.current.Load().links...)
		reload(t, a, configurations[i%2])
	}
	close(stop)
	asking.Wait()
	for _, g := range generations {
		drained(t, g)
	}
	if err := a.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	opened, closed := f.state()
	if len(strings.Fields(opened)) != 101 || len(strings.Fields(closed)) != 101 {
		t.Errorf("opened %s\nclosed %s", opened, closed)
	}
}

// rechecks remembers which of some identities were selected.
type rechecks struct{ selected [][]string }

func (r *rechecks) recheck(selects func(*auth.Identity) bool) {
	selected := []string{}
	for _, id := range []*auth.Identity{
		{User: "1", Driver: "fake", Key: "k1"}, {User: "2", Driver: "fake", Key: "k2", Account: "A"},
		{User: "3", Driver: "other", Key: "k1", Account: "A"}, {User: "4", Driver: "gone", Key: "k1"},
	} {
		if selects(id) {
			selected = append(selected, id.User)
		}
	}
	r.selected = append(r.selected, selected)
}

func TestAnnounce(t *testing.T) {
	var h sdk.Host
	open := func(_ *option.Settings, given sdk.Host) error {
		h = given
		return nil
	}
	var seen rechecks
	a := serving(t, Environment{Recheck: seen.recheck}, `auth: [ { driver: fake, accounts: [ "$G", A ] } ]`, &fake{name: "fake", answer: notMine, open: open})
	for _, test := range []struct {
		change   sdk.Change
		selected []string
		err      error
	}{
		{sdk.Change{}, []string{"1", "2"}, nil},
		{sdk.Change{Account: "A"}, []string{"2"}, nil},
		{sdk.Change{Account: "$G"}, []string{"1"}, nil},
		{sdk.Change{Key: "k1"}, []string{"1"}, nil},
		{sdk.Change{Account: "A", Key: "k1"}, nil, nil},
		{sdk.Change{Account: "B"}, nil, sdk.ErrNotGranted},
	} {
		seen.selected = nil
		if err := h.Announce(test.change); !errors.Is(err, test.err) {
			t.Errorf("%+v: %v", test.change, err)
		}
		if test.err == nil && (len(seen.selected) != 1 || !slices.Equal(seen.selected[0], test.selected)) {
			t.Errorf("%+v selects %q", test.change, seen.selected)
		}
		if test.err != nil && seen.selected != nil {
			t.Errorf("%+v has an effect", test.change)
		}
	}
	if err := a.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := h.Announce(sdk.Change{}); !errors.Is(err, sdk.ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
}

func TestReloadRechecks(t *testing.T) {
	var seen rechecks
	fakes := []auth.Driver{
		&fake{name: "fake", answer: notMine, capabilities: auth.Reevaluates},
		&fake{name: "other", answer: notMine}, &fake{name: "gone", answer: notMine},
	}
	a := serving(t, Environment{Recheck: seen.recheck}, `auth: [ { driver: fake }, { driver: other }, { driver: gone } ]`, fakes...)
	if len(seen.selected) != 0 {
		t.Errorf("at the start: %q", seen.selected)
	}
	reload(t, a, options(t, `auth: [ { driver: fake }, { driver: other, config: { level: b } } ]`))
	if len(seen.selected) != 1 || !slices.Equal(seen.selected[0], []string{"1", "2", "4"}) {
		t.Errorf("selected %q", seen.selected)
	}
}
