package account

import (
	"runtime"
	"sync"
	"weak"

	"github.com/trellismq/trellis/sdk/auth"
)

// Compiler compiles permissions and remembers the result for as long as somebody
// uses it: the connections of one user, whose identities share their
// permissions, share the compiled form too. The zero Compiler is ready and safe
// for concurrent use.
//
// Permissions are known by their address, so they must not change once compiled.
type Compiler struct {
	compiled sync.Map // weak.Pointer[auth.Permissions] to weak.Pointer[Permissions]
}

// Compile is the function of that name.
func (c *Compiler) Compile(p *auth.Permissions) (*Permissions, error) {
	if p == nil {
		return nil, nil
	}
	from := weak.Make(p)
	if known, ok := c.compiled.Load(from); ok {
		if shared := known.(weak.Pointer[Permissions]).Value(); shared != nil {
			return shared, nil
		}
	}
	made, err := Compile(p)
	if err != nil {
		return nil, err
	}
	to := weak.Make(made)
	c.compiled.Store(from, to)
	runtime.AddCleanup(made, func(struct{}) { c.compiled.CompareAndDelete(from, to) }, struct{}{})
	return made, nil
}
