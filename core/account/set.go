package account

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
)

// The accounts that exist without being configured.
const (
	Default = "$G"   // of users that name no account
	System  = "$SYS" // of events and administration
)

// Refusals of Prepare.
var (
	// ErrNoName: a definition has an empty name.
	ErrNoName = errors.New("account without a name")
	// ErrTwice: two definitions have the same name.
	ErrTwice = errors.New("account is defined twice")
	// ErrSystemMissing: the account named as system account is not defined.
	ErrSystemMissing = errors.New("error resolving system account: account missing")
)

// Definitions is what configuration says of all accounts. [Default] needs no
// definition, and neither has [System] when it is the system account.
type Definitions struct {
	Accounts []Definition
	// System names the system account; empty means [System].
	System string
	// NoSystem does without a system account.
	NoSystem bool
}

// Set is the accounts of a broker. All methods are safe for concurrent use.
type Set struct {
	current atomic.Pointer[roster]
}

// roster is one immutable state of a set.
type roster struct {
	byName map[string]*Account
	system *Account
}

// NewSet returns a set with the accounts that exist without being configured.
func NewSet() *Set {
	s := new(Set)
	s.current.Store(&roster{})
	c, err := s.Prepare(Definitions{})
	if err != nil {
		panic(err) // no definition, nothing to refuse
	}
	c.Commit()
	return s
}

// Lookup returns the account of that name; the empty name is [Default].
func (s *Set) Lookup(name string) (*Account, bool) {
	a, ok := s.current.Load().byName[cmp.Or(name, Default)]
	return a, ok
}

// Default returns the account of users that name none.
func (s *Set) Default() *Account { return s.current.Load().byName[Default] }

// System returns the system account, nil if there is none.
func (s *Set) System() *Account { return s.current.Load().system }

// Accounts returns all accounts, ordered by name.
func (s *Set) Accounts() []*Account {
	return slices.SortedFunc(maps.Values(s.current.Load().byName), func(a, b *Account) int {
		return cmp.Compare(a.name, b.name)
	})
}

// Change is a set of accounts made ready to take the place of the present one.
// Not committing it leaves no trace.
type Change struct {
	set         *Set
	next        *roster
	definitions map[*Account]*Definition
	removed     []*Account
}

// Prepare checks definitions and makes them ready, without visible effect.
// Accounts whose name stays keep their object. There may be one change under way
// at a time.
func (s *Set) Prepare(d Definitions) (*Change, error) {
	present := s.current.Load()
	c := &Change{
		set:         s,
		next:        &roster{byName: make(map[string]*Account, len(d.Accounts)+2)},
		definitions: make(map[*Account]*Definition, len(d.Accounts)+2),
	}
	for _, definition := range d.Accounts {
		if err := check(&definition); err != nil {
			return nil, err
		}
		if c.next.byName[definition.Name] != nil {
			return nil, fmt.Errorf("account %q: %w", definition.Name, ErrTwice)
		}
		c.define(present, &definition)
	}
	c.defineIfMissing(present, Default)
	if !d.NoSystem {
		name := cmp.Or(d.System, System)
		if name == System {
			c.defineIfMissing(present, System)
		}
		if c.next.system = c.next.byName[name]; c.next.system == nil {
			return nil, ErrSystemMissing
		}
	}
	for name, a := range present.byName {
		if c.next.byName[name] == nil {
			c.removed = append(c.removed, a)
		}
	}
	return c, nil
}

func check(d *Definition) error {
	if d.Name == "" {
		return ErrNoName
	}
	if err := d.DefaultPermissions.Validate(); err != nil {
		return fmt.Errorf("default permissions of account %q: %w", d.Name, err)
	}
	return nil
}

func (c *Change) define(present *roster, d *Definition) {
	a := present.byName[d.Name]
	if a == nil {
		a = newAccount(d)
	}
	c.next.byName[d.Name] = a
	c.definitions[a] = d
}

func (c *Change) defineIfMissing(present *roster, name string) {
	if c.next.byName[name] == nil {
		c.define(present, &Definition{Name: name, Limits: Unlimited()})
	}
}

// Removed returns the present accounts that the change takes away. Their
// connections are the caller's to close.
func (c *Change) Removed() []*Account { return c.removed }

// Commit puts the change into force. It cannot fail.
func (c *Change) Commit() {
	for a, d := range c.definitions {
		a.definition.Store(d)
	}
	c.set.current.Store(c.next)
}
