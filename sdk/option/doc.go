// Package option describes options: what a configuration field is called, what
// it may hold, what it means, and what happens to it on reload.
//
// The same description serves the broker's own configuration (core/config) and
// the settings of every driver, wherever that driver runs, so that checking,
// defaults, command-line flags, generated reference pages and completion come
// from one table.
//
// The package owns two things: the positioned configuration tree ([Value],
// [Field], [Position]) that every configuration syntax is parsed into, and the
// table ([Table] of [Option] rows) that checks such a tree. A driver reads the
// result as [Settings], by name or through the typed rows ([Of]) it kept; the
// broker binds rows to the members of its own structs with a [Schema]. Everything
// wrong goes to a [Report], with positions, all at once.
//
// The package knows no syntax and no option of its own, and imports the standard
// library only.
package option
