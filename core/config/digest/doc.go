// Package digest identifies the meaning of a configuration.
//
// It renders a parsed tree as canonical JSON and hashes that, so that two files
// have the same digest when they say the same, whatever their comments, order,
// quoting or syntax. core/config shows the digest at start, at reload and in
// /varz, where operators compare it across servers; the value is the one that
// nats-server gives (docs/compatibility/02-config-cli-daemon.md, digest).
package digest
