package syntax

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
)

// maxIncludes bounds how deep files may include files.
const maxIncludes = 100

// Reasons for which a file is not included, besides those of reading it.
var (
	// ErrIncludeCycle: a file includes itself, directly or through others.
	ErrIncludeCycle = errors.New("the file includes itself")
	// ErrIncludeDepth: files include files more than 100 deep.
	ErrIncludeDepth = fmt.Errorf("files include each other more than %d deep", maxIncludes)
)

// Files is a file that is being read and those that led to it. It is immutable.
type Files struct {
	read func(string) ([]byte, error)
	open []string // cleaned names, outermost first
}

// NewFiles returns the file called name, by which nothing was included yet. read
// reads further files; nil means that there are none.
func NewFiles(name string, read func(string) ([]byte, error)) Files {
	return Files{read: read, open: []string{filepath.Clean(name)}}
}

// Name returns the path of the file: for an included one, the path as written
// joined to the directory of the file that includes it.
func (f Files) Name() string { return f.open[len(f.open)-1] }

// Include reads the file that f includes by path, which is always taken as
// relative to the directory of f, even if it is absolute. The error is one of
// this package or of reading the file.
func (f Files) Include(path string) (Files, []byte, error) {
	path = filepath.Join(filepath.Dir(f.Name()), path)
	switch {
	case slices.Contains(f.open, path):
		return Files{}, nil, ErrIncludeCycle
	case len(f.open) > maxIncludes:
		return Files{}, nil, ErrIncludeDepth
	case f.read == nil:
		return Files{}, nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	data, err := f.read(path)
	if err != nil {
		return Files{}, nil, err
	}
	return Files{read: f.read, open: append(slices.Clip(f.open), path)}, data, nil
}
