// Package subject knows the grammar of subjects and what a wildcard covers.
//
// A subject is a row of tokens separated by '.'. In a subscription a token that
// is exactly "*" stands for any one token and a last token that is exactly ">"
// for one or more; inside a longer token both are ordinary bytes. In a published
// subject everything is literal, also a lone "*" or ">".
//
// The package owns two things: functions over single subjects, which allocate
// nothing and take strings and byte slices alike, and [Tree], a map from
// subscription subjects to values that answers which of its subjects match,
// cover or intersect a given one. core/sublist keeps interest in a Tree,
// core/account compiles permissions into one; mappings, transforms and imports
// use the functions.
package subject
