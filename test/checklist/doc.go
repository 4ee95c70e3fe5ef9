// Command checklist compares the compatibility checklists (docs/compatibility) with the tests of all modules of this repository.
//
// A line of a checklist is tested by a subtest that carries its name, "spec 02 #14" or "spec 10 scenario 3". The program fails
// when a line that does not wait for a later feature has no such test, when results of a run are given and the test was skipped or
// did not run, when a test names a line that does not exist, and when a checklist cannot be read. It also lists what waits, by feature.
//
//	checklist [-root DIR] [-results FILE,...]     FILE holds the output of go test -json
//	checklist -failures FILE,...                  prints what the failed tests of a run wrote
//
// It is called by .ci/run.
package main
