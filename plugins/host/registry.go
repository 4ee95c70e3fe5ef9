package host

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trellismq/trellis/sdk/auth"
)

// Drivers lists the drivers that a program is built with, contract by contract.
type Drivers struct {
	Auth []auth.Driver
}

// Registry knows the compiled-in drivers by name. It is immutable and safe for
// concurrent use.
type Registry struct {
	auth map[string]registered
}

// registered is a driver with what it said of itself, which never changes.
type registered struct {
	driver      auth.Driver
	description auth.Description
}

// NewRegistry makes a registry. Two drivers of one contract must not share a
// name, and each must describe its settings.
func NewRegistry(drivers Drivers) (*Registry, error) {
	r := &Registry{auth: make(map[string]registered, len(drivers.Auth))}
	for _, driver := range drivers.Auth {
		d := driver.Describe()
		switch _, taken := r.auth[d.Name]; {
		case d.Name == "":
			return nil, fmt.Errorf("an authenticator driver has no name (%T)", driver)
		case taken:
			return nil, fmt.Errorf("two authenticator drivers are named %q", d.Name)
		case d.Options == nil:
			return nil, fmt.Errorf("the authenticator driver %q does not describe its settings", d.Name)
		}
		r.auth[d.Name] = registered{driver, d}
	}
	return r, nil
}

// Auth describes the authenticator drivers, by name.
func (r *Registry) Auth() []auth.Description {
	var descriptions []auth.Description
	for _, name := range slices.Sorted(maps.Keys(r.auth)) {
		descriptions = append(descriptions, r.auth[name].description)
	}
	return descriptions
}

// authNames lists the names of the authenticator drivers for messages.
func (r *Registry) authNames() string {
	if len(r.auth) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(r.auth)), ", ")
}
