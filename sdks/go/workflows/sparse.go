package workflows

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// VersionInfo is one version. Digest is `sha256:<hex>` over its files; a yanked one is chosen by no range.
type VersionInfo struct {
	Name         string
	Version      string
	Digest       string
	Yanked       bool
	Notice       *Notice
	Dependencies []Dependency
}

// Notice is what the owners say against a version. Level: notice, warn or block (no longer chosen by ranges).
type Notice struct {
	Level       string
	Reason      string
	Replacement string
}

// Dependency is a workflow that a version calls, by an npm-style range.
type Dependency struct {
	Name     string
	Range    string
	Registry string
}

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// versionsOf are all versions of a workflow, newest first; [ErrNotFound] names a workflow that is nearly called so.
func (t *transport) versionsOf(ctx context.Context, name string) ([]VersionInfo, error) {
	path := "sparse/" + (name + "_")[:2] + "/" + name
	data, err := t.read(ctx, path, largestDocument)
	if errors.Is(err, ErrNotFound) {
		return nil, t.noSuchWorkflow(ctx, name)
	}
	if err != nil {
		return nil, err
	}
	var found []VersionInfo
	for _, line := range bytes.Split(data, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		info, isWhole := versionIn(name, line)
		if !isWhole {
			return nil, damaged("the index of "+name, t.url(strings.Split(path, "/")...))
		}
		found = append(found, info)
	}
	if len(found) == 0 {
		return nil, t.noSuchWorkflow(ctx, name)
	}
	slices.SortStableFunc(found, newestFirst)
	return found, nil
}

func newestFirst(a, b VersionInfo) int {
	one, _ := parseVersion(a.Version)
	other, _ := parseVersion(b.Version)
	return compareVersions(other, one)
}

// versionIn reads a line of the index; false where its sum or a part is wrong.
func versionIn(name string, line []byte) (VersionInfo, bool) {
	var item map[string]any
	if parsed(line, "", &item) != nil {
		return VersionInfo{}, false
	}
	sum := text(item["sum"])
	delete(item, "sum")
	var rest bytes.Buffer
	canonical(&rest, item)
	needs, isList := item["requires"].([]any)
	found := VersionInfo{
		Name: text(item["name"]), Version: text(item["version"]), Digest: text(item["digest"]),
		Yanked: item["yanked"] == true, Notice: noticeIn(item["notice"]),
	}
	isWhole := isList && found.Name == name && sum == hexDigest(rest.Bytes())[:16] &&
		badVersion(found.Version) == "" && digestForm.MatchString(found.Digest)
	for _, need := range needs {
		about := object(need)
		one := Dependency{text(about["name"]), text(about["range"]), text(about["registry"])}
		isWhole = isWhole && badName(one.Name) == "" && badName(one.Registry) == "" && badRange(one.Range) == ""
		found.Dependencies = append(found.Dependencies, one)
	}
	return found, isWhole
}

func noticeIn(value any) *Notice {
	item := object(value)
	if item == nil {
		return nil
	}
	return &Notice{text(item["level"]), text(item["reason"]), text(item["replacement"])}
}

// choose gives the version that a reference means; a yanked one only by its number or where there is nothing else.
func choose(wanted Reference, versions []VersionInfo, location string) (VersionInfo, error) {
	byRange, _ := parseRange(wanted.Range)
	fitting := map[string]VersionInfo{}
	var numbers, there []string
	for _, one := range versions {
		isAdmitted := wanted.Range == "" || (!one.Yanked && byRange.admits(one.Version))
		if isAdmitted && (wanted.Version == "" || one.Version == wanted.Version) {
			fitting[one.Version] = one
			numbers = append(numbers, one.Version)
		}
		there = append(there, one.Version+map[bool]string{true: " (yanked)"}[one.Yanked])
	}
	best := latest(numbers, func(number string) bool { return fitting[number].Yanked })
	if found, isThere := fitting[best]; isThere {
		return found, nil
	}
	return VersionInfo{}, &Error{
		Kind: ErrNotFound, Location: location, Help: "there are " + strings.Join(there, ", "),
		Reason: fmt.Sprintf("no version of %s is %s", wanted.Name, wanted.Version+wanted.Range),
	}
}

// noSuchWorkflow is the error of an unknown name, or that of the list in which a near one was looked for.
func (t *transport) noSuchWorkflow(ctx context.Context, name string) error {
	help := "look for it with Search"
	for items, err := range t.allPages(ctx) {
		if err != nil {
			return err
		}
		if near := nearest(name, items); near != "" {
			help = "did you mean " + near + "?"
		}
		break // the latest updates will do
	}
	return &Error{Kind: ErrNotFound, Reason: "there is no workflow " + name, Location: t.address, Help: help}
}

// nearest is the name that is one or two letters off; empty where there is none.
func nearest(name string, items []Summary) string {
	best, found := max(2, len(name)/4), ""
	for _, one := range items {
		if off := distance(name, one.Name); off < best || (off == best && found == "") {
			best, found = off, one.Name
		}
	}
	return found
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for n := range row {
		row[n] = n
	}
	for n := range len(a) {
		corner := row[0]
		row[0] = n + 1
		for m := range len(b) {
			changed := corner
			if a[n] != b[m] {
				changed++
			}
			corner = row[m+1]
			row[m+1] = min(changed, row[m+1]+1, row[m]+1)
		}
	}
	return row[len(b)]
}
