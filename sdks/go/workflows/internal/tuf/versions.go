package tuf

import (
	"context"
	"fmt"
)

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
