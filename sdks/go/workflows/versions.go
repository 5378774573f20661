package workflows

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	longestVersion = 64
	largestNumber  = 1<<53 - 1
	numberForm     = `(?:0|[1-9][0-9]*)`
	partForm       = `(?:` + numberForm + `|[0-9]*[A-Za-z-][0-9A-Za-z-]*)`
	prereleaseForm = partForm + `(?:\.` + partForm + `)*`
	buildForm      = `[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`
)

var semver = regexp.MustCompile(
	`^(` + numberForm + `)\.(` + numberForm + `)\.(` + numberForm + `)(?:-(` + prereleaseForm + `))?(?:\+` + buildForm + `)?$`)

// version is a version's numbers and the parts of its pre-release; build metadata has no precedence.
type version struct {
	core       [3]uint64
	prerelease []identifier
}

// identifier is one part of a pre-release: a number, or a word.
type identifier struct {
	number uint64
	word   string
}

// parseVersion reads SemVer 2.0.0 with numbers up to 2^53-1.
func parseVersion(given string) (version, bool) {
	found := semver.FindStringSubmatch(given)
	if found == nil || len(given) > longestVersion {
		return version{}, false
	}
	var core [3]uint64
	for n := range core {
		core[n] = parseNumber(found[n+1])
	}
	return versionOf(core, found[4])
}

// versionOf is a version of its parts; false where a number is above 2^53-1.
func versionOf(core [3]uint64, prerelease string) (version, bool) {
	found := version{core: core}
	for _, number := range core {
		if number > largestNumber {
			return version{}, false
		}
	}
	if prerelease == "" {
		return found, true
	}
	for _, part := range strings.Split(prerelease, ".") {
		if strings.Trim(part, "0123456789") != "" {
			found.prerelease = append(found.prerelease, identifier{word: part})
		} else if number := parseNumber(part); number <= largestNumber {
			found.prerelease = append(found.prerelease, identifier{number: number})
		} else {
			return version{}, false
		}
	}
	return found, true
}

// parseNumber reads digits; what is beyond 64 bits is the largest number, which is none of ours.
func parseNumber(digits string) uint64 {
	found, _ := strconv.ParseUint(digits, 10, 64)
	return found
}

// compareVersions is below zero, zero or above: by precedence.
func compareVersions(a, b version) int {
	if order := slices.Compare(a.core[:], b.core[:]); order != 0 {
		return order
	}
	if len(a.prerelease) == 0 || len(b.prerelease) == 0 {
		return cmp.Compare(len(b.prerelease), len(a.prerelease))
	}
	return slices.CompareFunc(a.prerelease, b.prerelease, compareIdentifiers)
}

func compareIdentifiers(a, b identifier) int {
	if (a.word == "") != (b.word == "") {
		return cmp.Compare(len(a.word), len(b.word)) // a number is below a word
	}
	return cmp.Or(cmp.Compare(a.number, b.number), strings.Compare(a.word, b.word))
}

// latest is the highest release that is not yanked; a pre-release or a yanked one only where nothing else is left.
// It is empty where there are no versions.
func latest(versions []string, isYanked func(string) bool) string {
	if len(versions) == 0 {
		return ""
	}
	return slices.MinFunc(versions, func(a, b string) int {
		one, _ := parseVersion(a)
		other, _ := parseVersion(b)
		return cmp.Or(
			compareBool(isYanked(a), isYanked(b)),
			compareBool(len(one.prerelease) > 0, len(other.prerelease) > 0),
			compareVersions(other, one),
		)
	})
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
