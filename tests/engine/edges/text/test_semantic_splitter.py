"""Cutting by meaning, at word ends of one's own, and by the parts of Markdown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.edges.text.markup_splitter import markdown_parts
from tests.engine.edges.called import call
from tests.engine.small import ScriptedModel

SEMANTIC: Object = {"chunking_mode": "special", "sub_chunking_mode": "semantic"}


class ScriptedEmbedder:
    """Cats lie in one direction, everything else in another."""

    name = "told"

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One of two directions."""
        return [[1.0, 0.0] if "cat" in text else [0.0, 1.0] for text in texts]


def test_sentences_of_one_meaning_stay_together() -> None:
    found = call(
        "chunk", SEMANTIC, Services(embedder=ScriptedEmbedder()), d="A cat. Two cats! Rain. Snow."
    )
    assert found == ["A cat. Two cats!", "Rain. Snow."]
    with pytest.raises(EdgeError, match="needs embeddings"):
        call("chunk", SEMANTIC, d="A cat.")


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, ["ab", "c"]),
        ({"threshold": 0.99}, ["a", "b", "c"]),
        ({"threshold": -1}, ["abc"]),
        ({"threshold": 0.5, "top_k": 2}, ["ab", "c"]),
    ],
)
def test_embeddings_may_be_given(more: Object, wanted: list[str]) -> None:
    vectors: Value = [[1, 0], [0.9, 0.3], [0, 1]]
    given: Object = {"docs": ["a", "b", "c"], "embeddings": vectors, **more}
    assert call("chunk", {**SEMANTIC, "extra_configs": given}, d="") == wanted


@pytest.mark.parametrize("vectors", [[[1]], [[1], [1, 2]]])
def test_wrong_embeddings_are_refused(vectors: Value) -> None:
    with pytest.raises(EdgeError, match="one vector for each"):
        call("chunk", {**SEMANTIC, "docs": ["a", "b"], "embeddings": vectors}, d="")


def test_words_end_where_the_author_says() -> None:
    config: Object = {
        "chunking_mode": "length",
        "chunk_size": 4,
        "handle_half_word": True,
        "split_chars": ["|"],
    }
    assert call("chunk", config, d="ab|cdef|g") != call(
        "chunk", {**config, "split_chars": None}, d="ab|cdef|g"
    )


MARKDOWN = "# Pets\n\nCats *purr*.\n\n- one\n- two\n\n> said\n\n```\ncode\n```\n"


def test_markdown_is_cut_into_its_parts() -> None:
    wanted = [
        "header: Pets",
        "paragraph: Cats purr .",
        "list_item: one",
        "list_item: two",
        "blockquote: said",
        "code: code",
    ]
    assert markdown_parts(MARKDOWN) == wanted
    config: Object = {"chunking_mode": "advanced", "sub_chunking_mode": "markdown_structured"}
    assert call("chunk", config, d=MARKDOWN) == wanted


def test_several_queries_and_documents_are_numbered_as_in_the_editor() -> None:
    model = ScriptedModel()
    config: Object = {"queries": ["q", "r"], "docs": ["D", "e"], "user_prompt_template": "default"}
    call("generate", config, Services(model=model), q="who", r="why", d=["a", "b"], e={"k": 1})
    del config["user_prompt_template"]
    call("generate", config, Services(model=model), q="who", r="why", d=["a", "b"], e={"k": 1})
    assert model.asked == [
        'Documents:\nDocument 1: a\n\nb\n\nDocument 2: {"k": 1}\n\n'
        "Question: Question 1: who\n\nQuestion 2: why",
        'Documents:\n["a", "b"]\n\n{"k": 1}\n\nQuestion: who why',
    ]


def test_the_chunking_model_may_stand_in_extra_configs() -> None:
    model = ScriptedModel(lambda _: '{"chunks": ["a", "b"]}')
    config: Object = {"chunking_mode": "llm", "extra_configs": {"model": {"maker/m": {}}}}
    messages: list[object] = []
    made = Services(model=model, emit=lambda _, payload: messages.append(payload["model"]))
    assert call("chunk", config, made, d="ab") == ["a", "b"]
    assert messages == ["maker/m"]
