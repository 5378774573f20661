"""What renders a Jinja template inside the sandbox, where neither files nor installed packages are.

This file is sent into the sandbox as text and never imported by the product. `sources` are Jinja's own modules by
name. A template that Jinja refuses or that fails is an error with the template's own line.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PACKAGES = ("jinja2", "markupsafe")


class SentModules(MetaPathFinder, Loader):
    """Imports modules from their text."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._sources = sources

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The module of this name, where its text was sent."""
        if name not in self._sources:
            return None
        return spec_from_loader(name, self, is_package=name in PACKAGES)

    def exec_module(self, module: Any) -> None:
        """Run the module's text."""
        code = compile(self._sources[module.__name__], module.__name__, "exec")
        exec(code, module.__dict__)  # noqa: S102 - Jinja's own, inside the sandbox


def main(sources: dict[str, str], template: str, values: dict[str, Any]) -> str:
    """The text."""
    sys.meta_path.insert(0, SentModules(sources))
    from jinja2.exceptions import TemplateError, TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(keep_trailing_newline=True)
    try:
        return environment.from_string(template).render(values)
    except TemplateSyntaxError as error:
        raise ValueError(f"the template's line {error.lineno}: {error.message}") from None
    except TemplateError as error:
        raise ValueError(f"the template: {error.message}") from None
