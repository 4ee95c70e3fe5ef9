// Package config turns a configuration file and the command line into [Options].
//
// [Load] reads a file in the NATS configuration language or in TOML (packages
// conf and tomlconf parse them into the same tree) and checks it against one
// table of options, described row by row with sdk/option: a file per block, a row
// per option. The same rows make the command-line flags ([ParseFlags]), the
// comparison of two configurations ([Diff]) and the reference page in
// docs/reference/options.md.
//
// Options of parts that a program was built without are described here, too, so
// that every configuration of nats-server passes a syntax check; [Options.Features]
// names what a configuration asks for, with positions, and the program refuses to
// start with a part it does not have.
//
// The package owns no running state. A reload is carried out by the owners of
// the options through [Reload]: all prepare, then all commit or all abort.
package config
