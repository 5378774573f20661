"""What a rule sees and what it is.

A rule is one file with one `RULE`: an id, a sentence, and a function from a subject to problems. It reads
nothing but its subject, so it runs the same on a folder, on git objects and in a test.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property

from registry_tool.core.finding import Finding, Problem, Severity
from registry_tool.core.records import Record
from registry_tool.core.values import Route
from registry_tool.manifest.binding import Binding, bind
from registry_tool.manifest.graph import Graph
from registry_tool.manifest.load import Manifest
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.positions import locate
from registry_tool.manifest.publish_policy import PUBLISH_POLICY
from registry_tool.manifest.value_schemas import ValueSchemas
from registry_tool.resolver.candidates import Candidate, Source
from registry_tool.rules.file_set import VersionContent
from registry_tool.rules.planted import CanaryReport


class Replayed(Record, frozen=True):
    """How a workflow's recorded tests went: the failures' reasons, and the answers that were not recorded.

    `crash` says why they could not be run to their end.
    """

    reference: str
    passed: int = 0
    failures: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    crash: str = ""

    @property
    def fine(self) -> bool:
        """True where every case passed."""
        return not (self.failures or self.missing or self.crash)


class Dependent(Record, frozen=True):
    """A workflow whose range admits the new version, replayed with the base and with the new version."""

    reference: str
    range: str
    before: Replayed | None = None
    after: Replayed | None = None


class RenderFailure(Record, frozen=True):
    """What publishing could not make of a version: the place that causes it, as a `Problem` has it, and why."""

    route: Route
    reason: str
    path: str = ""
    location: tuple[int, int] | None = None


class RuleContext(Record, frozen=True):
    """What a version is judged against.

    `source` holds all versions that can be required, `categories` and `registries` are the registry's (empty:
    any), `published` the line's version numbers on the base. `previous` is the release below this one, None
    where there is none or none is compared; `resources_changed` says whether its resources are others, and
    `previous_answers` is its file of recorded ones.
    With `thorough`, dependencies are resolved whole, not only one by one. `replayed` and `dependents` are there
    once the tests have been run. `public` says that the registry is a public repository. `policy` is what it
    asks of an `addition`, a version that is to be published; of what is published already it is only reported.
    `canaries` says how tests that pass go with planted instructions.
    `workflow_of` reads a candidate of `source`, None where it can't be read. `unmade` are the parts of its pages
    that could not be made, known once somebody has made them.
    """

    source: Source
    categories: Collection[str] = ()
    registries: Collection[str] = ()
    published: tuple[str, ...] = ()
    previous: Workflow | None = None
    resources_changed: bool = False
    previous_answers: bytes = b""
    thorough: bool = False
    replayed: Replayed | None = None
    dependents: tuple[Dependent, ...] = ()
    public: bool = False
    addition: bool = False
    policy: frozenset[str] = PUBLISH_POLICY
    workflow_of: Callable[[Candidate], Workflow | None] = lambda _: None
    unmade: tuple[RenderFailure, ...] = ()
    canaries: CanaryReport | None = None


class Subject(Record, frozen=True, dict=True):
    """One version (or an author's project) under judgement.

    `name` and `version` are those of the path, empty for a project. `files` are by path inside the version.
    """

    manifest: Manifest
    files: Mapping[str, VersionContent]
    context: RuleContext
    name: str = ""
    version: str = ""

    @property
    def workflow(self) -> Workflow:
        """The typed workflow."""
        return self.manifest.workflow

    @property
    def is_project(self) -> bool:
        """True for an author's project, which is not published yet."""
        return not self.name

    @property
    def is_addition(self) -> bool:
        """True for what is not published yet, so that it can still be changed."""
        return self.is_project or self.context.addition

    def asks(self, part: str) -> bool:
        """Whether the registry asks a published version for a part of PUBLISH_POLICY."""
        return part in self.context.policy

    @property
    def severity_of_policy(self) -> Severity:
        """A maintainer's label lets an addition through; nothing can be done about what is published."""
        return Severity.HOLD if self.is_addition else Severity.WARNING

    @cached_property
    def graph(self) -> Graph:
        """The workflow's graph."""
        return Graph(self.workflow)

    @cached_property
    def binding(self) -> Binding:
        """The interface's binding."""
        return bind(self.workflow, self.graph)

    @cached_property
    def values(self) -> ValueSchemas:
        """What is known of blocks' values before a run."""
        return ValueSchemas(self.workflow, self.graph, self.binding)


MOST_ERRORS = 100
"""Of one rule on one version; to find the place of each takes a look at the whole manifest."""


class Rule(Record, frozen=True):
    """One check. `id` is also its heading in docs/rules.md and its case folder's name."""

    id: str
    summary: str
    check: Callable[[Subject], Iterator[Problem]]

    def findings(self, subject: Subject) -> list[Finding]:
        """The rule's problems, located."""
        return locate(_bounded(self.check(subject)), self.id, subject.manifest.document)


def _bounded(problems: Iterator[Problem]) -> Iterator[Problem]:
    """A rule's problems as long as there is something to learn: the version is refused for the first error."""
    errors = 0
    for problem in problems:
        yield problem
        errors += problem.severity is Severity.ERROR
        if errors == MOST_ERRORS:
            words = f"there may be more: the first {errors} errors of this rule are shown"
            yield Problem((), words, "fix these and check again", Severity.INFO)
            return
