"""Pieces of workflows for tests of runs."""

from __future__ import annotations


def copy(name: str, source: str, target: str, content: str = "") -> str:
    content = content or f"{{{{{source}}}}}"
    return (
        f"    - {{ id: {name}, source: {source}, target: {target}, type: modify, "
        f'config: {{ modify_type: copy, content: "{content}" }} }}\n'
    )


def blocks(*names: str, **values: str) -> str:
    found = "".join(f"    - {{ id: {name}, type: text }}\n" for name in names)
    found += "".join(
        f"    - {{ id: {n}, type: structured, value: {v} }}\n" for n, v in values.items()
    )
    return f"  blocks:\n{found}  edges:\n"
