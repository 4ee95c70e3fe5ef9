// Package authtest is the test kit of the contract sdk/auth.
//
// A driver's test describes valid settings and some attempts with the answers
// they deserve, and calls [Run]: the kit checks those answers the way the broker
// would ask for them (with undeclared fields blanked, from many goroutines, in
// overlapping generations) and everything else that the contract demands.
package authtest
