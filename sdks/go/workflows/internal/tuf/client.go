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

func lengthOr(named metaFile, largest int64) int64 {
	if named.Length > 0 {
		return named.Length
	}
	return largest
}
