package tuf

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The most bytes of files whose length nothing signed tells, and the most roots that are followed at once.
const (
	LargestRoot      = 512_000
	largestTimestamp = 16_384
	largestSnapshot  = 2_000_000
	largestTargets   = 5_000_000
	mostRoots        = 256
)

// Fetch gives a file of the repository's metadata, of at most so many bytes; ErrMissing where there is none.
type Fetch func(ctx context.Context, name string, largest int64) ([]byte, error)

// Store keeps what was seen last, by a file's name. Load gives ErrMissing where it has none.
type Store interface {
	Load(name string) ([]byte, error)
	Save(name string, data []byte) error
}

// Client holds the metadata that is trusted. It is for one goroutine at a time.
type Client struct {
	fetch Fetch
	store Store
	now   time.Time
	root  *opened

	timestamp *opened
	snapshot  *opened
	targets   *opened
	bins      map[string]*opened
}

// Refreshed gives a client whose metadata is that of the repository, at a moment. It begins with a root that is trusted
// already, and saves what it sees.
func Refreshed(ctx context.Context, root []byte, fetch Fetch, store Store, now time.Time) (*Client, error) {
	made := &Client{fetch: fetch, store: store, now: now, bins: map[string]*opened{}}
	for _, step := range []func() error{
		func() error { return made.begin(root) },
		func() error { return made.followRoots(ctx) },
		func() error { return made.updateTimestamp(ctx) },
		func() error { return made.updateSnapshot(ctx) },
		func() error { return made.updateTargets(ctx) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// begin takes the trusted root.
func (c *Client) begin(data []byte) error {
	found, err := open(data, "root")
	if err != nil {
		return err
	}
	if err := found.demandSigned(found.Keys, found.Roles["root"], "root"); err != nil {
		return err
	}
	c.root = found
	return c.store.Save(rootName(found.Version), data)
}

// followRoots takes each next root that the one before and its own keys have signed. The last must not have expired.
func (c *Client) followRoots(ctx context.Context) error {
	for range mostRoots {
		isNext, err := c.nextRoot(ctx)
		if err != nil {
			return err
		}
		if !isNext {
			break
		}
	}
	return c.demandFresh(c.root, "root")
}

func (c *Client) nextRoot(ctx context.Context) (bool, error) {
	version := c.root.Version + 1
	if kept, err := c.store.Load(rootName(version)); err == nil && c.takeRoot(kept, version) == nil {
		return true, nil
	}
	data, err := c.fetch(ctx, fmt.Sprintf("%d.root.json", version), LargestRoot)
	if errors.Is(err, ErrMissing) {
		return false, nil
	}
	if err == nil {
		err = c.takeRoot(data, version)
	}
	if err != nil {
		return false, err
	}
	return true, c.store.Save(rootName(version), data)
}

func (c *Client) takeRoot(data []byte, version int64) error {
	found, err := open(data, "root")
	if err != nil {
		return err
	}
	if err := found.demandSigned(c.root.Keys, c.root.Roles["root"], fmt.Sprintf("root %d", version)); err != nil {
		return err
	}
	if found.Version != version {
		return &Error{ErrOld, fmt.Sprintf("root %d in the place of %d", found.Version, version)}
	}
	if err := found.demandSigned(found.Keys, found.Roles["root"], fmt.Sprintf("root %d", version)); err != nil {
		return err
	}
	c.root = found
	return nil
}

// updateTimestamp takes the timestamp, which must not be older than the one that was seen. One that the root's keys
// have not signed was never seen: so a new key undoes what a thief of the old one has signed.
func (c *Client) updateTimestamp(ctx context.Context) error {
	c.timestamp = c.kept("timestamp")
	data, err := c.download(ctx, "timestamp.json", largestTimestamp)
	if err != nil {
		return err
	}
	found, err := c.signedByRoot(data, "timestamp")
	if err != nil {
		return err
	}
	if err := c.demandNewer(found); err != nil {
		return err
	}
	if c.timestamp == nil || found.Version > c.timestamp.Version {
		c.timestamp = found
		if err := c.demandFresh(found, "timestamp"); err != nil {
			return err
		}
		return c.store.Save("timestamp.json", data)
	}
	return c.demandFresh(c.timestamp, "timestamp")
}

func (c *Client) demandNewer(found *opened) error {
	if _, isThere := found.Meta["snapshot.json"]; !isThere {
		return &Error{ErrInvalid, "the timestamp names no snapshot"}
	}
	if c.timestamp == nil {
		return nil
	}
	if found.Version < c.timestamp.Version {
		return &Error{ErrOld, fmt.Sprintf("rollback: timestamp %d after %d", found.Version, c.timestamp.Version)}
	}
	before, now := c.timestamp.Meta["snapshot.json"].Version, found.Meta["snapshot.json"].Version
	if now < before {
		return &Error{ErrOld, fmt.Sprintf("rollback: snapshot %d after %d", now, before)}
	}
	return nil
}

// updateSnapshot takes the snapshot that the timestamp names; no version in it may be older than in the one before.
func (c *Client) updateSnapshot(ctx context.Context) error {
	named := c.timestamp.Meta["snapshot.json"]
	before := c.kept("snapshot")
	if before != nil && before.Version == named.Version && c.demandFresh(before, "snapshot") == nil {
		c.snapshot = before
		return nil
	}
	data, err := c.download(ctx, c.nameOf("snapshot", named.Version), lengthOr(named, largestSnapshot))
	if err != nil {
		return err
	}
	if !named.fits(data) {
		return &Error{ErrMixed, "the snapshot is not the one that the timestamp names"}
	}
	found, err := c.signedByRoot(data, "snapshot")
	if err != nil {
		return err
	}
	if err := demandNoneOlder(before, found); err != nil {
		return err
	}
	if found.Version != named.Version {
		return &Error{ErrOld, fmt.Sprintf("mix-and-match: snapshot %d, where the timestamp names %d", found.Version, named.Version)}
	}
	if err := c.demandFresh(found, "snapshot"); err != nil {
		return err
	}
	c.snapshot = found
	return c.store.Save("snapshot.json", data)
}

func demandNoneOlder(before, now *opened) error {
	if before == nil {
		return nil
	}
	for name, old := range before.Meta {
		found, isThere := now.Meta[name]
		if !isThere {
			return &Error{ErrInvalid, "the snapshot no longer names " + name}
		}
		if found.Version < old.Version {
			return &Error{ErrOld, fmt.Sprintf("rollback: %s of version %d after %d", name, found.Version, old.Version)}
		}
	}
	return nil
}

func (c *Client) updateTargets(ctx context.Context) error {
	found, err := c.targetsOf(ctx, "targets", c.root.Keys, c.root.Roles["targets"])
	c.targets = found
	return err
}

// targetsOf gives a role of targets in the version that the snapshot names, signed by its keys.
func (c *Client) targetsOf(ctx context.Context, name string, keys map[string]key, by role) (*opened, error) {
	named, isThere := c.snapshot.Meta[name+".json"]
	if !isThere {
		return nil, &Error{ErrInvalid, "the snapshot does not name " + name}
	}
	data, err := c.download(ctx, c.nameOf(name, named.Version), lengthOr(named, largestTargets))
	if err != nil {
		return nil, err
	}
	if !named.fits(data) {
		return nil, &Error{ErrMixed, name + " is not the one that the snapshot names"}
	}
	found, err := open(data, "targets")
	if err != nil {
		return nil, err
	}
	if err := found.demandSigned(keys, by, name); err != nil {
		return nil, err
	}
	if found.Version != named.Version {
		return nil, &Error{ErrOld, fmt.Sprintf("mix-and-match: %s %d, where the snapshot names %d", name, found.Version, named.Version)}
	}
	return found, c.demandFresh(found, name)
}

// Target gives what is signed of a file, by its path from the site's root; false where the repository has none.
func (c *Client) Target(ctx context.Context, path string) (Target, bool, error) {
	if found, isThere := c.targets.Targets[path]; isThere {
		return found, true, nil
	}
	name, err := c.targets.binOf(path)
	if name == "" || err != nil {
		return Target{}, false, err
	}
	bin := c.bins[name]
	if bin == nil {
		to := c.targets.Delegations
		if bin, err = c.targetsOf(ctx, name, to.Keys, to.Succinct.role); err != nil {
			return Target{}, false, err
		}
		c.bins[name] = bin
	}
	found, isThere := bin.Targets[path]
	return found, isThere, nil
}

// kept is the file of a role that was seen last, nil where there is none that today's keys have signed.
func (c *Client) kept(name string) *opened {
	data, err := c.store.Load(name + ".json")
	if err != nil {
		return nil
	}
	found, err := c.signedByRoot(data, name)
	if err != nil {
		return nil
	}
	return found
}

func (c *Client) signedByRoot(data []byte, name string) (*opened, error) {
	found, err := open(data, name)
	if err != nil {
		return nil, err
	}
	return found, found.demandSigned(c.root.Keys, c.root.Roles[name], name)
}

func (c *Client) download(ctx context.Context, name string, largest int64) ([]byte, error) {
	data, err := c.fetch(ctx, name, largest)
	if errors.Is(err, ErrMissing) {
		return nil, &Error{ErrMissing, "there is no " + name}
	}
	return data, err
}

func (c *Client) demandFresh(one *opened, name string) error {
	if c.now.Before(one.Expires) {
		return nil
	}
	return &Error{ErrExpired, fmt.Sprintf("freeze: %s expired on %s", name, one.Expires.UTC().Format(time.DateOnly))}
}

func (c *Client) nameOf(role string, version int64) string {
	if c.root.Consistent {
		return fmt.Sprintf("%d.%s.json", version, role)
	}
	return role + ".json"
}

func rootName(version int64) string { return fmt.Sprintf("root_history/%d.root.json", version) }

func lengthOr(named metaFile, largest int64) int64 {
	if named.Length > 0 {
		return named.Length
	}
	return largest
}
