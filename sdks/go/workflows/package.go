package workflows

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

const compiled = "workflow.json"

// Package is what a `.wfpkg` holds: its bytes, its files by path, and the compiled workflow (`workflow.json`).
type Package struct {
	Name     string
	Version  string
	Digest   string
	Bytes    []byte
	Files    Files
	Manifest Manifest
}

// VerifyPackage opens a package and checks it: its form, its digest where one is given, its compiled workflow.
// [ErrIntegrity] says what is wrong with it. It is read in memory; nothing is written.
func VerifyPackage(data []byte, digest string) (*Package, error) {
	return verifyPackage(data, digest, "the package")
}

func verifyPackage(data []byte, digest, location string) (*Package, error) {
	files, err := readPackage(data, location)
	if err != nil {
		return nil, err
	}
	fail := func(reason, help string) (*Package, error) {
		return nil, &Error{Kind: ErrIntegrity, Reason: reason, Location: location, Help: help}
	}
	found := files.Digest()
	if digest != "" && found != digest {
		return fail(fmt.Sprintf("its digest is %s, not %s", found, digest), fetchAgain)
	}
	content, isThere := files[compiled]
	if !isThere {
		return fail("the package has no "+compiled, "")
	}
	manifest, err := manifestIn(content)
	if err != nil {
		return fail(compiled+" is not a compiled workflow", "")
	}
	name, version := manifest.Metadata.Name, manifest.Metadata.Version
	return &Package{name, version, found, data, files, manifest}, nil
}

// fetchPackage gives a version's package out of a registry; its digest and its name are the index's.
func (t *transport) fetchPackage(ctx context.Context, info VersionInfo) (*Package, error) {
	path := "packages/" + info.Name + "/" + info.Name + "-" + info.Version + ".wfpkg"
	data, err := t.read(ctx, path, largestPackage)
	if err != nil {
		return nil, err
	}
	url := t.url(strings.Split(path, "/")...)
	found, err := verifyPackage(data, info.Digest, url)
	if err != nil {
		return nil, err
	}
	if found.Name != info.Name || found.Version != info.Version {
		reason := fmt.Sprintf("it holds %s:%s, where %s:%s was asked for", found.Name, found.Version, info.Name, info.Version)
		return nil, &Error{Kind: ErrIntegrity, Reason: reason, Location: url, Help: fetchAgain}
	}
	return found, nil
}

// Manifest is a compiled workflow, as far as a program that calls it needs it; Raw is the whole.
type Manifest struct {
	Metadata struct {
		Name        string   `json:"name"`
		Version     string   `json:"version"`
		Author      string   `json:"author"`
		Description string   `json:"description"`
		Category    string   `json:"category"`
		Tags        []string `json:"tags"`
		License     string   `json:"license"`
	} `json:"metadata"`
	Spec struct {
		Interface struct {
			Inputs  []Port `json:"inputs"`
			Outputs []Port `json:"outputs"`
		} `json:"interface"`
		Runtime struct {
			Environments map[string]json.RawMessage `json:"environments"`
		} `json:"runtime"`
	} `json:"spec"`
	Raw json.RawMessage `json:"-"`
}

// Port is a typed input or output. Default is nil where there is none; `null` is a default, too.
type Port struct {
	Name        string            `json:"name"`
	Type        string            `json:"type"`
	Required    bool              `json:"required"`
	Default     json.RawMessage   `json:"default"`
	Enum        []json.RawMessage `json:"enum"`
	Description string            `json:"description"`
	Schema      json.RawMessage   `json:"schema"`
}

func manifestIn(content []byte) (Manifest, error) {
	var found Manifest
	if err := json.Unmarshal(content, &found); err != nil {
		return found, err
	}
	found.Raw = content
	if badName(found.Metadata.Name) != "" || badVersion(found.Metadata.Version) != "" {
		return found, fmt.Errorf("no name and version")
	}
	return found, nil
}
