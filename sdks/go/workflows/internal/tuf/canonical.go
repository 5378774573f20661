package tuf

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	escaped     = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	errFraction = errors.New("a number is not a whole one")
)

// decoded reads a JSON value whose numbers stay as they are written.
func decoded(data []byte) (any, error) {
	reader := json.NewDecoder(bytes.NewReader(data))
	reader.UseNumber()
	var value any
	err := reader.Decode(&value)
	return value, err
}

// canonical gives the bytes that are signed of a JSON value, as securesystemslib makes them: members sorted by code
// points, no blanks, whole numbers alone, and nothing escaped but quotes and backslashes
// (http://wiki.laptop.org/go/Canonical_JSON).
func canonical(value any) ([]byte, error) {
	var to bytes.Buffer
	err := writeCanonical(&to, value)
	return to.Bytes(), err
}

func writeCanonical(to *bytes.Buffer, value any) error {
	switch value := value.(type) {
	case nil:
		to.WriteString("null")
	case bool:
		to.WriteString(map[bool]string{true: "true", false: "false"}[value])
	case json.Number:
		if !wholeNumber.MatchString(value.String()) || value == "-0" {
			return errFraction
		}
		to.WriteString(value.String())
	case string:
		writeString(to, value)
	case []any:
		return writeList(to, value)
	case map[string]any:
		return writeMembers(to, value)
	}
	return nil
}

func writeString(to *bytes.Buffer, value string) {
	to.WriteByte('"')
	to.WriteString(escaped.Replace(value))
	to.WriteByte('"')
}

func writeList(to *bytes.Buffer, items []any) error {
	to.WriteByte('[')
	for n, item := range items {
		if n > 0 {
			to.WriteByte(',')
		}
		if err := writeCanonical(to, item); err != nil {
			return err
		}
	}
	to.WriteByte(']')
	return nil
}

func writeMembers(to *bytes.Buffer, members map[string]any) error {
	to.WriteByte('{')
	for n, name := range slices.Sorted(maps.Keys(members)) { // bytes of UTF-8 sort as code points do
		if n > 0 {
			to.WriteByte(',')
		}
		writeString(to, name)
		to.WriteByte(':')
		if err := writeCanonical(to, members[name]); err != nil {
			return err
		}
	}
	to.WriteByte('}')
	return nil
}
