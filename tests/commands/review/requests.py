"""Branches as people propose them, and what is found on one."""

from __future__ import annotations

from registry_tool.commands.review.check_pr import check_pr


def branch(registry: object, name: str, start: str = "main") -> None:
    registry.git("checkout", "--quiet", "-b", name, start)  # type: ignore[attr-defined]


def publish(registry: object, name: str, version: str, **requires: str) -> None:
    branch(registry, f"{name}-{version}")
    registry.add(name, version, **requires)  # type: ignore[attr-defined]
    registry.commit(f"Publish {name} {version}")  # type: ignore[attr-defined]


def rules(registry: object, base: str = "main") -> list[str]:
    return [finding.rule for finding in check_pr(registry.root, base).findings]  # type: ignore[attr-defined]
