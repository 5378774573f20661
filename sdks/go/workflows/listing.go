package workflows

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Summary is a workflow in a list. Rating is nil where nobody rated it, Updated zero where it is not known.
type Summary struct {
	Name        string    `json:"name"`
	Version     string    `json:"version"`
	Author      string    `json:"author"`
	Description string    `json:"description"`
	Category    string    `json:"category"`
	Tags        []string  `json:"tags"`
	Downloads   int64     `json:"downloads"`
	Rating      *float64  `json:"rating"`
	Updated     time.Time `json:"updated"`
}

// Filter says which workflows a list holds; empty means all.
type Filter struct {
	Category string
	Author   string
	Tag      string
}

func (f Filter) admits(one Summary) bool {
	return (f.Category == "" || one.Category == f.Category) &&
		(f.Author == "" || one.Author == f.Author) &&
		(f.Tag == "" || slices.Contains(one.Tags, f.Tag))
}

// group is the folder and the key of the one document that holds all of a filter, where there is one.
func (f Filter) group() (string, string) {
	switch {
	case f.Category != "":
		return "categories", f.Category
	case f.Author != "":
		return "authors", f.Author
	}
	return "tags", f.Tag
}

// page is a document of a list.
type page struct {
	Workflows  []Summary `json:"workflows"`
	Pagination *struct {
		Next  string `json:"next"`
		Pages int    `json:"pages"`
	} `json:"pagination"`
}

var pageForm = regexp.MustCompile(`^workflows(/page/[1-9][0-9]{0,8})?\.json$`)

// Collect reads a list to its end, or to its first error.
func Collect[T any](list iter.Seq2[T, error]) ([]T, error) {
	var found []T
	for one, err := range list {
		if err != nil {
			return found, err
		}
		found = append(found, one)
	}
	return found, nil
}

// summaries are those of a filter, each once; a page is fetched when the loop reaches it.
func (t *transport) summaries(ctx context.Context, filter Filter) iter.Seq2[Summary, error] {
	return func(yield func(Summary, error) bool) {
		pages := t.allPages(ctx)
		if filter != (Filter{}) {
			pages = t.groupPage(ctx, filter)
		}
		seen := map[string]bool{}
		for items, err := range pages {
			if err != nil {
				yield(Summary{}, err)
				return
			}
			for _, one := range items {
				if seen[one.Name] || !filter.admits(one) {
					continue
				}
				seen[one.Name] = true
				if !yield(one, nil) {
					return
				}
			}
		}
	}
}

// groupPage is a category's, author's or tag's own document; none means that there are none.
func (t *transport) groupPage(ctx context.Context, filter Filter) iter.Seq2[[]Summary, error] {
	return func(yield func([]Summary, error) bool) {
		folder, key := filter.group()
		path := folder + "/" + pathSegment(key) + ".json"
		var found []Summary
		err := t.document(ctx, path, &found)
		if !errors.Is(err, ErrNotFound) {
			yield(found, firstError(err, checkedSummaries(found, t.url(strings.Split(path, "/")...))))
		}
	}
}

// allPages are the latest updates and then all pages, or those of a live registry whose documents are not there yet.
func (t *transport) allPages(ctx context.Context) iter.Seq2[[]Summary, error] {
	return func(yield func([]Summary, error) bool) {
		seen := map[string]bool{}
		for path := "workflows.json"; path != "" && !seen[path]; {
			seen[path] = true
			url := t.url(strings.Split(path, "/")...)
			var found page
			err := found.checked(t.document(ctx, path, &found), url)
			if len(seen) == 1 && errors.Is(err, ErrNotFound) && t.trust == nil {
				t.livePages(ctx)(yield)
				return
			}
			if !yield(found.Workflows, err) || err != nil {
				return
			}
			if path = found.Pagination.Next; path != "" && !pageForm.MatchString(path) {
				yield(nil, damaged("the list of workflows", url))
				return
			}
		}
	}
}

func (t *transport) livePages(ctx context.Context) iter.Seq2[[]Summary, error] {
	return func(yield func([]Summary, error) bool) {
		for number, pages := 1, 1; number <= pages; number++ {
			url := fmt.Sprintf("%s?sort=updated&per_page=100&page=%d", t.url("workflows"), number)
			var found page
			err := found.checked(t.live(ctx, url, &found), url)
			if !yield(found.Workflows, err) || err != nil || len(found.Workflows) == 0 {
				return
			}
			pages = found.Pagination.Pages
		}
	}
}

// checked is the error with which a page was read, or that of a page that is none.
func (p *page) checked(err error, url string) error {
	if err != nil {
		return err
	}
	if p.Pagination == nil {
		return damaged("the list of workflows", url)
	}
	return checkedSummaries(p.Workflows, url)
}

func checkedSummaries(found []Summary, url string) error {
	for _, one := range found {
		if badName(one.Name) != "" {
			return damaged("the list of workflows", url)
		}
	}
	return nil
}

// matches tells whether every word is in the name, description, tags or category.
func (s Summary) matches(words []string) bool {
	told := strings.ToLower(strings.Join(append([]string{s.Name, s.Description, s.Category}, s.Tags...), " "))
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(told, word) })
}

func damaged(what, location string) error {
	return &Error{Kind: ErrIntegrity, Reason: what + " is damaged", Location: location, Help: report}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
