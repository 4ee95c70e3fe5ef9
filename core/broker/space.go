package broker

import (
	"sync/atomic"

	"github.com/trellismq/trellis/core/account"
	"github.com/trellismq/trellis/core/sublist"
)

// space is an account's subject space: the account and who is interested in
// what within it.
type space struct {
	name     string
	account  *account.Account
	interest *sublist.List[*Subscription]
	parked   atomic.Int64 // bytes of runs that wait for a hook
}

// Interest is a change of an account's interest, as observers see it.
type Interest = sublist.Change[*Subscription]

// ObserveInterest calls fn for every subscription that comes or goes in the
// named account, in order, from the goroutine that changed it: fn must be short
// and must not subscribe or publish itself. The returned function ends it.
func (b *Broker) ObserveInterest(accountName string, fn func(Interest)) (cancel func(), err error) {
	s, err := b.space(accountName)
	if err != nil {
		return nil, err
	}
	return s.interest.Observe(fn), nil
}
