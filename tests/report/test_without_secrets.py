"""No format tells a secret, whichever rule quotes it: generated from every rule's own cases.

In each case, each string that a finding quotes is replaced, wherever the manifest says it, by a credential.
"""

from __future__ import annotations

import base64
import bz2
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import pytest
import yaml

from registry_tool.cli import errors
from registry_tool.cli.output import FINDING_FORMATS, print_findings
from registry_tool.commands.review.check import CheckResult
from registry_tool.core.finding import Finding, FindingsError, Severity
from registry_tool.report.summary import summary
from registry_tool.report.text import text_report
from registry_tool.report.without_secrets import (
    MOST_CHARACTERS,
    NOT_SHOWN,
    redacted_findings,
    without_secrets,
)
from registry_tool.rules.all_rules import SUMMARIES
from registry_tool.security.redact import Redactor, masked_lines, secret_texts, secrets_of_file
from tests.rules.test_cases import CASES, CHANGES, found_in_version

TOKENS = (
    "ghp_" + "012345678901234567890123456789abcdEF",
    "glpat-" + "abcdefghijklmnopqrst",
    "sk-" + "proj-" + "a1B2c3D4e5" * 4,
    "xoxb-" + "123456789012-123456789012-" + "abcdefghijklmnopqrstuvwx",
    "AKIA" + "QRSTUVWXYZ234567",
)
MOST = 2  # strings of a case
MOST_OF_A_RULE = 6
LEAST = 16  # characters of a credential that nothing may tell
SOUND_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
KEPT = frozenset({"apiVersion", "kind", "metadata", "spec", "blocks", "edges", "id"})


def bz2_bombs(count: int) -> str:
    """A text whose every line expands to the most that is expanded of one piece."""
    bomb = base64.b64encode(bz2.compress(bytes(2**22))).decode()
    return f"{bomb}. " * count


@dataclass(frozen=True)
class Planted:
    """A case folder with a credential in it, and what the rules find there."""

    folder: Path
    token: str
    findings: tuple[Finding, ...]


def plant(case: Path, value: str, token: str, folder: Path) -> Path:
    """A copy of a case in which the manifest says `token` wherever it said `value`."""
    for path in case.rglob("*"):
        if path.is_file():
            copy = folder / path.relative_to(case)
            copy.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text()
            if path.name == "manifest.yaml":
                text = re.sub(rf"(?<![\w-]){re.escape(value)}(?![\w-])", token, text)
            copy.write_text(text)
    return folder


def quoted(case: Path) -> Iterator[str]:
    """Every string of a case's manifest that some finding quotes."""
    try:
        events = list(yaml.parse((case / "manifest.yaml").read_text(), Loader=yaml.CSafeLoader))
    except yaml.YAMLError:
        return
    message = "\n".join(f"{f.message} {f.help}" for f in found_in_version(case))
    values = {event.value for event in events if isinstance(event, yaml.ScalarEvent)}
    for value in sorted(values - KEPT):
        if SOUND_VERSION.fullmatch(value):
            continue  # a version that is none has no release below it, as some cases do
        if len(value) > 1 and re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", message):
            yield value


def planted(rule: str, folder: Path) -> Iterator[Planted]:
    tokens = cycle(TOKENS)
    for case in sorted((CASES / rule).iterdir()):
        if case.name.startswith("good") or not (case / "manifest.yaml").exists():
            continue
        for number, value in enumerate(islice(quoted(case), MOST)):
            token = next(tokens)
            copy = plant(case, value, token, folder / f"{case.name}-{number}")
            yield Planted(copy, token, found_in_version(copy))


def told_by_every_format(
    case: Planted, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, str]]:
    def source(path: str) -> str | None:
        file = case.folder / path
        return file.read_text() if file.is_file() else None

    for format_ in FINDING_FORMATS:
        print_findings(
            case.findings, CheckResult(case.findings, 1).to_value(), format_, source, "fine"
        )
        yield format_, capsys.readouterr().out
    yield "markdown", summary([], without_secrets(case.findings, source), "refused")

    def refuse() -> None:
        raise FindingsError(case.findings)

    monkeypatch.chdir(case.folder)
    errors.run(refuse)
    yield "error", capsys.readouterr().err


@pytest.mark.parametrize("rule", sorted(set(SUMMARIES) - CHANGES))
def test_no_format_tells_what_a_rule_quotes(
    rule: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for case in islice(planted(rule, tmp_path), MOST_OF_A_RULE):
        for format_, message in told_by_every_format(case, capsys, monkeypatch):
            assert case.token[:LEAST] not in message, (case.folder.name, format_, message)
            assert not case.findings or rule not in {f.rule for f in case.findings} or message


def test_rules_do_quote_so_that_the_test_above_can_fail(tmp_path: Path) -> None:
    """Without the step, these rules would tell."""
    rules = ("license", "edge-ends", "template-names", "category", "workflow-calls", "schema")
    for rule in rules:
        said = "".join(
            finding.message if case.token[:LEAST] in finding.message else ""
            for case in planted(rule, tmp_path / rule)
            for finding in case.findings
        )
        assert said, rule


@pytest.mark.parametrize("field", ["path", "message", "help"])
@pytest.mark.parametrize("rule", sorted(SUMMARIES))
def test_every_field_of_every_rule_passes_the_step(rule: str, field: str) -> None:
    token = TOKENS[len(rule) % len(TOKENS)]
    words = {"path": "a", "message": "b", "help": "c", field: f"before {token} after"}
    finding = Finding(words["path"], 1, 1, rule, Severity.ERROR, words["message"], words["help"])
    (clean,) = without_secrets([finding], lambda _: None)
    assert getattr(clean, field) == "before [SECRET] after"


@pytest.mark.parametrize("length", [13, 20, 30])
def test_a_quote_that_is_cut_short_goes_too(length: int) -> None:
    token = TOKENS[0]
    finding = Finding("a", 1, 1, "x", Severity.ERROR, f"{token[:length]!r}… is odd")
    (clean,) = without_secrets([finding], lambda _: f"a: {token}")
    assert clean.message == "'[SECRET]'… is odd"


def test_a_redactor_knows_a_secret_in_every_spelling() -> None:
    clean = Redactor(['pass"word\\of mine'])
    assert clean('it is "pass\\"word\\\\of mine"!') == 'it is "[SECRET]"!'
    assert clean("nothing here") == "nothing here"


def test_what_was_too_costly_to_read_is_not_read_again() -> None:
    costly = Finding("docs/long.md", 0, 0, "limits", Severity.ERROR, "judging took too long", "")

    def source(path: str) -> str:
        raise AssertionError(path)

    assert without_secrets([costly], source) == (costly,)


def quoting(path: str, rule: str = "x") -> Finding:
    return Finding(path, 1, 1, rule, Severity.ERROR, f"{TOKENS[0][:13]!r}… is odd", "use it")


@pytest.mark.parametrize(
    "filler",
    ["word " * (MOST_CHARACTERS // 5), bz2_bombs(20)],
    ids=["characters", "expanded"],
)
def test_of_a_file_that_is_not_looked_through_nothing_is_quoted(filler: str) -> None:
    """The bound is met by what the file holds, or by what that expands to; a file that is small goes first."""
    files = {"a/long.md": f"a: {TOKENS[0]}\n{filler}", "b/short.md": f"a: {TOKENS[0]}\n"}
    found = [quoting("a/long.md"), quoting("b/short.md"), quoting("a/long.md", "personal-data")]
    shown = redacted_findings(found, files.get)
    assert [one.message for one in shown.findings[:2]] == [NOT_SHOWN, "'[SECRET]'… is odd"]
    assert shown.findings[2].message == "'[SECRET]'… is odd", (
        "a rule that quotes nothing has its words"
    )
    assert (shown.source("a/long.md"), shown.source("b/short.md")) == (None, files["b/short.md"])
    report = text_report(shown.findings, shown.source)
    assert report.count("1 | ") == 1
    assert TOKENS[0][:13] not in report


def test_the_lines_of_what_was_too_costly_are_not_read_either() -> None:
    costly = Finding("docs/long.md", 0, 0, "limits", Severity.ERROR, "judging took too long", "")

    def source(path: str) -> str:
        raise AssertionError(path)

    shown = redacted_findings([costly, quoting("docs/long.md")], source)
    assert text_report(shown.findings, shown.source).count("docs/long.md") == 2


def test_many_credentials_with_one_beginning_are_all_covered() -> None:
    names = ("".join(pair) for pair in itertools.product("abcdefghijklmnopqrstuvwxyz", repeat=2))
    text = "\n".join("ghp_" + "Zq9" * 11 + f"4{name}" for name in names)
    clean = Redactor(secret_texts(text))
    lines = masked_lines(text)
    found = list(secrets_of_file(text.replace("ghp_", "\\x67hp_").encode()))
    assert [secret.line for secret, _ in found] == list(range(1, 26**2 + 1))
    assert clean(f"{text[:20]!r}… is odd") == "'[SECRET]'… is odd"
    assert len(lines) == len(found) == 26**2
    assert not any("Zq9" in line for line in lines)
