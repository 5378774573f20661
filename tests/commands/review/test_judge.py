"""Versions are judged apart, and what a limit ends is a finding."""

from __future__ import annotations

from registry_tool.commands.review.check_pr import check_pr
from tests.commands.review.requests import branch


def test_a_hostile_graph_is_stopped(registry: object) -> None:
    """Forty doublings of a text: the process that replays it may not grow for ever."""
    folder = registry.root / "registry/workflows/bomb/1.0.0"  # type: ignore[attr-defined]
    branch(registry, "bomb")
    folder.mkdir(parents=True)
    blocks = ", ".join(f"{{ id: b{n}, type: text }}" for n in range(41))
    edges = "\n".join(
        f"    - {{ id: e{n}, source: b{n}, target: b{n + 1}, type: modify, "
        f'config: {{ modify_type: edit_text, content: "{{{{b{n}}}}}{{{{b{n}}}}}" }} }}'
        for n in range(40)
    )
    (folder / "manifest.yaml").write_text(
        "apiVersion: puppyai.com/v1\nkind: Workflow\n"
        'metadata: { name: bomb, version: "1.0.0", license: MIT, description: Grows }\n'
        f"spec:\n  blocks: [{blocks}]\n  edges:\n{edges}\n"
        "  interface:\n    inputs: [{ name: b0, type: string, required: true }]\n"
        "    outputs: [{ name: b40, type: string }]\n"
        "  tests: [{ name: grows, inputs: { b0: 0123456789 }, expected: { b40: x } }]\n".replace(
            "0123456789", '"0123456789"'
        )
    )
    (folder.parent / "owners.yaml").write_text("owners: [{ login: ada, id: 1 }]\n")
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("A bomb")  # type: ignore[attr-defined]
    found = check_pr(registry.root, "main").findings  # type: ignore[attr-defined]
    assert [f.rule for f in found] == ["tests-pass"]
    assert "could not be run" in found[0].message or "large" in found[0].message
