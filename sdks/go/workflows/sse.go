package workflows

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
)

const (
	longestLine = 1 << 20
	mostData    = 4 << 20
)

// message is one of a stream of Server-Sent Events; id is the last one that was named.
type message struct {
	data  string
	event string
	id    string
}

// messages are those in a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html); one that the
// stream's end cuts off is left out.
func messages(stream io.Reader) iter.Seq2[message, error] {
	return func(yield func(message, error) bool) {
		lines := bufio.NewScanner(stream)
		lines.Buffer(nil, longestLine)
		lines.Split(lineEnds(new(bool)))
		var data []string
		var event, id string
		size := 0
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch {
			case lines.Text() == "":
				if data != nil && !yield(message{strings.Join(data, "\n"), firstOf(event, "message"), id}, nil) {
					return
				}
				data, event, size = nil, "", 0
			case name == "data":
				data = append(data, value)
				if size += len(value); size > mostData {
					yield(message{}, &Error{Kind: ErrIntegrity, Reason: fmt.Sprintf("a message of more than %d bytes", mostData), Help: report})
					return
				}
			case name == "event":
				event = value
			case name == "id" && !strings.Contains(value, "\x00"):
				id = value
			}
		}
		if err := lines.Err(); err == bufio.ErrTooLong {
			yield(message{}, &Error{Kind: ErrIntegrity, Reason: fmt.Sprintf("a line of more than %d bytes", longestLine), Help: report})
		} else if err != nil {
			yield(message{}, err)
		}
	}
}

// lineEnds splits at CR, LF or both. A line that ends with CR is given at once: its LF, which may come much later, is
// skipped then.
func lineEnds(skipsLF *bool) bufio.SplitFunc {
	return func(data []byte, _ bool) (int, []byte, error) {
		skipped := 0
		if *skipsLF && len(data) > 0 {
			*skipsLF = false
			if data[0] == '\n' {
				skipped = 1
			}
		}
		end := bytes.IndexAny(data[skipped:], "\r\n")
		if end < 0 {
			return skipped, nil, nil // what the stream's end cuts off is not a line
		}
		*skipsLF = data[skipped+end] == '\r'
		return skipped + end + 1, append([]byte{}, data[skipped:skipped+end]...), nil
	}
}

// heard restarts a timer whenever something comes.
type heard struct {
	stream io.Reader
	timer  *time.Timer
}

func (h *heard) Read(to []byte) (int, error) {
	size, err := h.stream.Read(to)
	if size > 0 {
		h.timer.Reset(silence)
	}
	return size, err
}

// headOf is as much of a refusal as is looked at.
func headOf(body io.Reader) []byte {
	head, _ := io.ReadAll(io.LimitReader(body, largestDocument)) // the status alone tells what kind of error it is
	return head
}
