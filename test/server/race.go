//go:build race

package server

// raceFlag builds the program as the tests were built, so that its races are found too.
var raceFlag = []string{"-race"}
