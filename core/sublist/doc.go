// Package sublist holds the interest of one account: who wants which subjects.
//
// A [List] takes entries in and out, answers who receives a message on a subject
// ([List.Match], with the members of each queue group merged), and tells
// observers of every change in order. It says nothing about delivery: entries
// are whatever the caller makes of a subscription, and a result may still hold
// one that was removed while it was being put together.
//
// Sources keep what Match answered in caches of their own. A [Stamp], taken
// before matching, tells whether such an answer still holds, at the price of two
// atomic loads; the [Generations] behind it are shared by all lists of a broker.
//
// core/broker owns one List per account. Routing and services observe it.
package sublist
