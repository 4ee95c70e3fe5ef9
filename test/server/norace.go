//go:build !race

package server

var raceFlag []string
