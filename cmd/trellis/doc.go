// Command trellis is the broker.
//
//	trellis -c server.conf
//
// It takes the flags and configuration files of nats-server; trellis --help lists
// them.
package main
