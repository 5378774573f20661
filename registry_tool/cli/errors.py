"""The one place where errors become words and exit codes (SPEC.md §4)."""

from __future__ import annotations

import errno
import gc
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from registry_tool.cli.broken_package import broken_package
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import FindingsError
from registry_tool.core.values import Object
from registry_tool.report.text import inert, text_report

BUG = 3
_FEW_LOOKS = 20_000
"""New objects before unreachable ones are looked for (usually 700): imports alone make a hundred thousand."""
HELD = 4
INTERRUPTED = 130


def run(command: Callable[[], object], words: Sequence[str] | None = None) -> int:
    """Runs a click command; gives its exit code. No traceback ever reaches the terminal.

    `words` are the command line's: with `--format json`, what went wrong is JSON, too (docs/errors.md). A job that
    is cancelled gets SIGTERM; it ends as cleanly as after Ctrl-C.
    """
    signal.signal(signal.SIGTERM, _end)
    gc.set_threshold(_FEW_LOOKS)
    as_json = wants_json(sys.argv if words is None else words)
    try:
        code = command()  # without its standalone mode, click gives the code of an `Exit` back
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return _show_usage(error, as_json)
    except (KeyboardInterrupt, click.Abort):
        return _show("interrupted", code=INTERRUPTED, as_json=as_json)
    except FindingsError as refused:
        return _show_findings(refused, as_json)
    except RegistryError as error:
        return _show_error(error, as_json)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in _MACHINES:
            return _bug(as_json)
        place = str(error.filename or "the disk")
        return _show(
            f"error: {place}: {error.strerror}", (str(error.strerror), place, ""), as_json=as_json
        )
    except ImportError as error:
        broken = broken_package(error)
        return _show_error(broken, as_json) if broken else _bug(as_json)
    except Exception:  # noqa: BLE001 - the last resort: a bug becomes a file and one line
        return _bug(as_json)
    return code if isinstance(code, int) else 0


def wants_json(words: Sequence[str]) -> bool:
    """Whether a command line asks for JSON; it need not be one that can be read."""
    before = list(words)[: words.index("--") if "--" in words else None]
    pairs = zip(before, [*before[1:], ""], strict=True)
    return any(
        word == "--format=json" or (word, after) == ("--format", "json") for word, after in pairs
    )


_MACHINES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG})
"""What is wrong with the machine, not with the tool: no room, no right to write."""


def _bug(as_json: bool) -> int:
    reason, file = "this is a bug in the tool", _save()
    parts = (reason, file, "report it with that file")
    return _show(f"{reason}; details are in {file}", parts, BUG, as_json=as_json)


def _end(*_: object) -> None:
    """As Ctrl-C; a shell starts what it puts in the background so that it doesn't hear of that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


def wants_colour(stream: object) -> bool:
    """True on a terminal, unless NO_COLOR (https://no-color.org) is set."""
    return "NO_COLOR" not in os.environ and bool(getattr(stream, "isatty", lambda: False)())


def source_text(path: str) -> str | None:
    """A file's text for the report, None where it can't be read."""
    try:
        return Path(path).read_text("utf-8") if Path(path).is_file() else None
    except (OSError, UnicodeDecodeError):
        return None


def _show(
    text: str,
    parts: tuple[str, str, str] | None = None,
    code: int = 1,
    *,
    as_json: bool,
    more: Object | None = None,
) -> int:
    """Say on standard error what went wrong: as `text`, or as JSON of (reason, location, help). Gives the code."""
    if as_json:
        from registry_tool.cli.json_line import json_line

        reason, location, hint = parts or (text, "", "")
        error: Object = {"reason": reason, "location": location, "help": hint, "exit_code": code}
        click.echo(json_line({"error": {**error, **(more or {})}}), err=True)
    else:
        click.echo(inert(text), err=True)
    return code


def _show_usage(error: click.ClickException, as_json: bool) -> int:
    words = io.StringIO()
    error.show(words)
    context = getattr(error, "ctx", None)
    place = context.command_path if context else ""
    parts = (error.format_message(), place, f"{place} --help" if place else "")
    return _show(words.getvalue().rstrip("\n"), parts, error.exit_code, as_json=as_json)


def _show_error(error: RegistryError, as_json: bool) -> int:
    location = f"{error.location}: " if error.location else ""
    hint = f"\n  help: {error.hint}" if error.hint else ""
    parts = (error.reason, error.location, error.hint)
    return _show(f"error: {location}{error.reason}{hint}", parts, error.exit_code, as_json=as_json)


def _show_findings(refused: FindingsError, as_json: bool) -> int:
    from registry_tool.report.without_secrets import redacted_findings

    shown = redacted_findings(refused.findings, source_text)
    if not as_json:
        colour = wants_colour(sys.stderr)
        click.echo(text_report(shown.findings, shown.source, colour=colour), err=True)
        return refused.exit_code
    more: Object = {"findings": [finding.to_value() for finding in shown.findings]}
    parts = (refused.reason, refused.location, refused.hint)
    return _show("", parts, refused.exit_code, as_json=True, more=more)


def _save() -> str:
    import tempfile
    import traceback

    from registry_tool.security.handling import private_text

    with tempfile.NamedTemporaryFile(
        "w", prefix="registry-bug-", suffix=".txt", delete=False
    ) as file:
        file.write(private_text(traceback.format_exc()))
    return file.name
