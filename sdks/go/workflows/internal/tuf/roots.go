package tuf

import (
	"context"
	"errors"
	"fmt"
)

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

func rootName(version int64) string { return fmt.Sprintf("root_history/%d.root.json", version) }
