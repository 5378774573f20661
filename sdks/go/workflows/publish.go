package workflows

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
)

// Published is what publishing did. IsPublished: it is in the registry now; else it waits for what Held says, at
// PullRequest.
type Published struct {
	Name        string
	Version     string
	IsPublished bool
	PullRequest string
	Held        string
}

// Publish posts a package that `puppy-cli build` made to a live registry. It is verified first; the same post again is
// the same answer. [ErrFindings]: checks refuse it, and nothing was published.
func (c *Client) Publish(ctx context.Context, data []byte) (*Published, error) {
	found, err := VerifyPackage(data, "")
	if err != nil {
		return nil, err
	}
	manifest, isThere := found.Files["manifest.yaml"]
	if !isThere {
		return nil, invalid("the package has no manifest.yaml", "build it with `puppy-cli build`")
	}
	if err := c.transport.demandLive(ctx, "takes nothing; publish with a pull request (puppy-cli publish)"); err != nil {
		return nil, err
	}
	body, kind := form(manifest, data, found.Name+"-"+found.Version+".wfpkg")
	headers := map[string]string{"Content-Type": kind, "Idempotency-Key": hexDigest(data)}
	url := c.transport.url("workflows")
	answer, err := c.transport.send(ctx, request{http.MethodPost, url, body, headers, 0})
	if err != nil {
		return nil, err
	}
	var told map[string]any
	if err := parsed(answer.body, url, &told); err != nil {
		return nil, err
	}
	return &Published{
		found.Name, found.Version, answer.status == http.StatusCreated, text(told["pull_request"]), text(told["held"]),
	}, nil
}

// form is the multipart body of a post, and its media type.
func form(manifest, data []byte, name string) ([]byte, string) {
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, part := range []struct {
		field, name string
		content     []byte
	}{{"manifest", "manifest.yaml", manifest}, {"package", name, data}} {
		// A buffer takes everything.
		to, _ := parts.CreateFormFile(part.field, part.name)
		_, _ = to.Write(part.content)
	}
	_ = parts.Close()
	return body.Bytes(), parts.FormDataContentType()
}
