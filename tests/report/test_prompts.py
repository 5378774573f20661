from __future__ import annotations

from typing import Any

from registry_tool.manifest.model import Edge, Metadata, Workflow
from registry_tool.report.prompts import prompt_diffs


def workflow(**configs: Any) -> Workflow:
    """An edge for each configuration; its name is the type and a letter: `llm_a`."""
    edges = (
        Edge(name, name.split("_")[0], ("x",), ("y",), config) for name, config in configs.items()
    )
    return Workflow(Metadata("w", "1.0.0"), (), tuple(edges))


def test_all_texts_of_a_first_version_are_new() -> None:
    found = dict(
        prompt_diffs(
            None,
            workflow(
                llm_a={"messages": [{"role": "user", "content": "Hi"}], "model": "m"},
                code_b={"code": "def f(): pass"},
                http_c={"url": "https://x/{{q}}"},
                modify_d={"content": "no template"},
            ),
        )
    )
    assert sorted(found) == [
        "code_b.code",
        "http_c.url",
        "llm_a.messages.0.content",
        "llm_a.messages.0.role",
    ]
    assert found["code_b.code"][3:] == ["+def f(): pass"]


def test_changed_new_and_gone_texts_are_reported_and_others_not() -> None:
    old = workflow(llm_a={"prompt": "same"}, llm_b={"prompt": "old"}, llm_c={"prompt": "gone"})
    new = workflow(llm_a={"prompt": "same"}, llm_b={"prompt": "new"}, llm_d={"system": "more"})
    found = {location: lines[3:] for location, lines in prompt_diffs(old, new)}
    assert found == {
        "llm_b.prompt": ["-old", "+new"],
        "llm_c.prompt": ["-gone"],
        "llm_d.system": ["+more"],
    }
    assert list(prompt_diffs(new, new)) == []
