package workflows

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Finding is what a check found: the rule, the place and the fix. Severity: error, hold, warning or info.
type Finding struct {
	Rule     string
	Severity string
	Path     string
	Line     int
	Column   int
	Message  string
	Help     string
}

// UnmarshalJSON reads a finding strictly: whatever is not as it should be is left empty.
func (f *Finding) UnmarshalJSON(data []byte) error {
	var item map[string]any
	if err := json.Unmarshal(data, &item); err != nil {
		item = nil
	}
	*f = Finding{
		Rule:     text(item["rule"]),
		Severity: severityOf(text(item["severity"])),
		Path:     text(item["path"]),
		Line:     integer(item["line"]),
		Column:   integer(item["column"]),
		Message:  firstOf(text(item["message"]), "refused without a reason"),
		Help:     text(item["help"]),
	}
	return nil
}

// String is one line: place, severity, rule, message and fix.
func (f Finding) String() string {
	told := fmt.Sprintf("%s:%d:%d: %s[%s]: %s", f.Path, f.Line, f.Column, f.Severity, f.Rule, f.Message)
	if f.Help != "" {
		told += " (" + f.Help + ")"
	}
	return told
}

func described(findings []Finding) string {
	lines := make([]string, len(findings))
	for n, finding := range findings {
		lines[n] = finding.String()
	}
	return strings.Join(lines, "\n")
}

func severityOf(given string) string {
	switch given {
	case "hold", "warning", "info":
		return given
	}
	return "error"
}

func text(value any) string {
	found, _ := value.(string)
	return found
}

func number(value any) float64 {
	found, _ := value.(float64)
	return found
}

func integer(value any) int {
	found := number(value)
	if found != float64(int(found)) {
		return 0
	}
	return int(found)
}

func object(value any) map[string]any {
	found, _ := value.(map[string]any)
	return found
}
