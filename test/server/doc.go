// Package server runs the broker's program as a child process, the way a user runs it, for
// black-box tests: with a configuration text and flags, in a directory of its own, on a free port
// of 127.0.0.1. It owns the process and its log; tests in the packages beside it call Start and
// then talk to the address over real sockets. No test sleeps: Start returns when the log says that
// the listener is open, WaitFor when a line was written.
//
// The program is the one that the environment variable TRELLIS_TEST_BINARY names; without it
// cmd/trellis is built once per test run.
package server
