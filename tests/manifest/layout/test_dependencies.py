"""A requirement is written into a manifest in place: nothing else moves, however the list is written."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.manifest.layout.dependencies import with_requirement
from registry_tool.manifest.model import Requirement

B = Requirement("b", "^2.0.0")
FLOW = '{ name: b, version: "^2.0.0" }'
HEAD = "kind: Workflow  # mine\nspec:\n"
TAIL = "  interface: {}\n# the end\n"
BELOW = "  runtime:\n    dependencies:\n      workflows:\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"{BELOW}        - {FLOW}\n"),
        (
            "  runtime:\n    requirements: {timeout: 5m}  # long\n",
            "  runtime:\n    requirements: {timeout: 5m}  # long\n    dependencies:\n"
            f"      workflows:\n        - {FLOW}\n",
        ),
        ("  runtime:\n", f"  runtime: {{ dependencies: {{ workflows: [{FLOW}] }} }}\n"),
        ("  runtime: {}\n", f"  runtime: {{ dependencies: {{ workflows: [{FLOW}] }} }}\n"),
        (
            "  runtime: { requirements: { timeout: 5m } }\n",
            "  runtime: { requirements: { timeout: 5m }, dependencies: "
            f"{{ workflows: [{FLOW}] }} }}\n",
        ),
        (
            f"{BELOW}        - {{ name: a, version: '*' }}   # first\n",
            f"{BELOW}        - {{ name: a, version: '*' }}   # first\n        - {FLOW}\n",
        ),
        (
            f"{BELOW}      - name: a\n        version: '*'\n\n",
            f"{BELOW}      - name: a\n        version: '*'\n      - name: b\n"
            '        version: "^2.0.0"\n\n',
        ),
        (
            f"{BELOW[:-1]} [{{name: a}}]\n",
            f"{BELOW[:-1]} [{{name: a}}, {FLOW}]\n",
        ),
        (f"{BELOW[:-1]} []\n", f"{BELOW[:-1]} [{FLOW}]\n"),
        (
            f"{BELOW}        - name: b  # why\n          version: ^1.0.0  # range\n",
            f'{BELOW}        - name: b  # why\n          version: "^2.0.0"  # range\n',
        ),
    ],
)
def test_it_is_written_where_it_belongs(before: str, after: str) -> None:
    new = with_requirement(HEAD + before + TAIL, "m.yaml", B)
    lines = new.split("\n")
    assert [line for line in (HEAD + TAIL).split("\n") if line not in lines] == []
    if before:
        assert new == HEAD + after + TAIL
    else:
        assert new == HEAD + TAIL.replace("# the end\n", after + "# the end\n")
    assert with_requirement(new, "m.yaml", B) == new


def test_of_another_registry_it_is_another_entry() -> None:
    text = f"{HEAD}{BELOW}        - {FLOW}\n"
    new = with_requirement(text, "m.yaml", Requirement("b", "^3.0.0", "ours"))
    assert new == f'{text}        - {{ name: b, version: "^3.0.0", registry: ours }}\n'


@pytest.mark.parametrize(
    "text",
    ["kind: Workflow\n", f"{HEAD}{BELOW[:-1]} x\n", f"{HEAD}{BELOW}        - name: b\n"],
)
def test_what_can_t_be_changed_in_place_is_refused_with_the_line_to_write(text: str) -> None:
    with pytest.raises(UsageError, match="changed in place") as error:
        with_requirement(text, "m.yaml", B)
    assert FLOW in error.value.hint


def test_a_file_without_a_last_newline_gets_its_line() -> None:
    text = f"{HEAD}{BELOW}        - {{ name: a }}"
    assert with_requirement(text, "m.yaml", B) == f"{text}\n        - {FLOW}\n"
