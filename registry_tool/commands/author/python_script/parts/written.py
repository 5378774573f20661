"""A helper whose library this tool keeps elsewhere: it stands here as the text that a script gets."""

from __future__ import annotations

from typing import Final

RENDER: Final = '''def render(template: str, values: dict[str, Any]) -> str:
    """A Jinja template as text."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(keep_trailing_newline=True)
    return environment.from_string(template).render(values)
'''
"""`render(template, values)`, by Jinja in its own sandbox."""
