package workflows

import (
	"fmt"
	"regexp"
	"strings"
)

const (
	longestName   = 64
	referenceHelp = "write name, name:1.2.0 or name@^1.2"
)

var nameForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Reference is a name with a version or a range, at most one of them; they are empty where there is none.
type Reference struct {
	Name    string
	Version string
	Range   string
}

// String is how a reference is written.
func (r Reference) String() string {
	switch {
	case r.Version != "":
		return r.Name + ":" + r.Version
	case r.Range != "":
		return r.Name + "@" + r.Range
	}
	return r.Name
}

// ParseReference reads `name`, `name:1.2.0` or `name@^1.2`; [ErrInvalidRequest] says what is wrong with it.
func ParseReference(given string) (Reference, error) {
	found := Reference{Name: given}
	reason := ""
	if name, rest, isVersion := strings.Cut(given, ":"); isVersion {
		found, reason = Reference{Name: name, Version: rest}, badVersion(rest)
	} else if name, rest, isRange := strings.Cut(given, "@"); isRange {
		found, reason = Reference{Name: name, Range: rest}, badRange(rest)
	}
	if reason = firstOf(badName(found.Name), reason); reason != "" {
		return Reference{}, invalid(fmt.Sprintf("%q is not a reference: %s", shown(given, 200), reason), referenceHelp)
	}
	return found, nil
}

// badName says why a text can't name a workflow; empty where it can.
func badName(name string) string {
	switch {
	case len(name) > longestName:
		return fmt.Sprintf("the name has more than %d characters", longestName)
	case !nameForm.MatchString(name):
		return "the name must be lower-case letters and digits in words joined by single hyphens"
	case isDeviceName(name):
		return "the name is a device name on Windows"
	}
	return ""
}

// badVersion says why a text is not a version; empty where it is.
func badVersion(given string) string {
	if _, isVersion := parseVersion(given); isVersion {
		return ""
	}
	return fmt.Sprintf("%q is not a SemVer 2.0.0 version with numbers up to 2^53-1", shown(given, 200))
}

func badRange(given string) string {
	if _, isRange := parseRange(given); isRange {
		return ""
	}
	return fmt.Sprintf("%q is not a version range", shown(given, 200))
}

func invalid(reason, help string) *Error {
	return &Error{Kind: ErrInvalidRequest, Reason: reason, Help: help}
}
