package workflows

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf16"
)

// canonical writes a decoded JSON value as RFC 8785 asks: members sorted by UTF-16 code units, no blanks.
func canonical(to *bytes.Buffer, value any) {
	switch value := value.(type) {
	case map[string]any:
		to.WriteByte('{')
		for n, name := range slices.SortedFunc(maps.Keys(value), compareUTF16) {
			separate(to, n)
			canonicalString(to, name)
			to.WriteByte(':')
			canonical(to, value[name])
		}
		to.WriteByte('}')
	case []any:
		to.WriteByte('[')
		for n, item := range value {
			separate(to, n)
			canonical(to, item)
		}
		to.WriteByte(']')
	case string:
		canonicalString(to, value)
	case float64:
		if value == 0 {
			value = 0 // ECMAScript writes -0 as 0
		}
		plain(to, value)
	default: // null, true and false
		plain(to, value)
	}
}

// plain writes what encoding/json writes as ECMAScript does: numbers and words, which never fail.
func plain(to *bytes.Buffer, value any) {
	word, _ := json.Marshal(value)
	to.Write(word)
}

func separate(to *bytes.Buffer, n int) {
	if n > 0 {
		to.WriteByte(',')
	}
}

func canonicalString(to *bytes.Buffer, value string) {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	to.WriteByte('"')
	for _, sign := range value {
		if escape, isShort := short[sign]; isShort {
			to.WriteString(escape)
		} else if sign < ' ' {
			fmt.Fprintf(to, `\u%04x`, sign)
		} else {
			to.WriteRune(sign)
		}
	}
	to.WriteByte('"')
}

func compareUTF16(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}
