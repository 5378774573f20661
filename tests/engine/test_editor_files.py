"""Every exported workflow of the data folder imports, and runs where it needs no foreign service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.author.import_workflow import import_workflow
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.all_services import web_searches
from registry_tool.engine.providers.models import local
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.manifest.services import SERVICES
from registry_tool.runtime.run_program import RunOptions, run_program
from registry_tool.sources.program import program_from_files
from registry_tool.sources.project import project_files
from tests.engine.loopback import Answer, Asked, loopback
from tests.engine.small import ScriptedModel, go

ROOT = Path(__file__).parents[2]
ASKING = {"llm", "generate", "retrieve"}  # what asks a model for words or for vectors
# Files that ask a service, and the secrets that it needs.
LACKING = {
    "deep_research": "GCP_API_KEY and CSE_ID, which are not set; Perplexity needs the secret PERPLEXITY",
    "google_search": "Google Custom Search needs the secrets GCP_API_KEY and CSE_ID, which are not set",
    "search_google": "Google Custom Search needs the secrets GCP_API_KEY and CSE_ID, which are not set",
    "test_google_search2": "Google Custom Search needs the secrets GCP_API_KEY and CSE_ID",
    "test_perplexity2": "Perplexity needs the secret PERPLEXITY_API_KEY, which is not set",
    "test_test": "Perplexity needs the secret PERPLEXITY_API_KEY, which is not set",
}
SLOW_ON_TWO_CORES = {
    "llm2",
    "new_llm_bug",
    "test_llm_structured_output",
    "test_new_llm",
    "test_new_llm_structured",
    "multiple_outputs",
    "article_writer",
    "personal_rss",
}


def files(shared: Path) -> list[Path]:
    folder = shared / "data/puppyflow"
    return sorted(
        [
            *folder.glob("testkit/*.json"),
            *folder.glob("workspaces/*.json"),
            *folder.glob("templates/*/package.json"),
        ]
    )


def test_every_file_imports_and_runs_or_names_the_secret_it_lacks(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for secret in [name for service in SERVICES.values() for name in service.secrets]:
        monkeypatch.delenv(secret, raising=False)
    fields = {"success": 0, "lacks a secret": 0, "left to the embedded model": 0}
    for file in files(shared):
        project = tmp_path / f"{file.parent.name}-{file.stem}"
        import_workflow(file, project)
        program = program_from_files(project_files(project), str(project))
        kinds = {edge.type for edge in program.workflow.edges}
        if kinds & ASKING:
            fields["left to the embedded model"] += 1
            continue
        result = run_program(program, {}, RunOptions(provider="replay"))
        if file.stem in LACKING:
            assert LACKING[file.stem] in result.error
            assert "set the environment variable" in result.error
            fields["lacks a secret"] += 1
        else:
            assert result.status == "success", (file, result.error)
            fields["success"] += 1
    assert fields == {"success": 19, "lacks a secret": 6, "left to the embedded model": 21}


def played(asked: Asked) -> Answer:
    """Google and Perplexity, as far as these files ask them."""
    if asked.host == "www.googleapis.com":
        found = {"title": "T", "link": "https://x.example/", "snippet": f"About {asked.query['q']}"}
        return Answer({"items": [found]})
    said = f"Answer to {asked.json['messages'][0]['content']}"
    return Answer({"choices": [{"message": {"content": said}}]})


def test_files_that_ask_services_run_where_the_services_answer(
    shared: Path, tmp_path: Path
) -> None:
    secrets = dict.fromkeys(("GCP_API_KEY", "CSE_ID", "PERPLEXITY_API_KEY"), "x")
    wants = (
        '{"searches": [{"tool": "google", "query": "AI"}, {"tool": "perplexity", "query": "AI?"}]}'
    )
    for name in LACKING:
        file = shared / f"data/puppyflow/testkit/{name}.json"
        import_workflow(file, tmp_path / name)
        flow = program_from_files(project_files(tmp_path / name), name).workflow
        model = ScriptedModel(lambda asked: wants if "none yet" in asked else '{"searches": []}')
        with loopback(played) as fetcher:
            services = Services(
                model=model, outbound=OutboundServices(web_search=web_searches(fetcher, secrets))
            )
            result = go(flow, services=services)
        assert result.status == "success", result.error
        (target,) = [block for edge in flow.edges for block in edge.targets]
        value: Any = result.blocks[target]
        if "google" in name:
            assert [set(page) for page in value] == [{"title", "link", "content"}]
        elif name == "test_perplexity2":  # its query is looped
            assert [len(answers) for answers in value] == [1, 1, 1]
        elif name == "test_test":
            assert value[0].startswith("Answer to ")
        else:
            assert "Answer to AI?" in model.asked[-1]
        assert fetcher.asked


def test_the_conformance_page_tells_of_every_file(shared: Path) -> None:
    page = (ROOT / "docs/conformance.md").read_text()
    listed = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert listed == [str(file.relative_to(shared / "data/puppyflow")) for file in files(shared)]


def test_runs_give_what_the_editors_engine_gave(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data/puppyflow"
    expected = json.loads((folder / "expected-testkit.json").read_text())
    assert expected
    for case, wanted in expected.items():
        project = tmp_path / case
        import_workflow(folder / "testkit" / wanted["workflow"], project)
        result = run_program(program_from_files(project_files(project), case), {}, RunOptions())
        assert result.status == "success", result.error
        assert {block: result.blocks[block] for block in wanted["outputs"]} == wanted["outputs"], (
            case
        )


def answer_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the files are one workflow: a question that the model was asked in these words has its answer."""
    ask, answers = local.LocalProvider._complete, dict[str, ModelAnswer]()

    def complete(self: local.LocalProvider, request: ModelRequest, *how: Any) -> ModelAnswer:
        asked = repr(request)
        if asked not in answers:
            answers[asked] = ask(self, request, *how)
        return answers[asked]

    monkeypatch.setattr(local.LocalProvider, "_complete", complete)


@pytest.mark.model
def test_exports_that_ask_a_model_run_on_the_embedded_one(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "MOST_TOKENS", 24)  # long answers show no more than short ones
    answer_once(monkeypatch)
    ran = 0
    for file in files(shared):
        if file.stem in SLOW_ON_TWO_CORES or file.parent.name in {"file-load", "onboarding_guide"}:
            continue
        project = tmp_path / f"{file.parent.name}-{file.stem}"
        import_workflow(file, project)
        program = program_from_files(project_files(project), str(project))
        kinds = {edge.type for edge in program.workflow.edges}
        if not kinds & ASKING:
            continue
        result = run_program(program, {}, RunOptions(provider="local"))
        assert result.status == "success", (file, result.error)
        assert result.usage.calls > 0 or kinds <= {"retrieve"}
        ran += 1
    assert ran >= 8
