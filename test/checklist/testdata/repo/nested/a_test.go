package nested

// "spec 97 #2" in a comment is no test.
var names = []string{
	"spec 97 #1", `spec 97 #3`, "spec 97 #4", "spec 97 #5", "spec 97 #6", "spec 97 #9", "spec 97 #10",
	"spec 97 #99", "spec 98 scenario 1", "spec 98 #1", "about spec 97 #2",
}
