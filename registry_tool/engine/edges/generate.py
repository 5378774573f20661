"""`generate`: an answer to queries from documents, the last step of retrieval.

Config: `queries` and `docs` (lists of source block ids or labels; by default the first source is the query and the
others are documents), `system` and `prompt` (own templates, which may use `{{query}}`-like block names), or the
editor's `sys_prompt_template` and `user_prompt_template` by name, and the model's settings as in `llm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from registry_tool.core.values import Value
from registry_tool.engine.edges.asking.model import answering, ask
from registry_tool.engine.edges.asking.services import source_named
from registry_tool.engine.edges.asking.settings import AnswerConfig
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.config import spelled
from registry_tool.engine.edges.spellings import names
from registry_tool.engine.providers.models.base import Message
from registry_tool.manifest.model import Block
from registry_tool.manifest.template import as_text, render

# The editor names its prompt templates; these are our own words for the same jobs.
JOBS = {
    "content_retrevial": "Give the passages of the documents that answer the question.",
    "data_augmentation": "Make more data points of the documents' kind, as the question wishes.",
    "data_labeling": "Label each item of the documents with the categories that the question names.",
    "data_processing": "Bring the documents' text into the structure that the question asks for.",
    "keyword_search": "Give the passages that hold the question's words, or synonyms of them.",
    "content_matching": "Give the passages that fit the question best, and say why they fit.",
    "data_filtering": "Leave out all of the documents that the question does not want.",
    "error_handling": "Find errors and contradictions in the documents and list them.",
    "contextual_comparison": "Compare the documents: what they share, and in what they differ.",
    "data_normalization": "Write names, dates, units and spellings of the documents in one way.",
    "text_summarization": "Summarise the documents briefly, as the question wishes.",
    "data_analysis": "Analyse the documents and state the findings that the question asks for.",
    "data_cleaning": "Clean the documents' text: mend typing errors, remove noise, change no fact.",
    "format_conversion": "Convert the documents into the form that the question asks for.",
    "content_sorting": "Sort the documents by how well they answer the question.",
    "document_ranking": "Sort the documents by how well they answer the question.",
    "language_detection": "Say in which language each document is written.",
}
_USUAL = (
    "Answer the question from the documents alone, in the question's language. "
    "Where they don't hold the answer, say so."
)


@dataclass(frozen=True, kw_only=True)
class GenerateConfig(AnswerConfig):
    """Which sources ask and which tell, and in whose words."""

    queries: tuple[str, ...] | None = field(default=None, metadata=spelled(form=names))
    docs: tuple[str, ...] | None = field(default=None, metadata=spelled(form=names))
    system: str = ""
    prompt: str = ""
    sys_prompt_template: str = ""
    user_prompt_template: str | None = None


class GenerateEdge:
    """Answer from documents."""

    type = "generate"
    config = GenerateConfig

    async def run(
        self, call: EdgeCall, config: GenerateConfig, services: Services
    ) -> dict[str, Value]:
        """The answer for every target."""
        job = JOBS.get(config.sys_prompt_template, _USUAL)
        messages = [
            Message("system", render(config.system, call.scope) if config.system else job),
            Message("user", _question(call, config)),
        ]
        return call.to_all(await ask(call, services, answering(config, messages)))


def _question(call: EdgeCall, config: GenerateConfig) -> str:
    if config.prompt:
        return render(config.prompt, call.scope)
    queries = _values(call, config.queries, call.sources[:1], "config.queries")
    docs = _values(call, config.docs, call.sources[1:], "config.docs")
    if config.user_prompt_template is None:  # recorded answers hang on these very words
        documents = "\n\n".join(map(as_text, docs))
        return f"Documents:\n{documents}\n\nQuestion: {' '.join(map(as_text, queries))}"
    documents = _numbered(docs, "Document")
    return f"Documents:\n{documents}\n\nQuestion: {_numbered(queries, 'Question')}"


def _numbered(values: list[Value], name: str) -> str:
    """As the editor has it: a single document as it is, several with their numbers."""
    texts = list(map(_as_document, values))
    if len(texts) == 1:
        return texts[0]
    return "\n\n".join(f"{name} {number}: {text}" for number, text in enumerate(texts, 1))


def _as_document(value: Value) -> str:
    """A list of texts reads as one text of paragraphs, everything else as in a template."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "\n\n".join(map(str, value))
    return as_text(value)


def _values(
    call: EdgeCall, wanted: Sequence[str] | None, usual: Sequence[Block], location: str
) -> list[Value]:
    if wanted is None:
        return [call.inputs[block.id] for block in usual]
    found: list[Value] = []
    for name in wanted:
        block = source_named(call, name)
        if block is None:
            raise EdgeError(f"{name!r} is not a source of the edge", location=location)
        found.append(call.inputs[block.id])
    return found
