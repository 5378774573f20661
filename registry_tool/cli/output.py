"""What commands print."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry_tool import __version__
from registry_tool.cli.errors import wants_colour
from registry_tool.core.finding import Finding, Severity
from registry_tool.core.values import Object
from registry_tool.report.text import escaped, inert, text_report, visible

if TYPE_CHECKING:
    from registry_tool.commands.review.check import CheckResult, NotChecked
    from registry_tool.engine.run import RunResult
    from registry_tool.report.timeline import Timeline

FORMATS = ("text", "json")
FINDING_FORMATS = ("text", "json", "github", "sarif")


def format_option(formats: tuple[str, ...] = FORMATS) -> Callable[[Any], Any]:
    """`--format`, as click wants it."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default="text",
        show_default=True,
        help="How to print the result.",
    )


def counted(number: int, word: str) -> str:
    """`1 version`, `2 versions`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def print_json(value: Object, *, keep: Collection[str] = ()) -> None:
    """One JSON document on standard output, without secrets; nothing in it is a command to an Action job.

    What stands under the keys in `keep` is the user's own, such as a run's outputs, and stays as it is.
    """
    from registry_tool.security.redact import redact_value

    clean = redact_value(value, keep)
    text = visible(json.dumps(clean, ensure_ascii=False, indent=2))
    click.echo(text.replace("##[", "#\\u0023["))


def print_result(
    result: CheckResult,
    format_: str,
    source: Path | Callable[[str], str | None],
    more: Object | None = None,
    kind: str = "version",
) -> None:
    """What a check found, in the wanted format; `more` are further members of the JSON."""
    value = {**result.to_value(), **(more or {})}
    fine = valid_sentence(result, kind)
    unknown, registry = result.not_checked, result.registry
    print_findings(result.findings, value, format_, source, fine, unknown, registry)


def valid_sentence(result: CheckResult, kind: str = "version") -> str:
    """`valid: 1 version, 41 checks`, as far as that was looked at; empty where something is wrong or held."""
    if any(finding.severity in {Severity.ERROR, Severity.HOLD} for finding in result.findings):
        return ""
    checks = counted(len(result.checks), "check")
    if not result.versions:
        return f"no {kind} to check; {checks} of the rest"
    about = f"{counted(result.versions, kind)}, {checks}"
    partly = any(one.warns for one in result.not_checked)
    return f"{'valid as far as it was checked' if partly else 'valid'}: {about}"


def print_findings(
    findings: tuple[Finding, ...],
    value: Object,
    format_: str,
    source: Path | Callable[[str], str | None],
    fine: str,
    not_checked: Sequence[NotChecked] = (),
    registry: str = "",
) -> None:
    """Findings in the wanted format; `fine` is said where nothing is wrong, `not_checked` in any case.

    `source` is the folder that their paths are below, or gives a file's text by its path. `registry` is the
    address where the rules are explained, if it is known.
    """
    from registry_tool.report.without_secrets import redacted_findings

    reader = source_reader(source) if isinstance(source, Path) else source
    shown = redacted_findings(findings, reader)
    findings = shown.findings
    if format_ == "json":
        print_json({**value, "findings": [finding.to_value() for finding in findings]})
        return
    if format_ == "sarif":
        from registry_tool.report.sarif import sarif_report
        from registry_tool.rules.all_rules import SUMMARIES

        notes = [f"not checked: {one}" for one in not_checked]
        print_json(sarif_report(findings, SUMMARIES, __version__, notes, registry))
        return
    if format_ == "github":
        from registry_tool.report.github import github_notice, github_report

        if not_checked:
            click.echo(github_notice("not checked", "; ".join(map(str, not_checked))))
        if findings:
            click.echo(github_report(findings))
        return
    if not_checked:
        loud = "warning: " if any(one.warns for one in not_checked) else ""
        sentence = "; ".join(str(one) for one in not_checked)
        click.echo(f"{loud}not checked: {inert(sentence)}", err=True)
    if findings:
        report = text_report(findings, shown.source, colour=wants_colour(sys.stdout))
        click.echo(report)
        click.echo(f"{fine}; {_counts(findings)}" if fine else _counts(findings))
    elif fine:
        click.echo(fine)


def print_table(rows: list[list[str]], *, empty: str) -> None:
    """Columns of equal width; `empty` where there is no row. Every cell is made inert."""
    if not rows:
        click.echo(empty)
        return
    cells = [[inert(cell).replace("\n", " ") for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())


def print_facts(facts: list[tuple[str, str]]) -> None:
    """A name and a sentence a line."""
    print_table([[name, sentence] for name, sentence in facts], empty="")


def print_warning(sentence: str) -> None:
    """A warning on standard error."""
    click.echo(f"warning: {inert(sentence)}", err=True)


def print_warnings(sentences: Iterable[str]) -> None:
    """Warnings on standard error, one a line."""
    for sentence in sentences:
        print_warning(sentence)


def notice_word(notice: object) -> str:
    """`yanked: reason`, `warn: reason`, `notice: reason`, or nothing."""
    if not isinstance(notice, dict):
        return ""
    level = "yanked" if notice["level"] == "block" else str(notice["level"])
    return f"{level}: {notice['reason']}"


def print_run(result: RunResult, format_: str, timeline: Timeline | None = None) -> None:
    """A run's outputs, or why it failed; exit code 1 for a failed run.

    A timeline goes to standard error, or into the JSON as `trace`.
    """
    if format_ == "json":
        trace: Object = {"trace": [s.to_value() for s in timeline.spans]} if timeline else {}
        print_json({**result.to_value(), **trace}, keep=("outputs",))
    else:
        _print_run(result, timeline)
    if result.error:
        raise click.exceptions.Exit(1)


def _print_run(result: RunResult, timeline: Timeline | None) -> None:
    from registry_tool.engine.answerers import answered_words

    if timeline is not None:
        from registry_tool.report.timeline import timeline_text

        click.echo(timeline_text(timeline), err=True)
    for notice in result.notices:
        click.echo(f"note: {inert(notice)}", err=True)
    if result.error:
        click.echo(f"error: {inert(result.error)}", err=True)
    else:
        for name, value in result.outputs.items():
            text = (
                value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
            )
            click.echo(f"{name}: {escaped(text)}")
    if result.answered_by:
        print_warning(answered_words(result.answered_by, result.instead_of))
    usage = result.usage
    click.echo(
        f"{result.execution_id}: {result.status} in {result.seconds:.2f} s, "
        f"{usage.calls} model calls, {usage.input_tokens} + {usage.output_tokens} tokens",
        err=True,
    )


def source_reader(root: Path) -> Callable[[str], str | None]:
    """Gives the text of a file below a folder, None where it can't be read or is a link."""

    def read(path: str) -> str | None:
        where = root / path
        try:
            is_own = where.is_file() and not where.is_symlink()
            return where.read_text("utf-8") if is_own else None
        except (OSError, UnicodeDecodeError):
            return None

    return read


def _counts(findings: tuple[Finding, ...]) -> str:
    counts = dict.fromkeys(Severity, 0)
    for finding in findings:
        counts[finding.severity] += 1
    return ", ".join(
        f"{number} {severity.value}{'s' if number != 1 else ''}"
        for severity, number in counts.items()
        if number
    )
