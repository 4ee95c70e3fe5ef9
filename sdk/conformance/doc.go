// Package conformance holds what the test kits of the contracts share. The kits
// themselves lie below it, one per contract: a driver that passes its kit is a
// driver, whichever runtime it lives in.
package conformance
