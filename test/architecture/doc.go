// Package architecture holds the rules of docs/architecture.md that a compiler does not check: which package may import which, that each
// says what it is for, and what a driver's folder contains. It has tests only; the rules are data in them.
package architecture
