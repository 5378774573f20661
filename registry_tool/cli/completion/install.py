"""Writes a shell's completion to where that shell looks for it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_tool.core.errors import UsageError
from registry_tool.core.files import LARGEST_FILE, read_limited, write_atomic
from registry_tool.core.values import Object


@dataclass(frozen=True)
class InstalledCompletion:
    """The files that take part, and those of them that were written now."""

    shell: str
    files: tuple[Path, ...]
    written: tuple[Path, ...]

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "shell": self.shell,
            "files": [str(path) for path in self.files],
            "written": [str(path) for path in self.written],
        }


def install(
    program: str, shell: str, script: str, home: Path, environ: Mapping[str, str]
) -> InstalledCompletion:
    """Write the script, and into bash's or zsh's start-up file the line that reads it; neither twice."""
    data = _folder(environ, "XDG_DATA_HOME", home / ".local/share")
    if shell == "fish":
        folder = _folder(environ, "XDG_CONFIG_HOME", home / ".config")
        file, start_up = folder / "fish/completions" / f"{program}.fish", None
    elif shell == "zsh":
        file = data / "puppyai-workflows" / f"{program}.zsh"
        start_up = _folder(environ, "ZDOTDIR", home) / ".zshrc"
    else:
        file = data / "bash-completion/completions" / program
        start_up = home / ".bashrc"
    written = [file] if _write(file, script) else []
    if start_up and _append(start_up, _line(program, shell, file)):
        written.append(start_up)
    return InstalledCompletion(shell, (file, start_up) if start_up else (file,), tuple(written))


def _folder(environ: Mapping[str, str], variable: str, usual: Path) -> Path:
    """The folder that a variable names; a relative one is ignored, as the XDG specification wants."""
    path = Path(environ.get(variable, ""))
    return path if path.is_absolute() else usual


def _line(program: str, shell: str, file: Path) -> str:
    path = shlex.quote(str(file))
    begin = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }; "
    return f"{begin if shell == 'zsh' else ''}[ -r {path} ] && . {path}  # completion of {program}"


def _write(file: Path, text: str) -> bool:
    data = (text.rstrip("\n") + "\n").encode()
    if file.is_file() and read_limited(file) == data:
        return False
    write_atomic(file, data)
    return True


def _append(file: Path, line: str) -> bool:
    """Add the line where it isn't; the rest stays as it is, a link stays a link."""
    before = read_limited(file) if file.exists() else b""
    if line.encode() in before.splitlines():
        return False
    if len(before) + len(line) + 2 > LARGEST_FILE:
        raise UsageError("this is too large for a start-up file", location=str(file))
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as end:
        end.write((b"\n" if before and not before.endswith(b"\n") else b"") + line.encode() + b"\n")
    return True
