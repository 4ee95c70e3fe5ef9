package account

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/trellismq/trellis/sdk/auth"
)

func size(c *Compiler) (n int) {
	c.compiled.Range(func(any, any) bool { n++; return true })
	return n
}

func TestCompilerShares(t *testing.T) {
	var c Compiler
	p, other := &auth.Permissions{}, &auth.Permissions{}
	first, err := c.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.Compile(p)
	if err != nil || first != second {
		t.Errorf("the same permissions were compiled twice: %v", err)
	}
	if third, _ := c.Compile(other); third == first {
		t.Error("other permissions share the compiled form")
	}
	if none, err := c.Compile(nil); none != nil || err != nil {
		t.Errorf("Compile(nil) = %v, %v", none, err)
	}
	bad := &auth.Permissions{Publish: auth.Subjects{Deny: []string{""}}}
	var wrong *auth.SubjectError
	if _, err := c.Compile(bad); !errors.As(err, &wrong) {
		t.Errorf("bad permissions: %v", err)
	}
	runtime.KeepAlive(first)
}

func TestCompilerForgets(t *testing.T) {
	var c Compiler
	p := &auth.Permissions{}
	made, err := c.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	if size(&c) != 1 {
		t.Fatalf("%d remembered", size(&c))
	}
	runtime.KeepAlive(made) // its last use
	for deadline := time.Now().Add(10 * time.Second); size(&c) > 0 && time.Now().Before(deadline); {
		runtime.GC()
		runtime.Gosched()
	}
	if size(&c) > 0 {
		t.Error("permissions nobody uses are still remembered")
	}
	if _, err := c.Compile(p); err != nil {
		t.Error(err)
	}
}
