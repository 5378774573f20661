"""No key, token or private key in any file, however it is encoded; what was found is never echoed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Problem, Severity, most_severe
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.positions import Document
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.not_secrets import ALLOWED, SecretPolicy, listed_digests, misread
from registry_tool.rules.texts import texts_in
from registry_tool.security.encodings import TooMuchError
from registry_tool.security.redact import secrets_of_file
from registry_tool.security.secrets import Secret, secrets_in
from registry_tool.store.paths import COMPILED

MOST_IN_A_FILE = 20
_STRICT = SecretPolicy()
_UNPACK = "put it here as it is, or leave it out"


def _check(subject: Subject) -> Iterator[Problem]:
    found = False
    listed = subject.files.get(ALLOWED)
    content = listed.content if listed else b""
    policy = SecretPolicy(listed_digests(content), subject.severity_of_policy)
    yield from misread(content)
    # The compiled workflow comes last: usually it says what the manifest says.
    for path, file in sorted(
        subject.files.items(), key=lambda item: (item[0] == COMPILED, item[0])
    ):
        yield from _in_name(path, policy)
        if path == COMPILED and found:
            continue
        for problem in most_severe(in_content(path, file.content, policy), MOST_IN_A_FILE):
            found = found or problem.severity is Severity.ERROR
            yield problem
    if not found:
        yield from in_values(subject.manifest.document, policy)
        yield from _in_what_is_published(subject, policy)


def in_content(path: str, content: bytes, policy: SecretPolicy = _STRICT) -> Iterator[Problem]:
    """The weightiest secret of each line of a file: what is doubtful or listed hides nothing behind it."""
    lines: dict[int, Problem] = {}
    errors = 0
    try:
        for secret, encoding in secrets_of_file(content):
            where = "this line" if secret.line else "the file"
            problem = _problem(policy, secret, path, where, encoding)
            before = lines.setdefault(secret.line, problem)
            if problem.severity is Severity.ERROR and before.severity is not Severity.ERROR:
                lines[secret.line] = problem
            errors += problem.severity is Severity.ERROR
            if errors > MOST_IN_A_FILE:
                break
    except TooMuchError:
        words = "more is encoded in this file than is looked at for secrets"
        yield Problem((), words, _UNPACK, policy.doubtful, path=path, location=(0, 0))
    yield from lines.values()


def in_values(document: Document, policy: SecretPolicy = _STRICT) -> Iterator[Problem]:
    """Secrets that only who reads the document's values sees."""
    values = list(texts_in(document.value))
    if next(secrets_in("\n".join(text for _, text in values).encode("utf-8", "replace")), None):
        for route, text in values:
            there = secrets_in(text.encode("utf-8", "replace"))
            said = (Problem(route, *policy.judge(one, "this value", "")) for one in there)
            yield from most_severe(said, 1)


def _in_name(path: str, policy: SecretPolicy) -> Iterator[Problem]:
    there = secrets_of_file(path.encode("utf-8", "replace"))
    unplaced = ((replace(one, line=0, column=0), encoding) for one, encoding in there)
    yield from most_severe(
        (_problem(policy, one, path, "the file's name", encoding) for one, encoding in unplaced), 1
    )


def _in_what_is_published(subject: Subject, policy: SecretPolicy) -> Iterator[Problem]:
    """What a project's compiled workflow would hold; a version's own is one of its files."""
    if COMPILED in subject.files:
        return
    try:
        compiled = compile_bytes(subject.workflow)
    except RegistryError:
        return  # another rule tells
    said = (
        Problem((), *policy.judge(one, "the compiled workflow", "")) for one in secrets_in(compiled)
    )
    yield from most_severe(said, 1)


def _problem(policy: SecretPolicy, secret: Secret, path: str, where: str, encoding: str) -> Problem:
    words, help_, severity = policy.judge(secret, where, encoding)
    return Problem((), words, help_, severity, path=path, location=(secret.line, secret.column))


RULE = Rule("secrets", "No key, token or private key in any file.", _check)
