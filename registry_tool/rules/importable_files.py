"""No file that Python or pytest would run by itself where somebody works inside a version's folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.core.finding import Finding
from registry_tool.rules.file_set import FileRule, FileSet

_MODULES: Final = (".py", ".pyw", ".pyc", ".pyo", ".pyd", ".pyx", ".so", ".dylib", ".dll")
_PATHS: Final = (".pth", ".egg-link", ".egg-info", ".dist-info")
_UNASKED: Final = frozenset(
    {
        *("conftest.py", "sitecustomize.py", "usercustomize.py", "__main__.py", "setup.py"),
        *("noxfile.py", "pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", "pyvenv.cfg"),
    }
)
"""Names that a tool runs or obeys where it finds them."""
_ASKED: Final = "resources"
_TESTS: Final = "tests"


def _check(subject: FileSet) -> Iterator[Finding]:
    for path in sorted(subject.files):
        if reason := _wrong(path):
            help_ = f"leave it out, or put it into {_ASKED}/, where nothing is run"
            yield subject.finding(RULE.id, path, f"the file {reason}", help_)


def _wrong(path: str) -> str:
    *folders, name = path.casefold().split("/")
    if folders[:1] == [_ASKED]:
        return ""
    if name in _UNASKED or name.endswith(_PATHS) or any(f.endswith(_PATHS) for f in folders):
        return "is run or obeyed by Python's tools where they find it"
    if (not folders or folders == [_TESTS]) and name.endswith(_MODULES):
        return "would be imported by a Python that is started in its folder"
    if len(folders) == 1 and name.startswith("__init__."):
        return "makes a package that a Python that is started above it would import"
    return ""


RULE = FileRule("importable-files", "No file that Python or pytest would run by itself.", _check)
