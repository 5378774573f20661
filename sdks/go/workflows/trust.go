package workflows

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/puppyai/workflow-registry/sdks/go/workflows/internal/tuf"
)

// longestTrusted is how long metadata counts before a client that is still in use asks for it again.
const longestTrusted = time.Minute

// WithRoot pins the root whose keys sign the registry, as workflow.lock and settings spell it (`1:sha256:6ab0…`). Every
// document and package is held against it, and what is not as it was signed is [ErrIntegrity].
func WithRoot(pin string) Option { return func(t *transport) { t.root = &pin } }

// WithTrustFolder says where what was seen last of a pinned registry is kept, so that no mirror can go back behind it.
// Without it that is the folder of puppy-cli, below PUPPY_CACHE or ~/.cache/puppy.
func WithTrustFolder(folder string) Option { return func(t *transport) { t.trustFolder = folder } }

// WithClock tells the time by which signatures expire, in place of the machine's clock.
func WithClock(now func() time.Time) Option { return func(t *transport) { t.now = now } }

// trust holds what a registry serves against its pinned root (docs/trust.md).
type trust struct {
	pin       rootPin
	folder    tuf.Folder
	now       func() time.Time
	transport *transport

	turn      chan struct{} // holds one token: who takes it may use what is below
	client    *tuf.Client
	refreshed time.Time
}

// newTrust gives what checks a registry, nil where no root is pinned.
func newTrust(t *transport) (*trust, error) {
	if t.root == nil {
		return nil, nil
	}
	pin, err := parseRootPin(*t.root)
	if err != nil {
		return nil, err
	}
	folder := t.trustFolder
	if folder == "" {
		if folder, err = cacheFolder(); err != nil {
			return nil, invalid("there is no folder to keep what was seen last of the registry: "+err.Error(), "give one: WithTrustFolder")
		}
	}
	made := &trust{pin: pin, folder: tuf.Folder(filepath.Join(folder, "tuf", pin.short())), now: t.now, transport: t}
	made.turn = make(chan struct{}, 1)
	made.turn <- struct{}{}
	return made, nil
}

// document gives a document that the registry signed, by its path from the site's root; fetch gives its bytes. One that
// does not fit is looked at again by metadata of now: it may have been published meanwhile.
func (t *trust) document(ctx context.Context, path string, largest int64, fetch fetchFile) ([]byte, error) {
	data, isNew, err := t.attempt(ctx, path, largest, fetch, longestTrusted)
	if isNew || !(errors.Is(err, ErrIntegrity) || errors.Is(err, ErrNotFound)) {
		return data, err
	}
	data, _, err = t.attempt(ctx, path, largest, fetch, 0)
	return data, err
}

// attempt also tells whether it was judged by metadata that has just been fetched.
func (t *trust) attempt(
	ctx context.Context, path string, largest int64, fetch fetchFile, oldest time.Duration,
) ([]byte, bool, error) {
	location := t.transport.address + "/" + path
	fail := func(kind error, reason, help string) error {
		return &Error{Kind: kind, Reason: reason, Location: location, Help: help}
	}
	target, isThere, isNew, err := t.target(ctx, path, oldest)
	switch {
	case err != nil:
		return nil, isNew, t.refusal(ctx, err)
	case !isThere:
		return nil, isNew, fail(ErrNotFound, usualReason(404), "")
	case target.Length > largest:
		return nil, isNew, fail(ErrIntegrity, fmt.Sprintf("more than %d bytes", largest), tellMaintainers)
	}
	data, err := fetch(ctx, max(target.Length, 1)) // 0 would be the usual most
	switch {
	case errors.Is(err, ErrNotFound):
		err = fail(ErrIntegrity, "the registry signed this document, and it isn't served: it is withheld, or just being published", tryLater)
	case err == nil && !target.Fits(data):
		err = fail(ErrIntegrity, "the document is not the one that the registry signed: it was altered, is of another time, or is just being published", tryLater)
	}
	return data, isNew, err
}

// target gives what is signed of a file, by metadata that is at most so old.
func (t *trust) target(ctx context.Context, path string, oldest time.Duration) (tuf.Target, bool, bool, error) {
	select {
	case <-t.turn:
		defer func() { t.turn <- struct{}{} }()
	case <-ctx.Done():
		return tuf.Target{}, false, false, context.Cause(ctx)
	}
	now := t.now()
	isNew := false
	if age := now.Sub(t.refreshed); t.client == nil || age < 0 || age >= oldest {
		if err := t.refresh(ctx, now); err != nil {
			return tuf.Target{}, false, true, err
		}
		isNew = true
	}
	found, isThere, err := t.client.Target(ctx, path)
	return found, isThere, isNew, err
}

func (t *trust) refresh(ctx context.Context, now time.Time) error {
	root, err := t.pinned(ctx)
	if err != nil {
		return err
	}
	t.client = nil // nothing counts until all is checked
	found, err := tuf.Refreshed(ctx, root, t.metadata, t.folder, now)
	if err != nil {
		return err
	}
	t.client, t.refreshed = found, now
	return nil
}

// pinned gives the pinned root: the kept one, else as it is served, held against its digest.
func (t *trust) pinned(ctx context.Context) ([]byte, error) {
	name := fmt.Sprintf("%d.root.json", t.pin.version)
	if kept, err := t.folder.Load("root_history/" + name); err == nil && t.pin.fits(kept) {
		return kept, nil
	}
	fail := func(reason string) error {
		return &Error{Kind: ErrIntegrity, Reason: reason, Location: t.location() + "/" + name, Help: otherRoot}
	}
	data, err := t.metadata(ctx, name, tuf.LargestRoot)
	if errors.Is(err, tuf.ErrMissing) {
		return nil, fail("a root of this registry is pinned, and it isn't served: this is another registry, or one whose signatures were left out")
	}
	if err == nil && !t.pin.fits(data) {
		return nil, fail("the root is not the pinned one (" + t.pin.digest + ")")
	}
	return data, err
}

// metadata reads a file of the registry's metadata as its documents are read.
func (t *trust) metadata(ctx context.Context, name string, largest int64) ([]byte, error) {
	answer, err := t.transport.send(ctx, request{url: t.location() + "/" + name, largest: largest})
	// S3 denies what isn't there to who may not list: so it ends a chain of roots, too.
	denied := strings.HasSuffix(name, ".root.json") && errors.Is(err, ErrPermission)
	if denied || errors.Is(err, ErrNotFound) {
		return nil, tuf.ErrMissing
	}
	if err != nil {
		return nil, err
	}
	return answer.body, nil
}

func (t *trust) location() string { return t.transport.address + "/tuf" }
