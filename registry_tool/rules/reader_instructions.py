"""Nothing in a version speaks to the AI that reads it for a reviewer: it is shown as text, and reported."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from registry_tool.core.finding import Problem, Severity, most_severe
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.texts import text_of, texts_in
from registry_tool.store.paths import COMPILED

# Phrases of known injections (OWASP LLM01); each reads a bounded piece.
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|of\s+){0,4}"
    r"(?:previous|prior|above|earlier|preceding|system)\s+(?:\w+\s+){0,2}(?:instruction|rule|prompt|message|direction)"
    r"|\b(?:approve|merge|accept)\s+(?:this|the)\s+(?:pull\s+request|PR|change|workflow)\b"
    r"|\b(?:AI|LLM|automated)\s+(?:reviewer|agent|assistant|model)s?\b[^.\n]{0,40}"
    r"\b(?:must|should|shall|please|need to)\b"
    r"|<\|(?:im_start|im_end|system|endoftext)\|>|\[/?INST\]|<</?SYS>>"
    r"|(?:忽略|无视|忘记)[^\n。]{0,12}(?:指令|指示|提示|规则)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(.*?)(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z]([^<>]*)>")  # attributes, such as `alt` and `title`
_DEFINITION = (
    re.compile(  # https://spec.commonmark.org/0.31.2/#link-reference-definitions; `[//]: # (…)`
        r"^[ >]{0,12}\[[^\]\n^][^\]\n]{0,998}\]:([ \t]*\n?[ \t]*[^\s]*(?:[ \t]*\n?[ \t]*"
        r"(?:\"[^\"]{0,2000}|'[^']{0,2000}|\([^)]{0,2000}))?)",
        re.MULTILINE,
    )
)
_RST_COMMENT = re.compile(r"^\.\.[ \t\n]((?:[^\n]*\n[ \t])*[^\n]*)", re.MULTILINE)
_UNSEEN = {".rst": (_RST_COMMENT,), ".txt": (_COMMENT,)}
_DOCUMENTS = (".md", ".html", ".htm", ".txt", ".rst")
_CASSETTES = "tests/cassettes.json"
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
_HELP = "take it out; what a workflow tells its own model belongs into a prompt"
MOST_IN_A_FILE = 20


def _check(subject: Subject) -> Iterator[Problem]:
    for path, file in sorted(subject.files.items()):
        if path.rpartition("/")[2].casefold() in _FOR_AGENTS:
            words = "assistants follow a file of this name where somebody opens its folder"
            yield Problem((), words, _HELP, subject.severity_of_policy, path=path, location=(0, 0))
        if path == COMPILED or not (path.lower().endswith(_DOCUMENTS) or path == _CASSETTES):
            continue
        text = text_of(path, file.content)
        if text is not None:
            yield from most_severe(_in_file(subject, path, text), MOST_IN_A_FILE)
    for route, text in texts_in(subject.manifest.document.value):
        if route[:1] == ("metadata",) and _ORDERS.search(text):
            yield Problem(route, "this speaks to an AI that reads it", _HELP, Severity.WARNING)


def _in_file(subject: Subject, path: str, text: str) -> Iterator[Problem]:
    patterns = _UNSEEN.get(path[path.rfind(".") :].lower(), (_COMMENT, _TAG, _DEFINITION))
    hidden = sorted(match.span(1) for pattern in patterns for match in pattern.finditer(text))
    ends = list(accumulate((end for _, end in hidden), max))
    for match in _ORDERS.finditer(text):
        before = bisect_right(hidden, (match.start(), len(text)))
        unseen = before > 0 and match.start() < ends[before - 1]
        where = "a comment, which no page shows," if unseen else "this"
        severity = subject.severity_of_policy if unseen else Severity.WARNING
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        words = f"{where} speaks to an AI that reads it"
        yield Problem((), words, _HELP, severity, path=path, location=(line, column))


RULE = Rule("reader-instructions", "No words to the AI that reads a version for somebody.", _check)
