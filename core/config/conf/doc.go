// Package conf reads the NATS configuration language into a positioned tree.
//
// It owns the syntax: keys and values, the several kinds of strings, numbers
// with suffixes, comments, variables, the environment and included files. What
// the keys mean is the business of core/config, which calls this package for
// every file that is not TOML; core/config/tomlconf reads the values of
// environment variables with it, so that both syntaxes understand them alike.
//
// The rules, and the texts of the errors, are those that users of nats-server
// know (docs/compatibility/02-config-cli-daemon.md, configuration language).
// Where that language has accidents, such as [1,2,3] losing its last bracket,
// this package accepts what was meant.
//
// The parser is a recursive descent over the runes of one file. An included
// file is read by a parser of its own, whose fields then join the map that the
// include stands in.
package conf
