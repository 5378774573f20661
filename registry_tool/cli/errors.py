"""The one place where errors become words and exit codes (SPEC.md §4)."""

from __future__ import annotations

import errno
import gc
import io
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import click

from registry_tool.cli.broken_package import broken_package
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import FindingsError
from registry_tool.report.text import inert, text_report

BUG = 3
_FEW_LOOKS = 20_000
"""New objects before unreachable ones are looked for (usually 700): imports alone make a hundred thousand."""
HELD = 4
INTERRUPTED = 130


def run(command: Callable[[], object]) -> int:
    """Runs a click command; gives its exit code. No traceback ever reaches the terminal.

    A job that is cancelled gets SIGTERM; it ends as cleanly as after Ctrl-C.
    """
    signal.signal(signal.SIGTERM, _end)
    gc.set_threshold(_FEW_LOOKS)
    try:
        code = command()  # without its standalone mode, click gives the code of an `Exit` back
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        words = io.StringIO()
        error.show(words)
        click.echo(inert(words.getvalue().rstrip("\n")), err=True)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except FindingsError as refused:
        from registry_tool.report.without_secrets import looked_through

        shown = looked_through(refused.findings, source_text)
        click.echo(
            text_report(shown.findings, shown.source, colour=wants_colour(sys.stderr)), err=True
        )
        return refused.exit_code
    except RegistryError as error:
        _show(error)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in _MACHINES:
            return _bug()
        click.echo(f"error: {inert(str(error.filename or 'the disk'))}: {error.strerror}", err=True)
        return 1
    except ImportError as error:
        if not (broken := broken_package(error)):
            return _bug()
        _show(broken)
        return broken.exit_code
    except Exception:  # noqa: BLE001 - the last resort: a bug becomes a file and one line
        return _bug()
    return code if isinstance(code, int) else 0


_MACHINES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG})
"""What is wrong with the machine, not with the tool: no room, no right to write."""


def _bug() -> int:
    click.echo(f"this is a bug in the tool; details are in {_save()}", err=True)
    return BUG


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
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _show(error: RegistryError) -> None:
    location = f"{inert(error.location)}: " if error.location else ""
    click.echo(f"error: {location}{inert(error.reason)}", err=True)
    if error.hint:
        click.echo(f"  help: {inert(error.hint)}", err=True)


def _save() -> str:
    import tempfile
    import traceback

    from registry_tool.security.handling import private_text

    with tempfile.NamedTemporaryFile(
        "w", prefix="registry-bug-", suffix=".txt", delete=False
    ) as file:
        file.write(private_text(traceback.format_exc()))
    return file.name
