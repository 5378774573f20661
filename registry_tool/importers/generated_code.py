"""What importers put into the Python that they generate, and what Python of strangers may not import."""

from __future__ import annotations

import ast
import sys
from typing import Final

AT: Final = """def at(value, *path):
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and str(step).isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
"""
"""The helper of generated code: the value at a path, or None."""

_REACHING_OUT: Final = frozenset(
    {
        "socket",
        "ssl",
        "subprocess",
        "ftplib",
        "smtplib",
        "multiprocessing",
        "ctypes",
        "webbrowser",
        "http",
        "urllib.request",
    }
)


def missing_modules(text: str) -> list[str]:
    """What Python imports that the sandbox has not: other packages, and what reaches the network or processes."""
    found = _imports(text)
    others = found - set(sys.stdlib_module_names) - {"urllib.parse"}
    return sorted(others | (found & _REACHING_OUT))


def _imports(text: str) -> set[str]:
    """The modules that code imports: top names, and `urllib.request` whole."""
    found: set[str] = set()
    for item in ast.walk(ast.parse(text)):
        names = [alias.name for alias in item.names] if isinstance(item, ast.Import) else []
        if isinstance(item, ast.ImportFrom) and item.module:
            names = [item.module, *(f"{item.module}.{alias.name}" for alias in item.names)]
        for name in names:
            found.add("urllib.request" if name.startswith("urllib.request") else name.split(".")[0])
    return found
