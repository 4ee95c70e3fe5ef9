// Package syntax holds what the configuration syntaxes have in common, so that it
// means the same in all of them: a map while it is being read ([Scope]) and the
// files that include each other ([Files]).
//
// The parsers core/config/conf and core/config/tomlconf are made of it. Which
// scopes a reference searches, how an include is written and what its errors look
// like is theirs.
package syntax
