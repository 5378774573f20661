"""Scripts give what the engine gives, on the same recorded answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.author.python_script.script import script_of
from registry_tool.commands.author.python_script.site import NotExportedError
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.cassettes.cassette import Cassette, read_cassette
from registry_tool.engine.providers.cassettes.replay import ReplayProvider
from registry_tool.manifest.load import load_file
from tests.commands.author.python_script.scripts import recorded_api, run_script
from tests.engine.small import go
from tests.importers.dify.exports import HereSandbox

REGISTRY = Path(__file__).parents[4] / "registry/workflows"
EXPORTED = [
    *("code-reviewer/1.0.0", "desk-agent/1.0.0", "fit-to-length/1.0.0", "greeting/1.0.0"),
    *("invoice-extractor/1.0.0", "keyword-extractor/1.0.1", "message-classifier/1.0.0"),
    *("number-summary/1.1.0", "readability-score/2.0.0", "release-notes/1.1.0"),
    *("request-router/2.0.0", "survey-summary/1.0.0", "table-cleaner/1.1.1"),
    *("text-preprocessor/1.6.0", "ticket-router/1.0.0"),
]


@pytest.mark.parametrize("version", EXPORTED)
def test_published_workflows_give_the_same_as_scripts(version: str) -> None:
    flow = load_file(REGISTRY / version / "manifest.yaml").workflow
    file = REGISTRY / version / "tests/cassettes.json"
    cassette = read_cassette(file.read_bytes(), str(file)) if file.is_file() else Cassette()
    for case in flow.tests:
        services = Services(model=ReplayProvider(cassette), sandbox=HereSandbox())
        result = go(flow, dict(case.inputs), services=services)
        assert not result.error
        with recorded_api(cassette) as asked:
            assert run_script(flow, dict(case.inputs)) == dict(result.outputs)
        assert len(asked) == result.usage.calls


@pytest.mark.parametrize(
    ("version", "word"),
    [
        ("faq-answerer/1.0.0", "load edge read"),
        ("article-tagger/1.0.0", "workflow edge find"),
        ("review-digest/1.0.0", "map of workflow"),
        ("long-text-summarizer/1.0.0", "not special"),
        ("sentiment-analysis/1.2.0", "personal data"),
    ],
)
def test_what_no_script_can_do_is_refused_with_edge_and_reason(version: str, word: str) -> None:
    flow = load_file(REGISTRY / version / "manifest.yaml").workflow
    with pytest.raises(NotExportedError, match=word):
        script_of(flow)


def test_it_runs_alone_and_says_what_it_requires(tmp_path: Path) -> None:
    flow = load_file(REGISTRY / "request-router/2.0.0/manifest.yaml").workflow
    text, requirements = script_of(flow)
    assert requirements == ()
    assert text.startswith(
        '# /// script\n# requires-python = ">=3.11"\n# dependencies = []\n# ///\n'
    )
    file = tmp_path / "router.py"
    file.write_text(text)
    command = [sys.executable, "-I", "-W", "error", str(file), "--request", "Do you ship?"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Do you ship?" in json.loads(done.stdout)["reply"]
    classifier = load_file(REGISTRY / "ticket-router/1.0.0/manifest.yaml").workflow
    text, requirements = script_of(classifier)
    assert requirements == ("httpx>=0.27",)
    assert '#   "httpx>=0.27",\n' in text


@pytest.mark.parametrize("inputs", [{}, {"text": "one, two,three"}, {"text": ""}])
def test_branches_loops_maps_cuts_templates_and_failures(inputs: Any) -> None:
    flow = load_file(Path(__file__).with_name("many.yaml")).workflow
    result = go(flow, dict(inputs), services=Services(sandbox=HereSandbox()))
    assert not result.error
    assert run_script(flow, inputs) == dict(result.outputs)
