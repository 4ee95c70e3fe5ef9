package syntax

import (
	"errors"
	"io/fs"
	"testing"
)

func TestFiles(t *testing.T) {
	read := func(path string) ([]byte, error) {
		if path == "gone" {
			return nil, fs.ErrPermission
		}
		return []byte("text of " + path), nil
	}
	main := NewFiles("./dir/main", read)
	if got := main.Name(); got != "dir/main" {
		t.Errorf("name: got %s", got)
	}
	sub, data, err := main.Include("sub/b")
	if err != nil || sub.Name() != "dir/sub/b" || string(data) != "text of dir/sub/b" {
		t.Fatalf("got %s, %s, %v", sub.Name(), data, err)
	}
	if absolute, _, err := sub.Include("/etc/c"); err != nil || absolute.Name() != "dir/sub/etc/c" {
		t.Errorf("absolute path: got %s, %v", absolute.Name(), err)
	}
	if _, _, err := sub.Include("../main"); !errors.Is(err, ErrIncludeCycle) {
		t.Errorf("cycle: got %v", err)
	}
	if again, _, err := main.Include("sub/b"); err != nil || again.Name() != sub.Name() {
		t.Errorf("a file may be included twice, one after the other: got %s, %v", again.Name(), err)
	}
	if _, _, err := main.Include("../gone"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("unreadable file: got %v", err)
	}
	if _, _, err := NewFiles("a", nil).Include("b"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no files: got %v", err)
	}

	deep := main
	for err == nil {
		deep, _, err = deep.Include("x/more")
	}
	if !errors.Is(err, ErrIncludeDepth) {
		t.Errorf("endless includes: got %v", err)
	}
}
