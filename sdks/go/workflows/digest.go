package workflows

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// Files are a version's files by path.
type Files map[string][]byte

// Digest is `sha256:<hex>` over `<sha256 of content> <size> <path>\n` of every file, sorted by the bytes of the path.
func (f Files) Digest() string {
	sum := sha256.New()
	for _, path := range f.Paths() {
		fmt.Fprintf(sum, "%s %d %s\n", hexDigest(f[path]), len(f[path]), path)
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil))
}

// Paths are the paths of the files, sorted by their bytes.
func (f Files) Paths() []string {
	return slices.Sorted(maps.Keys(f))
}

func hexDigest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
