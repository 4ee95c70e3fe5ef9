package host

import (
	"fmt"
	"slices"
	"time"

	"github.com/trellismq/trellis/core/config"
	"github.com/trellismq/trellis/sdk/option"
)

// Plan is what a configuration asks for, found valid but not yet opened. It is
// immutable.
type Plan struct {
	links []planned
}

// planned is one link of the chain of authenticators.
type planned struct {
	registered
	name     string // of the link, unique in the chain
	pos      option.Position
	raw      *option.Value // what settings were read from
	settings *option.Settings
	scope    scope
	timeout  time.Duration // 0: as long as the attempt may take
}

// Plan finds out which drivers the configuration needs, and checks their
// settings. Nothing is opened. The error is an *option.InvalidError that tells
// everything that is wrong.
//
// Without an explicit chain, the users of the authorization and accounts blocks
// are served by the drivers made for their kind. In an explicit chain they become
// the settings of the first link of that driver that has no settings of its own.
func (r *Registry) Plan(o *config.Options) (*Plan, error) {
	p := planner{registry: r, needs: needs(o), plan: new(Plan)}
	if len(o.Auth) == 0 {
		for _, n := range p.needs {
			p.add(n.driver, n.pos, n.settings, scope{}, 0)
		}
	} else {
		p.explicit(o)
	}
	if err := p.report.Err(); err != nil {
		return nil, err
	}
	return p.plan, nil
}

type planner struct {
	registry *Registry
	needs    []need
	plan     *Plan
	report   option.Report
}

func (p *planner) explicit(o *config.Options) {
	for _, entry := range o.Auth {
		switch {
		case entry.Process != "":
			p.report.Errorf(entry.Pos, "authenticator %q: this program runs no drivers as processes", entry.Process)
			continue
		case entry.WASM != "":
			p.report.Errorf(entry.Pos, "authenticator %q: this program runs no drivers as WASM modules", entry.WASM)
			continue
		}
		settings, allowed := entry.Config, scope{only: entry.Accounts, except: systemAccount(o)}
		if settings == nil {
			if i := slices.IndexFunc(p.needs, func(n need) bool { return n.driver == entry.Driver }); i >= 0 {
				// The operator bound these users to their accounts already.
				settings, allowed = p.needs[i].settings, scope{only: entry.Accounts}
				p.needs = slices.Delete(p.needs, i, i+1)
			} else {
				settings = tree{entry.Pos}.block()
			}
		}
		p.add(entry.Driver, entry.Pos, settings, allowed, entry.Timeout)
	}
	for _, n := range p.needs {
		p.report.Errorf(n.pos, "%s need the authenticator driver %q, which the chain in \"auth\" does not hold", n.what, n.driver)
	}
}

// add appends a link, or reports why it cannot.
func (p *planner) add(driver string, pos option.Position, settings *option.Value, allowed scope, timeout time.Duration) {
	known, ok := p.registry.auth[driver]
	if !ok {
		p.report.Errorf(pos, "unknown authenticator driver %q, this program has: %s", driver, p.registry.authNames())
		return
	}
	p.plan.links = append(p.plan.links, planned{
		registered: known,
		name:       p.plan.free(driver),
		pos:        pos,
		raw:        settings,
		settings:   known.description.Options.Read(option.NewNode("config", pos, settings, &p.report)),
		scope:      allowed,
		timeout:    timeout,
	})
}

// free is the driver's name, numbered from its second link on.
func (p *Plan) free(driver string) string {
	links := 1
	for _, l := range p.links {
		if l.description.Name == driver {
			links++
		}
	}
	if links == 1 {
		return driver
	}
	return fmt.Sprintf("%s-%d", driver, links)
}

// same reports whether a driver that was opened for l can go on serving m.
func (l *planned) same(m *planned) bool {
	return l.name == m.name && l.description.Name == m.description.Name && l.timeout == m.timeout &&
		l.scope.equal(m.scope) && sameTree(l.raw, m.raw)
}
