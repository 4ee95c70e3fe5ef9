// Package clients holds tests of the program through nats.go, the published Go client, over real
// sockets: what an application relies on when it publishes, subscribes, requests, logs in, is
// refused, is slow, or loses its server.
package clients
