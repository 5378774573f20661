package workflows

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

var (
	devices = regexp.MustCompile(`(?i)^(con|conin\$|conout\$|prn|aux|nul|(com|lpt)[0-9¹²³])$`)
	special = regexp.MustCompile(`[\x00-\x1f\x7f\\:%*?"<>|]`)
)

// isDeviceName is true for names that Windows keeps for devices (`con`, `nul.txt`, `com1` …).
func isDeviceName(part string) bool {
	stem, _, _ := strings.Cut(part, ".")
	return devices.MatchString(strings.TrimRight(stem, " "))
}

// unsafePath says why a relative path can't be trusted on every system; empty where it can.
func unsafePath(path string) string {
	if path == "" || path[0] == '/' {
		return "is empty or absolute"
	}
	if special.MatchString(path) {
		return "holds a character that some systems treat specially"
	}
	for _, part := range strings.Split(path, "/") {
		if part == "" || part == "." || part == ".." {
			return "steps outside its folder or has an empty part"
		}
		if strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") || isDeviceName(part) {
			return "has a part that Windows can't store"
		}
	}
	return ""
}

// pathClash names two paths that differ in case alone, or a file that others need as their folder; empty for none.
// Unicode's normal forms are not in the standard library: paths that differ in them alone are told apart.
func pathClash(paths []string) string {
	type place struct {
		path   string
		isFile bool
	}
	seen := map[string]place{}
	for _, path := range paths {
		parts := strings.Split(path, "/")
		for length := range parts {
			prefix := strings.Join(parts[:length+1], "/")
			here := place{prefix, length == len(parts)-1}
			there, isSeen := seen[folded(prefix)]
			switch {
			case !isSeen:
				seen[folded(prefix)] = here
			case there.path != prefix:
				return fmt.Sprintf("%s and %s are one path on systems that ignore case", there.path, prefix)
			case there.isFile != here.isFile:
				return prefix + " is a file and a folder"
			}
		}
	}
	return ""
}

// folded is the text with the least of the letters that differ in case alone.
func folded(path string) string {
	return strings.Map(func(sign rune) rune {
		least := sign
		for next := unicode.SimpleFold(sign); next != sign; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, path)
}
