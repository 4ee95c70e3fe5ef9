// Command embedded runs a broker inside a Go program and talks to it without a socket.
package main
