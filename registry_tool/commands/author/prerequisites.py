"""`puppy-cli doctor --fix`: what of the missing can be had without an administrator."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from registry_tool.commands.author.doctor import Prerequisite
from registry_tool.core.children import python_command, run_python
from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.engine.providers.models.weights import CHAT, EMBEDDING, OF_PIP

_EXTRA = re.compile(r"pip install 'puppyai-workflow-registry\[([a-z]+)\]'")
_MODELS = "puppy-cli models install"


@dataclass(frozen=True)
class FixStep:
    """A command that gets what is missing: its words as a user would type them, and the parts it is for."""

    words: str
    names: tuple[str, ...]
    run: Callable[[], None]


def steps_for(parts: Sequence[Prerequisite]) -> list[FixStep]:
    """Extras in one go by pip, then the models; nothing for what a package manager or a key is needed for."""
    missing = [part for part in parts if not part.found]
    extras = {part.name: found[1] for part in missing if (found := _EXTRA.fullmatch(part.hint))}
    models = tuple(part.name for part in missing if part.hint == _MODELS)
    steps = []
    if extras:
        product = f"puppyai-workflow-registry[{','.join(sorted(set(extras.values())))}]"
        words = f"{_python()} -m pip install '{product}'"
        steps.append(FixStep(words, tuple(extras), lambda: _pip(product)))
    if models:
        steps.append(FixStep(_MODELS, models, _install_models))
    return steps


def _pip(product: str) -> None:
    """`MissingToolError` where this Python has no pip, `RegistryError` where it fails, as it says itself."""
    if find_spec("pip") is None:
        raise MissingToolError(
            "this Python has no pip",
            location=_python(),
            hint=f"install '{product}' with what made this environment, such as uv pip install",
        )
    done = run_python("pip", "install", "--quiet", product, also=OF_PIP)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise RegistryError(
            f"pip could not install it: {lines[-1] if lines else 'no reason given'}",
            location=product,
            hint="look at the network or at pip's configuration, and run puppy-cli doctor --fix again",
        )


def _python() -> str:
    """The interpreter whose pip is asked."""
    return python_command("pip")[0]


def _install_models() -> None:
    for weights in (CHAT, EMBEDDING):
        weights.install()
