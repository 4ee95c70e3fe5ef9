// Package spec01 holds the tests of the checklist of docs/compatibility/01-client-protocol.md:
// what one server shows to a client over a plain TCP connection. Each line is a subtest named
// `spec 01 #N`; the files follow the checklist's headings. They talk to the real program over raw
// sockets, unless the line names a client.
package spec01
