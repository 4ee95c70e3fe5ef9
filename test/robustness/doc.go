// Package robustness holds tests of what the program does with input that no client or operator
// means: bytes that are no protocol, lengths that lie, connections that say nothing, configuration
// files with every kind of mistake. The offender is told and cut off; everybody else is undisturbed.
package robustness
