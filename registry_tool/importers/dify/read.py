"""A parsed export of Dify → a manifest, the export itself beside it, and a report of every node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from registry_tool.core.values import Object, Value
from registry_tool.importers.cleaning import cleaned, without_hidden
from registry_tool.importers.credentials import cut_out, without_credentials, without_named
from registry_tool.importers.dify.control import Control
from registry_tool.importers.dify.document import App, Node, read_app
from registry_tool.importers.dify.nodes.all_nodes import build
from registry_tool.importers.dify.nodes.ends import join_answers
from registry_tool.importers.dify.nodes.knowledge import knowledge_documents
from registry_tool.importers.dify.work import Work
from registry_tool.importers.foreign_values import refuse_depth, text_of
from registry_tool.importers.imported import Imported, Loss, NodeReport, NodeStatus
from registry_tool.importers.metadata import metadata
from registry_tool.importers.project import Project
from registry_tool.manifest.compile import API_VERSION, KIND
from registry_tool.manifest.load import workflow_from
from registry_tool.store.paths import PROJECT_MANIFEST

FORMAT: Final = "dify"
EXPORT: Final = "resources/dify-export.yml"
_LEAST: Final = 6
"""Letters of a secret that is cut out wherever it stands: shorter ones are words of the text, too."""
_FEATURES: Final = {
    "opening_statement": "what it says first",
    "suggested_questions": "questions that it suggests",
    "speech_to_text": "speech as input",
    "text_to_speech": "speech as output",
    "sensitive_word_avoidance": "words that it avoids",
    "retriever_resource": "sources shown with answers",
}


def read(
    value: Value, *, name: str, text: str = "", resources: Mapping[str, bytes] | None = None
) -> Imported:
    """The import; `ForeignError` names what is broken. `text` is the export as written, which comes along."""
    losses: list[Loss] = []
    refuse_depth(value, "the document")
    removed: list[str] = []
    clean = without_credentials(cleaned(value, losses, hidden=True), losses, removed)
    named: list[str] = []
    app = read_app(without_named(clean, losses, named))
    removed += [secret for secret in named if len(secret) >= _LEAST]
    project = Project(losses)
    work = Work(app, project, Control(app), removed=removed)
    knowledge_documents(work)
    reports = work.reports
    for node in work.control.order:
        reports[node.id] = build(node, work)
    join_answers(work, work.answers)
    _outputs_of_conversation(work)
    _tell_features(app, losses)
    manifest: Object = {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": metadata({"name": app.name, "description": app.description}, name),
        "spec": project.spec({"format": FORMAT, "version": app.version, "mode": app.mode}),
    }
    workflow = workflow_from(manifest, PROJECT_MANIFEST)
    return Imported(
        manifest,
        tuple(losses),
        {**work.files, **({EXPORT: _without_secrets(text, work).encode()} if text else {})},
        len(workflow.blocks),
        len(workflow.edges),
        tuple(
            replace(_report(node, reports, app), title=node.title) for node in app.nodes.values()
        ),
        FORMAT,
    )


def _outputs_of_conversation(work: Work) -> None:
    """Each variable that a node sets is an output: the caller gives it back with the next turn."""
    everywhere = frozenset(work.app.nodes)  # only variables of the conversation are set at the top
    for name in work.assigned:
        said = (
            "The conversation's variable after this turn: give it back as the input of this name."
        )
        block = work.variable(name, everywhere).block
        work.project.output(name[1], block, description=said)


def _report(node: Node, reports: Mapping[str, NodeReport], app: App) -> NodeReport:
    if node.id in reports:
        return reports[node.id]
    around = reports.get(node.parent)
    if around is not None and around.status is not NodeStatus.CARRIED:
        return NodeReport(node.id, node.type, NodeStatus.RUNS, "for each item")
    return NodeReport(node.id, node.type, NodeStatus.CARRIED, "what it stands in does not run here")


def _tell_features(app: App, losses: list[Loss]) -> None:
    features = app.features
    for key, what in _FEATURES.items():
        value = features.get(key)
        on = value.get("enabled") is True if isinstance(value, dict) else bool(value)
        if on:
            losses.append(
                Loss(
                    f"features.{key}",
                    what,
                    "a matter of Dify's page; it stands in the carried export",
                )
            )


def _without_secrets(text: str, work: Work) -> str:
    for variable in work.app.environment:
        if variable.get("value_type") == "secret" and (value := text_of(variable, "value")):
            work.removed.append(value)
    return without_hidden(cut_out(text, work.removed))[0]
