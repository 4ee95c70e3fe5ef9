// Package brokertest runs brokers for tests of packages that need one in their own process: on a free port, until the test ends.
package brokertest
