package workflows

import (
	"errors"
	"strings"
	"time"
)

// The kinds of errors, for errors.Is.
var (
	// ErrInvalidRequest: a wrong argument, reference, range or input (400, 422).
	ErrInvalidRequest = errors.New("invalid-request")
	// ErrNotFound: no such workflow, version or run, or it is not shown to who asks (404).
	ErrNotFound = errors.New("not-found")
	// ErrFindings: checks refused a version; Error.Findings say where and why (422).
	ErrFindings = errors.New("findings")
	// ErrIntegrity: what was read is not what was published: digest, package, index.
	ErrIntegrity = errors.New("integrity")
	// ErrNotSupported: this kind of registry, or this version of its server, can't do that (405, 501).
	ErrNotSupported = errors.New("not-supported")
	// ErrUnreachable: no whole answer came.
	ErrUnreachable = errors.New("unreachable")
	// ErrTimedOut: no whole answer came in time; such an error is ErrUnreachable, too.
	ErrTimedOut = errors.New("timed-out")
	// ErrAuthentication: who asks is not known (401).
	ErrAuthentication = errors.New("authentication")
	// ErrPermission: who asks is known and may not do that (403).
	ErrPermission = errors.New("permission")
	// ErrConflict: it was changed meanwhile, or is there already (409).
	ErrConflict = errors.New("conflict")
	// ErrRateLimited: too many requests (429); Error.RetryAfter says how long to wait.
	ErrRateLimited = errors.New("rate-limited")
	// ErrServer: the server failed (5xx), also when it was asked again.
	ErrServer = errors.New("server")
	// ErrRunFailed: a run ended badly; Error.Result holds what there is.
	ErrRunFailed = errors.New("run-failed")
	// ErrUnexpected: an answer that has no kind of its own, such as a redirect.
	ErrUnexpected = errors.New("unexpected")
)

// Error is every error of this package: what is wrong (Reason), where (Location) and the fix (Help).
type Error struct {
	// Kind is one of the Err… variables.
	Kind     error
	Reason   string
	Location string
	Help     string
	// Status is the HTTP status of a server that refused, or 0; RequestID is what it calls the request.
	Status    int
	RequestID string
	// Findings are what checks said; most errors have none.
	Findings []Finding
	// RetryAfter is how long the server asks to wait; 0 where it did not say.
	RetryAfter time.Duration
	// Result is what a failed run left, or nil.
	Result *Result

	cause error
}

// Error tells the place, the reason, the fix and the server's name of the request.
func (e *Error) Error() string {
	var told strings.Builder
	if e.Location != "" {
		told.WriteString(e.Location + ": ")
	}
	told.WriteString(e.Reason)
	if e.Help != "" {
		told.WriteString(" (" + e.Help + ")")
	}
	if e.RequestID != "" {
		told.WriteString(" [request " + e.RequestID + "]")
	}
	return told.String()
}

// Is tells whether the error is of a kind.
func (e *Error) Is(kind error) bool {
	return kind == e.Kind || (kind == ErrUnreachable && e.Kind == ErrTimedOut)
}

// Unwrap gives the error beneath, such as the network's, or nil.
func (e *Error) Unwrap() error { return e.cause }
