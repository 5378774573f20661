"""Loading, checking and compiling one manifest of the example's size, beside PyYAML's C loader alone."""

from __future__ import annotations

from pathlib import Path

import yaml
from timing import best, sized

from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.resolver.candidates import Candidate, FixedSource
from registry_tool.rules.all_rules import judge
from registry_tool.rules.base import RuleContext, Subject
from registry_tool.rules.file_set import VersionContent

VERSION = Path(__file__).parents[1] / "registry/workflows/sentiment-analysis/1.2.0"
ROUNDS = sized(200, 1)


def main() -> None:
    """Print milliseconds for each part."""
    data = (VERSION / "manifest.yaml").read_bytes()
    manifest = load(data, "manifest.yaml")
    known = FixedSource({"text-preprocessor": [Candidate("text-preprocessor", "1.6.0")]})
    content = {"manifest.yaml": VersionContent(data)}
    parts = {
        "load": lambda: load(data, "manifest.yaml"),
        "check": lambda: judge(
            Subject(manifest, content, RuleContext(known), "sentiment-analysis", "1.2.0")
        ),
        "compile": lambda: compile_bytes(manifest.workflow),
        "PyYAML CSafeLoader alone": lambda: yaml.load(data, Loader=yaml.CSafeLoader),
    }
    times = {}
    for name, part in parts.items():
        times[name] = best(lambda part=part: [part() for _ in range(ROUNDS)]) / ROUNDS * 1000
        print(f"{name:<26} {times[name]:7.3f} ms")
    total = times["load"] + times["check"] + times["compile"]
    print(f"{'load + check + compile':<26} {total:7.3f} ms (budget 2 ms)")
    print(f"{'ratio to the YAML reader':<26} {total / times['PyYAML CSafeLoader alone']:7.2f}")


if __name__ == "__main__":
    main()
