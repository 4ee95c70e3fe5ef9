package tomlconf

import (
	"sort"
	"strings"

	"github.com/trellismq/trellis/sdk/option"
)

// lines turns offsets in one file into positions.
type lines struct {
	file     string
	newlines []int // offsets of all newlines, ascending
}

func newLines(file, text string) lines {
	l := lines{file: file}
	for offset := 0; ; offset++ {
		i := strings.IndexByte(text[offset:], '\n')
		if i < 0 {
			return l
		}
		offset += i
		l.newlines = append(l.newlines, offset)
	}
}

// position returns the position of the byte at offset. Columns count from 0 on
// the first line and from 1 on later ones.
func (l lines) position(offset int) option.Position {
	before := sort.SearchInts(l.newlines, offset) // newlines before offset
	column := offset
	if before > 0 {
		column -= l.newlines[before-1]
	}
	return option.Position{File: l.file, Line: before + 1, Column: column}
}
