package workflows

import (
	"context"
	"errors"

	"github.com/puppyai/workflow-registry/sdks/go/workflows/internal/tuf"
)

const (
	tellMaintainers = "ask another copy of the registry, and tell its maintainers"
	tryLater        = "try again in some minutes; if it stays so, " + tellMaintainers
	otherRoot       = "look at the address; where the registry really has a new root, give that one to WithRoot"
)

// refusal is the error of metadata that is not trusted; what the network or the caller ended stays as it is.
func (t *trust) refusal(ctx context.Context, err error) error {
	var ours *Error
	var refused *tuf.Error
	switch {
	case errors.As(err, &ours):
		return ours
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case !errors.As(err, &refused):
		return &Error{
			Kind: ErrUnexpected, Reason: "what was seen last of the registry can't be kept: " + err.Error(),
			Location: string(t.folder), Help: "give WithTrustFolder a folder that can be written to", cause: err,
		}
	}
	for _, one := range refusals {
		if errors.Is(refused, one.kind) {
			reason := one.reason + " (" + shown(refused.Detail, longestTold) + ")"
			return &Error{Kind: ErrIntegrity, Reason: reason, Location: t.location(), Help: one.help}
		}
	}
	return refused
}

var refusals = []struct {
	kind         error
	reason, help string
}{
	{tuf.ErrOld, "older metadata than was seen before, or of versions that don't belong together: an old copy is passed off as the registry", tryLater},
	{tuf.ErrExpired, "its signed metadata has expired: the copy is kept from news, or the registry's publish job has stopped", "look at your clock, then " + tellMaintainers},
	{tuf.ErrUnsigned, "its metadata lacks signatures of keys that count", tellMaintainers},
	{tuf.ErrMixed, "its metadata files don't belong together, or one was altered", tryLater},
	{tuf.ErrMissing, "its signed metadata isn't served as a whole: it is withheld, or just being published", tryLater},
	{tuf.ErrInvalid, "its signed metadata is not valid", tellMaintainers},
}
