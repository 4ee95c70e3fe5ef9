// Package spec10 holds the scenarios of docs/compatibility/10-scenarios.md: whole runs that a user
// makes with the program, each a subtest named `spec 10 scenario N`. Every configuration file is
// run in both of its forms, the NATS configuration language and TOML, with the same result.
package spec10
