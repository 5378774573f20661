package workflows

import (
	"regexp"
	"strings"
)

const (
	longestRange = 128
	rangePart    = `(0|[1-9][0-9]*|[xX*])`
	// partialForm has four groups: the numbers and the pre-release.
	partialForm = `[v=\s]*` + rangePart + `(?:\.` + rangePart + `(?:\.` + rangePart +
		`(?:-(` + prereleaseForm + `))?(?:\+` + buildForm + `)?)?)?`
)

var (
	comparatorForm = regexp.MustCompile(`^(\^|~>?|<=|>=|<|>|=|)` + partialForm + `$`)
	hyphenForm     = regexp.MustCompile(`^(` + partialForm + `)\s+-\s+(` + partialForm + `)$`)
	blanksAfter    = regexp.MustCompile(`(\^|~>?|<=|>=|<|>|=)\s+`)
)

// versionRange is npm's: alternatives, each a list of bounds that must all hold.
type versionRange [][]bound

// bound is `<`, `<=`, `>`, `>=` or `=` and a version.
type bound struct {
	operator string
	version  version
}

// parseRange reads a range as https://github.com/npm/node-semver reads it strictly.
func parseRange(given string) (versionRange, bool) {
	if len(given) > longestRange {
		return nil, false
	}
	var found versionRange
	for _, part := range strings.Split(given, "||") {
		bounds, isRange := alternative(strings.TrimSpace(part))
		if !isRange {
			return nil, false
		}
		found = append(found, bounds)
	}
	return found, true
}

// admits tells whether a version lies in the range; a pre-release only where a bound has one of the same numbers.
func (r versionRange) admits(given string) bool {
	found, isVersion := parseVersion(given)
	if !isVersion {
		return false
	}
	for _, bounds := range r {
		if holdAll(bounds, found) {
			return true
		}
	}
	return false
}

func holdAll(bounds []bound, found version) bool {
	isNamed := len(found.prerelease) == 0
	for _, one := range bounds {
		if !one.holds(found) {
			return false
		}
		isNamed = isNamed || (len(one.version.prerelease) > 0 && one.version.core == found.core)
	}
	return isNamed
}

func (b bound) holds(found version) bool {
	switch order := compareVersions(found, b.version); b.operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	default:
		return order == 0
	}
}

func alternative(part string) ([]bound, bool) {
	if ends := hyphenForm.FindStringSubmatch(part); ends != nil {
		return checked(append(from(partialOf(ends[2:6])), upTo(partialOf(ends[7:11]))...))
	}
	var found []bound
	for _, word := range strings.Fields(blanksAfter.ReplaceAllString(part, "$1")) {
		parts := comparatorForm.FindStringSubmatch(word)
		if parts == nil {
			return nil, false
		}
		found = append(found, comparator(parts[1], partialOf(parts[2:6]))...)
	}
	return checked(found)
}

// checked refuses bounds whose numbers are too large.
func checked(bounds []bound) ([]bound, bool) {
	for _, one := range bounds {
		if one.operator == "" {
			return nil, false
		}
	}
	return bounds, true
}

// partial is a version whose last numbers may be missing (also for `x`).
type partial struct {
	parts      []uint64
	prerelease string
}

func partialOf(groups []string) partial {
	var found partial
	for _, group := range groups[:3] {
		if group == "" || strings.Contains("xX*", group) {
			return found
		}
		found.parts = append(found.parts, parseNumber(group))
	}
	found.prerelease = groups[3]
	return found
}

func (p partial) isWhole() bool { return len(p.parts) == 3 }

func comparator(sign string, given partial) []bound {
	switch {
	case sign == "^":
		return append(from(given), below(given.parts, caretPosition(given.parts))...)
	case strings.HasPrefix(sign, "~"):
		return append(from(given), below(given.parts, 1)...)
	case sign == ">=":
		return from(given)
	case sign == "<=":
		return upTo(given)
	case sign == ">" && !given.isWhole():
		return above(given.parts)
	case sign == "<" && !given.isWhole():
		return []bound{boundOf("<", filled(given.parts), "0")} // `<1.2` ends before the pre-releases of 1.2.0
	case sign == "" && !given.isWhole(), sign == "=" && !given.isWhole():
		return append(from(given), below(given.parts, 2)...)
	case sign == "":
		return exactly("=", given)
	}
	return exactly(sign, given)
}

func caretPosition(parts []uint64) int {
	for n, part := range parts {
		if part > 0 {
			return n
		}
	}
	return len(parts) - 1
}

func exactly(operator string, given partial) []bound {
	return []bound{boundOf(operator, filled(given.parts), given.prerelease)}
}

func from(given partial) []bound {
	if len(given.parts) == 0 {
		return nil
	}
	return exactly(">=", given)
}

func upTo(given partial) []bound {
	if given.isWhole() {
		return exactly("<=", given)
	}
	return below(given.parts, 2)
}

// above: `>1.2` is from 1.3.0 on; nothing is above everything.
func above(parts []uint64) []bound {
	if len(parts) == 0 {
		return []bound{boundOf("<", [3]uint64{}, "0")}
	}
	return []bound{boundOf(">=", raised(parts, 2), "")}
}

// below the next number at a position, counted from the major one; at the last that is given where there is none.
func below(parts []uint64, position int) []bound {
	if len(parts) == 0 {
		return nil
	}
	return []bound{boundOf("<", raised(parts, position), "0")}
}

func raised(parts []uint64, position int) [3]uint64 {
	last := min(position, len(parts)-1)
	found := filled(parts[:last+1])
	if found[last] <= largestNumber {
		found[last]++
	}
	return found
}

func filled(parts []uint64) [3]uint64 {
	var found [3]uint64
	copy(found[:], parts)
	return found
}

// boundOf has no operator where a number is above 2^53-1.
func boundOf(operator string, core [3]uint64, prerelease string) bound {
	found, isVersion := versionOf(core, prerelease)
	if !isVersion {
		return bound{}
	}
	return bound{operator, found}
}
