package workflows

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Client reads a registry, runs workflows on a live one, and publishes to it. Nothing is asked before a method is
// called; a client may be used from several goroutines at once.
type Client struct {
	transport *transport
}

// Option says how a client asks.
type Option func(*transport)

// WithToken says who asks; the token is sent to this registry alone, over https or to this machine.
func WithToken(token string) Option { return func(t *transport) { t.token = token } }

// WithTimeout is how long one attempt may take (30 seconds).
func WithTimeout(long time.Duration) Option { return func(t *transport) { t.timeout = long } }

// WithRetries is how often a request is sent again that was lost or refused for a while, where that does no harm (2).
func WithRetries(most int) Option { return func(t *transport) { t.retries = most } }

// WithHTTPClient asks the network by another client: a proxy, certificates, a transport of a test. Redirects are
// followed by none.
func WithHTTPClient(client *http.Client) Option {
	return func(t *transport) { t.client = client }
}

// NewClient gives a client of a registry: the address of a built site, or of a live registry.
// [ErrInvalidRequest]: the address or an option is invalid.
func NewClient(address string, options ...Option) (*Client, error) {
	where, err := checkedAddress(address)
	if err != nil {
		return nil, err
	}
	made := &transport{
		address: strings.TrimRight(where.String(), "/"), timeout: 30 * time.Second, retries: 2,
		client: http.DefaultClient, sleep: wait, now: time.Now,
	}
	for _, option := range options {
		option(made)
	}
	if err := checkedToken(made.token, where); err != nil {
		return nil, err
	}
	if made.timeout <= 0 || made.retries < 0 || made.client == nil || made.now == nil {
		return nil, invalid("a timeout is positive, a number of retries at least 0, an HTTP client and a clock not nil", "")
	}
	if made.trust, err = newTrust(made); err != nil {
		return nil, err
	}
	client := *made.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	made.client = &client
	return &Client{made}, nil
}

// Address is the registry's address.
func (c *Client) Address() string { return c.transport.address }

// List gives all workflows, or those of a category, author or tag: newest updates first. Pages are fetched as the loop
// reaches them; after an error it ends.
func (c *Client) List(ctx context.Context, filter Filter) iter.Seq2[Summary, error] {
	return c.transport.summaries(ctx, filter)
}

// Search gives the workflows that hold every word of the query in name, description, tags or category.
func (c *Client) Search(ctx context.Context, query string) iter.Seq2[Summary, error] {
	words := strings.Fields(strings.ToLower(query))
	return func(yield func(Summary, error) bool) {
		for one, err := range c.List(ctx, Filter{}) {
			if (err != nil || one.matches(words)) && !yield(one, err) {
				return
			}
		}
	}
}

// Versions are all versions of a workflow, newest first. [ErrNotFound] names a workflow that is nearly called so.
func (c *Client) Versions(ctx context.Context, name string) ([]VersionInfo, error) {
	if reason := badName(name); reason != "" {
		return nil, invalid(fmt.Sprintf("%q is not a workflow: %s", shown(name, 200), reason), "give a workflow's name")
	}
	return c.transport.versionsOf(ctx, name)
}

// Get gives a workflow, its package verified. The reference is `name` (the latest release), `name:1.2.0` or
// `name@^1.2` (the highest release in the range). [ErrNotFound]: its help names the versions that there are.
func (c *Client) Get(ctx context.Context, reference string) (*Workflow, error) {
	wanted, err := ParseReference(reference)
	if err != nil {
		return nil, err
	}
	versions, err := c.transport.versionsOf(ctx, wanted.Name)
	if err != nil {
		return nil, err
	}
	info, err := choose(wanted, versions, c.Address())
	if err != nil {
		return nil, err
	}
	found, err := c.transport.fetchPackage(ctx, info)
	if err != nil {
		return nil, err
	}
	return &Workflow{VersionInfo: info, Package: found, client: c}, nil
}

// Execute runs a workflow on a live registry and waits for its result. A context that ends cancels the run.
// [ErrRunFailed]: it ended badly. [ErrNotSupported]: the registry is static.
func (c *Client) Execute(ctx context.Context, reference string, inputs Inputs, options ...RunOption) (*Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	run, err := c.startUnlessDone(ctx, reference, inputs, options)
	if err != nil {
		return nil, err
	}
	result, err := run.Result(ctx)
	if ctx.Err() != nil && err != nil {
		run.cancelLater(ctx)
	}
	return result, err
}

// Start begins a run on a live registry; its events and its result are the run's to tell.
func (c *Client) Start(ctx context.Context, reference string, inputs Inputs, options ...RunOption) (*Run, error) {
	wanted, err := ParseReference(reference)
	if err != nil {
		return nil, err
	}
	if err := c.transport.demandLive(ctx, "runs nothing"); err != nil {
		return nil, err
	}
	return c.transport.begin(ctx, wanted, inputs, options)
}

// Run is a run that began earlier, by its execution id.
func (c *Client) Run(id string) (*Run, error) {
	if !idForm.MatchString(id) {
		return nil, invalid(fmt.Sprintf("%q is not an execution id", shown(id, 200)), "they look like exec-1a2b")
	}
	return &Run{ID: id, transport: c.transport}, nil
}

var idForm = regexp.MustCompile(`^[0-9A-Za-z_-]{1,200}$`)

// startUnlessDone begins a run. Where the context ends meanwhile, the answer, which names what to cancel, is waited
// for behind the caller's back.
func (c *Client) startUnlessDone(ctx context.Context, reference string, inputs Inputs, options []RunOption) (*Run, error) {
	type started struct {
		run *Run
		err error
	}
	coming := make(chan started, 1)
	go func() {
		run, err := c.Start(context.WithoutCancel(ctx), reference, inputs, options...)
		coming <- started{run, err}
	}()
	select {
	case found := <-coming:
		return found.run, found.err
	case <-ctx.Done():
		go func() {
			if found := <-coming; found.err == nil {
				found.run.cancelLater(ctx)
			}
		}()
		return nil, context.Cause(ctx)
	}
}

// demandLive is [ErrNotSupported] where the registry is static.
func (t *transport) demandLive(ctx context.Context, what string) error {
	var about struct {
		Live bool `json:"live"`
	}
	if err := t.live(ctx, t.url("index.json"), &about); err != nil || about.Live {
		return err
	}
	return &Error{
		Kind: ErrNotSupported, Reason: "this registry is static: it serves files and " + what, Location: t.address,
		Help: "use the address of a live registry (registry-tool serve), or the command puppy-cli",
	}
}
