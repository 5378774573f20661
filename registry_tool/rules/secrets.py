"""No key, token or private key in any file, however it is encoded; what was found is never echoed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Problem
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.positions import Document
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.not_secrets import ALLOWED, SecretPolicy, listed_digests, misread
from registry_tool.rules.texts import texts_in
from registry_tool.security.redact import secrets_of_file
from registry_tool.security.secrets import Secret, secrets_in
from registry_tool.store.paths import COMPILED

MOST_IN_A_FILE = 20
_STRICT = SecretPolicy()


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
        for problem in islice(in_content(path, file.content, policy), MOST_IN_A_FILE):
            found = True
            yield problem
    if not found:
        yield from in_values(subject.manifest.document, policy)
        yield from _in_what_is_published(subject, policy)


def in_content(path: str, content: bytes, policy: SecretPolicy = _STRICT) -> Iterator[Problem]:
    """Every secret of a file."""
    for secret, encoding in secrets_of_file(content):
        where = "this line" if secret.line else "the file"
        yield _problem(policy, secret, path, where, encoding)


def in_values(document: Document, policy: SecretPolicy = _STRICT) -> Iterator[Problem]:
    """Secrets that only who reads the document's values sees."""
    values = list(texts_in(document.value))
    if next(secrets_in("\n".join(text for _, text in values).encode("utf-8", "replace")), None):
        for route, text in values:
            for secret in islice(secrets_in(text.encode("utf-8", "replace")), 1):
                yield Problem(route, *policy.judge(secret, "this value", ""))


def _in_name(path: str, policy: SecretPolicy) -> Iterator[Problem]:
    for secret, encoding in islice(secrets_of_file(path.encode("utf-8", "replace")), 1):
        unplaced = replace(secret, line=0, column=0)
        yield _problem(policy, unplaced, path, "the file's name", encoding)


def _in_what_is_published(subject: Subject, policy: SecretPolicy) -> Iterator[Problem]:
    """What a project's compiled workflow would hold; a version's own is one of its files."""
    if COMPILED in subject.files:
        return
    try:
        compiled = compile_bytes(subject.workflow)
    except RegistryError:
        return  # another rule tells
    for secret in islice(secrets_in(compiled), 1):
        yield Problem((), *policy.judge(secret, "the compiled workflow", ""))


def _problem(policy: SecretPolicy, secret: Secret, path: str, where: str, encoding: str) -> Problem:
    words, help_, severity = policy.judge(secret, where, encoding)
    return Problem((), words, help_, severity, path=path, place=(secret.line, secret.column))


RULE = Rule("secrets", "No key, token or private key in any file.", _check)
