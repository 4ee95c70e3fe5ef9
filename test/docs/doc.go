// Package docs tests what the documents of this repository say: links lead somewhere, and configurations that they show pass the program's
// check. A block of configuration is one whose fence is marked nats or toml.
package docs
