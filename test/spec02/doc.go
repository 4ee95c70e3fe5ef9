// Package spec02 holds those lines of docs/compatibility/02-config-cli-daemon.md whose effect only
// shows between the running program and a client. The language, the options and the flags are
// tested beside their code. Each line is a subtest named `spec 02 #N`.
package spec02
