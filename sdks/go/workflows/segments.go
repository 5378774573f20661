package workflows

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const longestSegment = 150

// pathSegment is one segment of a path for any text that an author may write: letters, digits and `@`, `-`, `_`, `.`
// as they are, a blank as `+`, every other byte as `~XX`; long ones are shortened.
func pathSegment(key string) string {
	if strings.Trim(key, ".") == "" {
		return firstOf(strings.Repeat("~2E", len(key)), "~")
	}
	var made strings.Builder
	for n := range len(key) {
		made.WriteString(escaped(key[n]))
	}
	found := made.String()
	if isDeviceName(key) {
		first, _ := utf8.DecodeRuneInString(key)
		found = fmt.Sprintf("~%02X", first) + found[1:]
	}
	if strings.HasSuffix(found, ".") {
		found = found[:len(found)-1] + "~2E"
	}
	if len(found) <= longestSegment {
		return found
	}
	return found[:100] + "~~" + hexDigest([]byte(key))[:32]
}

func escaped(sign byte) string {
	switch {
	case sign == ' ':
		return "+"
	case '0' <= sign && sign <= '9', 'A' <= sign && sign <= 'Z', 'a' <= sign && sign <= 'z', strings.IndexByte("@_.-", sign) >= 0:
		return string(sign)
	}
	return fmt.Sprintf("~%02X", sign)
}
