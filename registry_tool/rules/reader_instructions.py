"""Nothing in a version speaks to the AI that reads it for a reviewer: it is shown as text, and reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.positions import Document
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.texts import TextHit, problems_in, text_of, texts_in
from registry_tool.security.layers import Span
from registry_tool.security.scanning.documents import document_kind, document_texts
from registry_tool.security.scanning.orders import disguised_orders_in, orders_in
from registry_tool.security.scanning.phrases import MOST_BEGINNINGS, UnreadRest
from registry_tool.security.scanning.pictures import read_picture
from registry_tool.security.scanning.unseen import Unseen
from registry_tool.store.paths import COMPILED, MANIFEST, PROJECT_MANIFEST

_FOR_AGENTS = frozenset(
    {
        "agents.md",
        "agent.md",
        "claude.md",
        "claude.local.md",
        "gemini.md",
        "copilot-instructions.md",
        "llms.txt",
    }
)
"""Files that coding assistants read and follow where somebody opens the folder, such as https://agents.md."""
_PROMPTS = {("spec", "edges"), ("spec", "blocks")}
"""Where a manifest tells its own models what to do."""
_NO_LETTERS = re.compile(r"[\W_]+")
_HELP = "take it out; what a workflow tells its own model belongs into a prompt"
_TOO_MANY = f"more than {MOST_BEGINNINGS:,} words with which orders to an AI begin: from here on it is not read"
_SPEAKS = "speaks to an AI that reads it"


def _check(subject: Subject) -> Iterator[Problem]:
    for path, file in sorted(subject.files.items()):
        if path.rpartition("/")[2].casefold() in _FOR_AGENTS:
            words = "assistants follow a file of this name where somebody opens its folder"
            yield Problem((), words, _HELP, subject.severity_of_policy, path=path, location=(0, 0))
        if next(_orders(_NO_LETTERS.sub(" ", path)), None):
            words = f"the file's name {_SPEAKS}"
            yield Problem((), words, _HELP, Severity.WARNING, path=path, location=(0, 0))
        if path not in {COMPILED, MANIFEST, PROJECT_MANIFEST}:
            yield from _in_file(subject.severity_of_policy, path, file.content)
    yield from in_document(subject.manifest.document, subject.severity_of_policy)


def in_document(document: Document, held: Severity = Severity.WARNING) -> Iterator[Problem]:
    """Words to a reader's AI in what a YAML file says beside prompts, and, weighing `held`, in its comments."""
    comments = _in_comments(held, document)
    yield from problems_in(document.path[len(document.folder) :], document.text, _HELP, comments)
    for route, text in texts_in(document.value):
        if route[:2] not in _PROMPTS and next(_orders(text), None):
            yield Problem(route, f"this {_SPEAKS}", _HELP, Severity.WARNING)


def _in_file(held: Severity, path: str, content: bytes) -> Iterator[Problem]:
    if picture := read_picture(content):
        said = (text.decode("utf-8", "replace") for text in picture.texts)
        yield from _inside(held, path, f"a text inside the {picture.kind} picture", said)
    elif kind := document_kind(content):
        yield from _inside(held, path, f"a text inside the file, {kind},", document_texts(content))
    elif (text := text_of(path, content)) is not None:
        yield from problems_in(path, text, _HELP, _in_text(held, path, text))


def _in_text(held: Severity, path: str, text: str) -> Iterator[TextHit]:
    unseen = Unseen(path, text)
    for span in orders_in(text):
        if isinstance(span, UnreadRest):
            yield span.start, _TOO_MANY, held
            continue
        why = unseen.why(span)
        yield span[0], f"{why or 'this'} {_SPEAKS}", held if why else Severity.WARNING
    for start, _ in disguised_orders_in(text):
        yield start, f"this {_SPEAKS}, in letters that only look like those of its words", held


def _inside(held: Severity, path: str, what: str, texts: Iterable[str]) -> Iterator[Problem]:
    for text in texts:
        if next(_orders(text), None):
            yield Problem((), f"{what} {_SPEAKS}", _HELP, held, path=path, location=(0, 0))


def _in_comments(held: Severity, document: Document) -> Iterator[TextHit]:
    """Orders in a manifest's text that are in none of its values."""
    found = list(orders_in(document.text))
    said = " ".join(text for _, text in texts_in(document.value)) if found else ""
    spoken = " ".join(said.split())
    for start, end in found:
        if " ".join(document.text[start:end].split()) not in spoken:
            yield start, f"a comment, which no page shows, {_SPEAKS}", held


def _orders(text: str) -> Iterator[Span]:
    yield from orders_in(text)
    yield from disguised_orders_in(text)


RULE = Rule("reader-instructions", "No words to the AI that reads a version for somebody.", _check)
