package workflows

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

var rootVersion = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)

// rootPin is a pinned root: the version of a root and the digest of its bytes.
type rootPin struct {
	version int
	digest  string
}

func parseRootPin(text string) (rootPin, error) {
	version, digest, _ := strings.Cut(text, ":")
	number, err := strconv.Atoi(version)
	if err != nil || !rootVersion.MatchString(version) || !digestForm.MatchString(digest) {
		wrong := invalid(fmt.Sprintf("%q is not a pinned root", shown(text, 100)),
			"write VERSION:sha256:HEX, as workflow.lock has it, or as `registry-tool trust status` of the registry prints it")
		wrong.Location = "WithRoot"
		return rootPin{}, wrong
	}
	return rootPin{number, digest}, nil
}

// fits tells whether these are the bytes of that root.
func (p rootPin) fits(data []byte) bool { return "sha256:"+hexDigest(data) == p.digest }

// short names the folder of what was seen last with this root, whichever mirror gave it.
func (p rootPin) short() string { return strings.TrimPrefix(p.digest, "sha256:")[:32] }

// cacheFolder is the one that puppy-cli keeps things in.
func cacheFolder() (string, error) {
	if named := os.Getenv("PUPPY_CACHE"); named != "" {
		return named, nil
	}
	if base := os.Getenv("XDG_CACHE_HOME"); base != "" {
		return filepath.Join(base, "puppy"), nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".cache", "puppy"), err
}
