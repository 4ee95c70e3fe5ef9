package broker

import "sync"

// buffer is a pooled byte slice. Its capacity is one of the pool's classes, or
// anything for those too large to be pooled.
type buffer struct{ b []byte }

// bufferClasses are the pooled capacities: control lines and small batches; a
// target's staging and queued output; a socket read; a socket read of a
// connection that brings large payloads.
var bufferClasses = [...]int{4 << 10, 64 << 10, 128 << 10, 1 << 20}

var bufferPools [len(bufferClasses)]sync.Pool

// newBuffer returns an empty buffer of at least the given capacity.
func newBuffer(size int) *buffer {
	for i, class := range bufferClasses {
		if size <= class {
			if b, ok := bufferPools[i].Get().(*buffer); ok {
				return b
			}
			return &buffer{b: make([]byte, 0, class)}
		}
	}
	return &buffer{b: make([]byte, 0, size)}
}

// free gives the buffer back. Nobody may hold its bytes any more.
func (b *buffer) free() {
	for i, class := range bufferClasses {
		if cap(b.b) == class {
			b.b = b.b[:0]
			bufferPools[i].Put(b)
			return
		}
	}
}

func (b *buffer) room() int { return cap(b.b) - len(b.b) }

// grow makes room for n more bytes, by moving to a larger buffer if need be.
func (b *buffer) grow(n int) *buffer {
	if b.room() >= n {
		return b
	}
	larger := newBuffer(len(b.b) + n)
	larger.b = append(larger.b, b.b...)
	b.free()
	return larger
}
