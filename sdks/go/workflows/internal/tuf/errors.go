package tuf

import "errors"

// Why metadata is refused, for errors.Is.
var (
	// ErrOld: a version is behind one that was seen, or is not the one that another file names (rollback, mix-and-match).
	ErrOld = errors.New("old or mixed versions")
	// ErrExpired: it is past its date (freeze).
	ErrExpired = errors.New("expired")
	// ErrUnsigned: too few signatures of keys that count.
	ErrUnsigned = errors.New("unsigned")
	// ErrMixed: a file is not the one whose length and hash another names (mix-and-match).
	ErrMixed = errors.New("length or hash")
	// ErrMissing: a file is not there. A Fetch and a Store give it, too.
	ErrMissing = errors.New("missing")
	// ErrInvalid: it is not such metadata.
	ErrInvalid = errors.New("invalid")
)

// Error is why metadata is refused: Kind is one of the Err… variables, Detail names the role and what is wrong.
type Error struct {
	Kind   error
	Detail string
}

// Error tells the detail.
func (e *Error) Error() string { return e.Detail }

// Unwrap gives the kind.
func (e *Error) Unwrap() error { return e.Kind }
