package subject

import "unsafe"

// Text is what the functions of this package take: a subject as a string, or as
// the bytes that came off a connection.
type Text interface {
	~string | ~[]byte
}

// View returns a string that shares b's bytes. It is for looking something up
// without copying: the string must not outlive the call it is made for, and b
// must not change meanwhile.
func View(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// ValidSubscription reports whether s can be subscribed to: no token is empty,
// and ">" stands alone only as the last token. Every other byte is welcome,
// UTF-8 or not (client protocol, subject rules).
func ValidSubscription[S Text](s S) bool {
	start := 0
	for {
		end := tokenEnd(s, start)
		if end == start {
			return false
		}
		last := end == len(s)
		if !last && isLone(s, start, end, '>') {
			return false
		}
		if last {
			return true
		}
		start = end + 1
	}
}

// ValidPublish is the check that a pedantic client asks for: no token is empty
// and none is a lone "*" or ">".
func ValidPublish[S Text](s S) bool {
	return !HasEmptyToken(s) && !HasWildcard(s)
}

// HasEmptyToken reports whether s is empty, begins or ends with '.', or has two
// dots in a row. Such a subject reaches nobody.
func HasEmptyToken[S Text](s S) bool {
	inToken := false
	for i := 0; i < len(s); i++ {
		if s[i] != '.' {
			inToken = true
			continue
		}
		if !inToken {
			return true
		}
		inToken = false
	}
	return !inToken
}

// HasWildcard reports whether a token of s is exactly "*" or ">".
func HasWildcard[S Text](s S) bool {
	for i := 0; i < len(s); i++ {
		if s[i] != '*' && s[i] != '>' {
			continue
		}
		if (i == 0 || s[i-1] == '.') && (i+1 == len(s) || s[i+1] == '.') {
			return true
		}
	}
	return false
}

// TokenCount returns the number of tokens of s, empty ones included; an empty
// subject has none.
func TokenCount[S Text](s S) int {
	if len(s) == 0 {
		return 0
	}
	n := 1
	for i := 0; i < len(s); i++ {
		if s[i] == '.' {
			n++
		}
	}
	return n
}

// tokenEnd returns where the token that begins at start ends.
func tokenEnd[S Text](s S, start int) int {
	for start < len(s) && s[start] != '.' {
		start++
	}
	return start
}

// isLone reports whether s[start:end] is the single byte c.
func isLone[S Text](s S, start, end int, c byte) bool {
	return end == start+1 && s[start] == c
}
