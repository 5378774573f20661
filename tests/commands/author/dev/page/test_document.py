from __future__ import annotations

from pathlib import Path

from registry_tool.commands.author.dev.page.document import PageLinks, document
from registry_tool.commands.author.dev.page.state import PageSnapshot, ShownRun
from registry_tool.commands.author.dev.session import DevSession
from registry_tool.manifest.load import load
from registry_tool.sources.program import Program
from tests.commands.author.dev.projects import change, two_ways
from tests.report.tests.test_html import Seen

LINKS = PageLinks("/hidden", "page.html", "token")
HOSTILE = "</pre><script>alert(1)</script>"
PORTS = """\
    inputs:
      - { name: said, type: string, required: true }
      - { name: count, type: integer, default: 3 }
      - { name: loud, type: boolean }
      - { name: tone, type: string, enum: [warm, cold], default: cold }
      - { name: more, type: object }
"""


def test_strangers_words_are_only_text(tmp_path: Path) -> None:
    project = two_ways(tmp_path)
    change(project, "name: comes", f"name: '{HOSTILE}'")
    change(project, "Greets or bids farewell", HOSTILE)
    found = DevSession(project).look()
    run = ShownRun(HOSTILE, HOSTILE, {"said": HOSTILE})
    page = Seen(document(PageSnapshot(1, found, run), LINKS).decode())
    assert [attrs for tag, attrs in page.tags if tag == "script"] == [
        {"src": "/dev.js", "defer": "defer"}
    ]
    assert page.words.count(HOSTILE) >= 3
    (frame,) = [attrs for tag, attrs in page.tags if tag == "iframe"]
    assert frame["sandbox"] == "allow-scripts"


def test_every_type_has_its_field(tmp_path: Path) -> None:
    project = two_ways(tmp_path)
    change(project, "    inputs: [{ name: said, type: string, required: true }]\n", PORTS)
    workflow = load((project / "workflow-resource.yaml").read_bytes(), "m").workflow
    found = DevSession(project).look()
    assert found is not None
    assert isinstance(found.program, Program)
    assert found.program.workflow == workflow
    page = Seen(document(PageSnapshot(1, found), LINKS).decode())
    fields = {
        attrs["name"]: (tag, attrs.get("type"))
        for tag, attrs in page.tags
        if str(attrs.get("name", "")).startswith("input:")
    }
    assert fields == {
        "input:said": ("textarea", None),
        "input:count": ("input", "number"),
        "input:loud": ("select", None),
        "input:tone": ("select", None),
        "input:more": ("textarea", None),
    }
    chosen = [attrs["value"] for tag, attrs in page.tags if tag == "option" and "selected" in attrs]
    assert chosen == ["cold"]


def test_before_the_first_look_it_says_so() -> None:
    assert "It is being looked at." in document(PageSnapshot(), LINKS).decode()
