package workflows

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	longestTold = 500
	longestID   = 128
	report      = "try again; if it stays so, tell the registry's maintainers"
	elsewhere   = "this registry's server has no such operation: use puppy-cli, or ask for a newer server"
)

var kinds = map[int]error{
	400: ErrInvalidRequest,
	401: ErrAuthentication,
	403: ErrPermission,
	404: ErrNotFound,
	405: ErrNotSupported,
	409: ErrConflict,
	422: ErrInvalidRequest,
	429: ErrRateLimited,
	501: ErrNotSupported,
}

var waysOut = map[int]string{
	401: "give a valid token: WithToken",
	403: "ask the registry's maintainers for the right to do this",
	405: elsewhere,
	409: "read it again, then decide",
	429: "ask less often",
	501: elsewhere,
}

// problem is an RFC 9457 problem, as far as it is one.
type problem struct {
	Title     string    `json:"title"`
	Detail    string    `json:"detail"`
	Help      string    `json:"help"`
	RequestID string    `json:"request_id"`
	Findings  []Finding `json:"findings"`
}

// refusal is the error that an answer tells of.
func refusal(status int, headers http.Header, body []byte, location string) *Error {
	told := problemIn(headers, body)
	wait, isAsked := retryAfter(headers)
	found := &Error{Kind: kindOf(status), Location: location, Status: status, RequestID: requestID(headers, told)}
	if status == http.StatusUnprocessableEntity && len(told.Findings) > 0 {
		found.Kind, found.Findings, found.Reason = ErrFindings, told.Findings, described(told.Findings)
		return found
	}
	found.Reason = firstOf(said(told), usualReason(status))
	found.Help = firstOf(shown(told.Help, longestTold), wayOut(status, wait, isAsked))
	if status == http.StatusTooManyRequests {
		found.RetryAfter = wait
	}
	return found
}

// retryAfter is how long a server asks to wait (RFC 9110, 10.2.3); a date is compared with the server's own Date.
func retryAfter(headers http.Header) (time.Duration, bool) {
	told := strings.TrimSpace(headers.Get("Retry-After"))
	if secondsOnly.MatchString(told) {
		seconds, err := strconv.ParseFloat(told, 64)
		if err != nil || seconds > float64(math.MaxInt64/time.Second) {
			return math.MaxInt64, err == nil
		}
		return time.Duration(seconds * float64(time.Second)), true
	}
	until, err := http.ParseTime(told)
	now, errNow := http.ParseTime(headers.Get("Date"))
	if err != nil || errNow != nil {
		return 0, false
	}
	return max(until.Sub(now), 0), true
}

var secondsOnly = regexp.MustCompile(`^\d{1,11}(\.\d{1,6})?$`)

// shown is what can be printed in a terminal: no control characters, none that turn the direction of writing.
func shown(given string, longest int) string {
	if signs := []rune(given); len(signs) > longest {
		given = string(signs[:longest])
	}
	return strings.Map(func(sign rune) rune {
		if unicode.IsPrint(sign) {
			return sign
		}
		return -1
	}, given)
}

func problemIn(headers http.Header, body []byte) problem {
	var told problem
	if !strings.Contains(headers.Get("Content-Type"), "json") {
		return told
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return told
	}
	for name, to := range map[string]any{
		"title": &told.Title, "detail": &told.Detail, "help": &told.Help,
		"request_id": &told.RequestID, "findings": &told.Findings,
	} {
		// Whatever is not as it should be is left empty: the status alone tells what kind of error it is.
		_ = json.Unmarshal(members[name], to)
	}
	return told
}

func requestID(headers http.Header, told problem) string {
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "Traceparent"} {
		if found := headers.Get(name); found != "" {
			return shown(found, longestID)
		}
	}
	return shown(told.RequestID, longestID)
}

func said(told problem) string {
	if told.Title == "" || told.Detail == "" {
		return shown(told.Title+told.Detail, longestTold)
	}
	return shown(told.Title+": "+told.Detail, longestTold)
}

func usualReason(status int) string {
	if status == http.StatusNotFound {
		return "there is no such document"
	}
	return fmt.Sprintf("the registry answered %d", status)
}

func kindOf(status int) error {
	if kind, isKnown := kinds[status]; isKnown {
		return kind
	}
	if status >= http.StatusInternalServerError {
		return ErrServer
	}
	return ErrUnexpected
}

func wayOut(status int, wait time.Duration, isAsked bool) string {
	if status == http.StatusTooManyRequests && isAsked {
		return fmt.Sprintf("try again in %.0f s", math.Ceil(wait.Seconds()))
	}
	if help := waysOut[status]; help != "" || status < http.StatusInternalServerError {
		return help
	}
	return report
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
