"""A registry in which a stranger tried every place where a page shows words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

HOSTILE = "<script>alert(1)</script> <svg onload=x> ${{ github.token }} {{ ''.__class__ }} </title>"


def hostile_registry(make_registry: Callable[..., object]) -> Path:
    """Its root."""
    registry = make_registry()
    folder = registry.add("evil", "1.0.0")  # type: ignore[attr-defined]
    manifest = folder / "manifest.yaml"
    text = manifest.read_text().replace("Greets whoever you name", json.dumps(HOSTILE))
    text = text.replace("ada@example.com", json.dumps("</a><script>x</script>"))
    text = text.replace("[greeting]", json.dumps(["<b>tag", "..", "a b%2e"]))
    text = text.replace(
        "{ id: who, type: text }",
        f"{{ id: who, type: text, metadata: {{ label: {json.dumps(HOSTILE)} }} }}",
    )
    manifest.write_text(text)
    (folder / "docs/README.md").write_text(
        "# Hi\n<script>alert(1)</script><img src=http://evil/x.png onerror=x>\n\n"
        "[click](javascript:alert(1)) ![pixel](https://evil.example/p.png) [ok](https://example.com)\n"
    )
    registry.compile()  # type: ignore[attr-defined]
    return registry.root  # type: ignore[attr-defined, no-any-return]
