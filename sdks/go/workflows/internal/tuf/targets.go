package tuf

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

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

const mostBits = 32

// binOf is the name of the bin that signs a file (TAP 15); empty where targets are spread over none.
func (o *opened) binOf(path string) (string, error) {
	if o.Delegations == nil || o.Delegations.Succinct == nil {
		return "", nil
	}
	bins := o.Delegations.Succinct
	if bins.BitLength < 1 || bins.BitLength > mostBits {
		return "", &Error{ErrInvalid, fmt.Sprintf("targets are spread by %d bits", bins.BitLength)}
	}
	sum := sha256.Sum256([]byte(path))
	number := binary.BigEndian.Uint32(sum[:4]) >> (mostBits - bins.BitLength)
	digits := len(fmt.Sprintf("%x", uint64(1)<<bins.BitLength-1))
	return fmt.Sprintf("%s-%0*x", bins.NamePrefix, digits, number), nil
}
