"""What must come first, for queries as people type them; every answer is the site's own script's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from registry_tool.core.values import Object
from registry_tool.site.search.query.find import find
from registry_tool.site.search.query.index_files import IndexFiles
from registry_tool.site.search.query.parse import parse
from registry_tool.site.search.text import words
from tests.site.search.registry import ask, everything, write

FIRST = [
    # names
    ("sentiment-analysis", "sentiment-analysis"),
    ("sentiment analysis", "sentiment-analysis"),
    ("analysis sentiment", "sentiment-analysis"),
    ("email triage", "email-triage"),
    ("Email Triage", "email-triage"),
    ("meeting minutes", "meeting-minutes"),
    ("meeting minutes french", "meeting-minutes-french"),
    ("rag", "rag-pipeline"),
    ("text-summarizer", "text-summarizer"),
    ("keyword", "keyword-extractor"),
    ("constructor", "constructor"),
    ("gpt-4 evaluator", "gpt-4-evaluator"),
    ("fit to length", "fit-to-length"),
    # as one types
    ("kubern", "kubernetes-doctor"),
    ("zero-sh", "zero-shot-classifier"),
    ("pii", "pii-scrubber"),
    ("pi", "pii-scrubber"),
    ("sql ex", "sql-explainer"),
    # tags and descriptions
    ("gdpr", "pii-scrubber"),
    ("databases", "sql-explainer"),
    ("citations", "handbook-answerer"),  # a tag of it
    ("augmented citations", "rag-pipeline"),
    ("rubric", "gpt-4-evaluator"),
    ("clauses quotes", "contract-clause-finder"),
    ("the events of a cluster", "kubernetes-doctor"),
    ("linus minutes", "meeting-minutes"),
    # other forms of a word
    ("minute", "meeting-minutes"),
    ("scrubbers", "pii-scrubber"),
    ("sentiments analyses", "sentiment-analysis"),
    ("zero shot classification", "zero-shot-classifier"),
    ("sql explained", "sql-explainer"),
    # accents, width
    ("café menu", "cafe-menu-writer"),
    ("strassenküchen", "cafe-menu-writer"),
    ("ｋｕｂｅｒｎｅｔｅｓ", "kubernetes-doctor"),
    # typos
    ("sentimnet analysis", "sentiment-analysis"),
    ("snetiment analysis", "sentiment-analysis"),
    ("emial triage", "email-triage"),
    ("kuberentes", "kubernetes-doctor"),
    ("kubernets doctr", "kubernetes-doctor"),
    ("transltion memory", "translation-memory"),
    ("meating minutes", "meeting-minutes"),
    ("sentimn analysis", "sentiment-analysis"),
    ("kubrenet", "kubernetes-doctor"),
    ("contarct clause", "contract-clause-finder"),
    ("pii scruber", "pii-scrubber"),
    ("evaluater rubrik", "gpt-4-evaluator"),
    ("citatoins", "handbook-answerer"),
    ("augmented citatoins", "rag-pipeline"),
    # words put together or apart
    ("keywordextractor", "keyword-extractor"),
    ("translationmemory", "translation-memory"),
    ("key word extractor", "keyword-extractor"),
    # more words than any workflow has
    ("kubernetes doctor unobtainium", "kubernetes-doctor"),
    # Chinese and Japanese
    ("合同风险", "zh-contract-review"),
    ("合同审核", "zh-contract-review"),
    ("工单自动分类", "zh-ticket-router"),
    ("客户工单路由", "zh-ticket-router"),
    ("客户情感分析", "zh-review-sentiment"),
    ("情感分析", "zh-review-sentiment"),
    ("诗", "zh-poetry"),
    ("平仄押韵", "zh-poetry"),
    ("苏轼", "zh-poetry"),
    ("敬語チェッカー", "ja-keigo-checker"),
    ("中英文混和文本", "zh-review-sentiment"),  # one character wrong
    ("情感分析 local", "zh-review-sentiment"),
    ("唐宋押韵练习", "zh-poetry"),  # one of five pairs
    # Chinese for what is written in English
    ("关键词提取", "keyword-extractor"),
    ("会议纪要 tag:meetings", "meeting-minutes"),
    ("文本预处理", "text-preprocessor"),
    # qualifiers
    ("tag:gdpr", "pii-scrubber"),
    ("author:ada triage", "email-triage"),
    ("triage author:ada@example.com deprecated:no", "email-triage"),
    ("tag:classification model:gpt-4 certified:", "email-triage"),
    ("model:anthropic/claude-haiku tag:rag", "rag-pipeline"),
    ("model:text-embedding-3-small", "rag-pipeline"),
    ('tag:"machine learning"', "contract-clause-finder"),
    ("licence:mpl-2.0", "sql-explainer"),
    ("license:MPL", "sql-explainer"),
    ("category:legal clause -tag:contract", "contract-clause-finder"),
    ("offline: tag:nlp certified: score:>=99", "zero-shot-classifier"),
    ("author:jose", "cafe-menu-writer"),
    ("tag:__proto__", "constructor"),
    ("tag:kubernets", "kubernetes-doctor"),
    ("edge:rerank citations", "rag-pipeline"),
    ("triage deprecated:", "email-triage-legacy"),
    ("minutes -french", "meeting-minutes"),
    ('"minutes" updated:2026-02-14', "meeting-minutes"),
    ("score:100 offline: pii", "pii-scrubber"),
    ("downloads:>=66000 retrieval", "rag-pipeline"),
    ("标签:客服 认证:", "zh-ticket-router"),
    ("作者：王小明", "zh-contract-review"),
    ("离线: 情感", "zh-review-sentiment"),
    ("模型:qwen-max 标签:诗词", "zh-poetry"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(everything(), tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def answers(folder: Path) -> dict[str, Any]:
    queries = [query for query, _ in FIRST]
    return dict(zip(queries, ask(folder, [{"q": query} for query in queries]), strict=True))


def test_the_table_holds_sixty_queries() -> None:
    assert len({query for query, _ in FIRST}) == len(FIRST) >= 60


@pytest.mark.parametrize(("query", "first"), FIRST, ids=[query for query, _ in FIRST])
def test_what_must_come_first_does(query: str, first: str, answers: dict[str, Any]) -> None:
    assert answers[query]["names"][:1] == [first], answers[query]


@cache
def index_in(folder: Path) -> IndexFiles:
    return IndexFiles(lambda paths: [(folder / path).read_bytes() for path in paths])


def pythons(folder: Path, query: str, order: str = "") -> dict[str, Any]:
    """What Python answers of what the site's script is asked (tests/node/search.mjs)."""
    index = index_in(folder)
    found = find(index, parse(query), order)
    return {
        "total": len(found.slots),
        "names": [card.name for card in index.cards(found.slots[:20]).values()],
        "corrected": dict(found.match.corrected),
        "relaxed": found.match.relaxed,
        "split": list(found.match.split) or None,
    }


def agree(folder: Path, asked: list[tuple[str, str]]) -> None:
    """Of (query, order)."""
    requests = [{"q": query, **({"sort": order} if order else {})} for query, order in asked]
    for (query, order), message in zip(asked, ask(folder, requests), strict=True):
        ours = pythons(folder, query, order)
        assert ours == {key: message[key] for key in ours}, (query, order)


def test_python_and_the_script_answer_the_table_alike(folder: Path) -> None:
    agree(folder, [(query, "") for query, _ in (*FIRST, *FILTERS)])


def test_python_and_the_script_order_alike(folder: Path) -> None:
    orders = ("updated", "downloads", "rating", "score", "name")
    agree(
        folder,
        [(query, order) for order in orders for query in ("", "text", "-minutes", "tag:nlp")],
    )


def test_python_and_the_script_answer_alike_what_nobody_wrote_down(
    folder: Path, documents: list[Object]
) -> None:
    """Words of the workflows cut, doubled, swapped and combined, with qualifiers as they may be mistyped."""
    rng = Random(16)  # noqa: S311 - the same queries every time
    texts = [str(d["description"]) for d in documents if d["description"]]
    pool = sorted({word for text in texts for word in text.split()})
    asides = [
        "", "-text", "tag:npl", "score:>=80", "score:1e2", "updated:2024-13", "model:gpt*", "offline:no",
        "rating:4..", "updated:2024-02-31..", "author:adda", "sort:rating", '"text"', "tag:",
        "12:30", "colour:red",
    ]  # fmt: skip
    queries = []
    for _ in range(60):
        word, other = rng.choice(pool), rng.choice(["", *pool])
        cut = rng.randrange(len(word))
        head, tail = word[:cut], word[cut:]
        typed = rng.choice([word, head, head + tail[1:], head + tail[::-1], word + head])
        queries.append(f"{typed} {other} {rng.choice(asides)}")
    agree(folder, [(query, "") for query in queries])


@pytest.fixture(scope="module")
def documents() -> list[Object]:
    return everything()


def values(document: Object, key: str) -> list[str]:
    found = document.get(key) or []
    return [found] if isinstance(found, str) else cast(list[str], found)


def models(document: Object) -> list[str]:
    return [model.rpartition("/")[2] for model in values(document, "models")]


def marks(document: Object) -> list[str]:
    return [mark for mark in ("certified", "deprecated", "offline") if document.get(mark)]


FILTERS: list[tuple[str, Callable[[Object], bool]]] = [
    ("", lambda d: True),
    ("tag:nlp", lambda d: "nlp" in values(d, "tags")),
    ("-tag:nlp edge:llm", lambda d: "nlp" not in values(d, "tags") and "llm" in values(d, "edges")),
    ("tag:nlp,rag", lambda d: bool({"nlp", "rag"} & set(values(d, "tags")))),
    ("tag:nlp tag:rag", lambda d: {"nlp", "rag"} <= set(values(d, "tags"))),
    ("category:legal category:content", lambda d: d["category"] in {"legal", "content"}),
    ("category:legal,content offline:", lambda d: d["category"] in {"legal", "content"} and "offline" in marks(d)),
    ("offline:no -deprecated:", lambda d: not d.get("offline") and not d.get("deprecated")),
    ("certified:no", lambda d: not d.get("certified")),
    ("model:gpt-4", lambda d: "gpt-4" in models(d)),
    ("model:gpt-4*", lambda d: any(model.startswith("gpt-4") for model in models(d))),
    ("provider:openai provider:local", lambda d: {"openai", "local"} <= set(values(d, "providers"))),
    ("score:80..89", lambda d: d.get("score") is not None and 80 <= cast(int, d["score"]) <= 89),
    ("score:90..100 score:0..59", lambda d: d.get("score") is not None and not 60 <= cast(int, d["score"]) < 90),
    ("score:>80 score:<=90", lambda d: d.get("score") is not None and 80 < cast(int, d["score"]) <= 90),
    ("downloads:<100", lambda d: cast(int, d["downloads"]) < 100),
    ("updated:2024", lambda d: str(d["updated"]).startswith("2024")),
    ("updated:2024-02..2024-03", lambda d: "2024-02" <= str(d["updated"]) < "2024-04"),
    ("updated:>2024-02", lambda d: str(d["updated"]) >= "2024-03"),
    ("rating:4.5..", lambda d: (cast("float | None", d.get("rating")) or 0) >= 4.5),
    ("licence:mit block:file", lambda d: d.get("licence") == "MIT" and "file" in values(d, "blocks")),
    ("tag:", lambda d: True),
]  # fmt: skip
DIMENSIONS = {
    "author": "author", "block": "blocks", "category": "category", "edge": "edges", "licence": "licence",
    "model": "models", "provider": "providers", "tag": "tags",
}  # fmt: skip


def test_filters_and_counts_are_those_of_looking_at_every_workflow(
    folder: Path, documents: list[Object]
) -> None:
    requests = [{"q": query, "facets": list(DIMENSIONS)} for query, _ in FILTERS]
    for (query, passes), answer in zip(FILTERS, ask(folder, requests), strict=True):
        fitting = [document for document in documents if passes(document)]
        assert answer["total"] == len(fitting), query
        for dimension, key in DIMENSIONS.items():
            if f"{dimension}:" in query and dimension in {"author", "category", "licence"}:
                continue  # there the others count, too: the next test
            result = Counter(value for document in fitting for value in set(values(document, key)))
            result.pop("", None)
            assert dict(answer["counts"][dimension]) == result, (query, dimension)


def test_of_what_a_workflow_has_once_other_values_say_what_they_would_find(
    folder: Path, documents: list[Object]
) -> None:
    (answer,) = ask(folder, [{"q": "category:legal tag:nlp", "facets": ["category"]}])
    others = Counter(str(d["category"]) for d in documents if "nlp" in values(d, "tags"))
    assert dict(answer["counts"]["category"]) == others
    assert answer["total"] == others["legal"]


@pytest.mark.parametrize("order", ["updated", "downloads", "rating", "score", "name"])
def test_each_order_is_that_of_its_column(
    order: str, folder: Path, documents: list[Object]
) -> None:
    by_address, by_qualifier = ask(folder, [{"q": "", "sort": order}, {"q": f"sort:{order}"}])
    assert by_address["names"] == by_qualifier["names"]
    if order == "name":
        assert by_address["names"] == sorted(str(d["name"]) for d in documents)[:20]
        return
    of = {str(d["name"]): d.get(order) for d in documents}
    shown = [
        str(of[name] or "")[:10] if order == "updated" else of[name] or 0
        for name in by_address["names"]
    ]
    best = sorted(
        (str(v or "")[:10] if order == "updated" else v or 0 for v in of.values()), reverse=True
    )  # type: ignore[type-var]
    assert shown == best[:20]


def test_the_script_takes_texts_apart_as_the_index_does(folder: Path) -> None:
    texts = [
        "The Café’s GPT-4o e-mail, v1.2", "客户评论的情感分析，支持GPT翻译 mixed中文words",
        "ビジネスメール・パーティー", "한국어 문서 요약", "Straße ŁÓDŹ İstanbul Ærø ΣΊΣΥΦΟΣ naïve",
        "ＦＵＬＬ ﬁne ½ ② Ⅷ x²", "__proto__ a_b x" * 9, "हिन्दी पाठ ไทย עברית العربية",
        "𠮷野家 emoji 🎉 done", "a the of", "",
    ]  # fmt: skip
    for text, message in zip(texts, ask(folder, [{"terms": text} for text in texts]), strict=True):
        assert message == list(words(text)), text


def test_a_facet_is_put_into_the_field_and_taken_out_again(folder: Path) -> None:
    steps = [
        (["text", "tag", "nlp"], "text tag:nlp"),
        (["text tag:nlp more", "tag", "nlp"], "text more"),
        (["标签:nlp x", "tag", "nlp"], "x"),
        (["x", "tag", "machine learning"], 'x tag:"machine learning"'),
        (['tag:"machine learning" x', "tag", "machine learning"], "x"),
        (["", "is", "offline"], "offline:"),
        (["offline:yes x", "is", "offline"], "x"),
        (["", "score", "80"], "score:80..89"),
        (["a score:80..89", "score", "80"], "a"),
    ]
    assert ask(folder, [{"toggle": given} for given, _ in steps]) == [
        message for _, message in steps
    ]


def test_a_word_can_be_asked_for_as_it_was_typed_with_the_filters_kept(folder: Path) -> None:
    texts = [["Contarct offline: tag:nlp", "contarct"], ["x tag:contarct", "contarct"]]
    assert ask(folder, [{"quote": given} for given in texts]) == [
        '"contarct" offline: tag:nlp',
        '"contarct"',
    ]


def test_what_is_filtered_by_is_known_even_where_it_finds_nothing(folder: Path) -> None:
    text = "category:legal offline: -tag:x tag:a,b score:80..89 标签:nlp"
    asked = [[text, dimension] for dimension in ("category", "is", "tag", "score", "model")]
    assert ask(folder, [{"asked": given} for given in asked]) == [
        ["legal"], ["offline"], ["nlp"], ["80"], [],
    ]  # fmt: skip


def test_what_is_no_qualifier_is_a_word_and_is_said(folder: Path) -> None:
    unknown, clock, open_quote = ask(
        folder, [{"parse": q} for q in ("colour:red", "12:30", 'tag:"a b')]
    )
    assert unknown["unknown"] == ["colour"]
    assert [word["text"] for word in unknown["words"]] == ["colour:red"]
    assert clock["unknown"] == []
    assert open_quote["filters"] == [{"dimension": "tag", "values": ["a b"], "negative": False}]


def test_a_query_that_finds_some_of_its_words_says_so(folder: Path) -> None:
    some, typo, nothing, joined = ask(
        folder,
        [{"q": q} for q in ("kubernetes unobtainium", "kuberentes", "unobtainium", "keywordextractor")],
    )  # fmt: skip
    assert some["relaxed"]
    assert typo["corrected"] == {"kuberentes": ["kubernetes"]}
    assert (nothing["total"], nothing["names"]) == (0, [])
    assert joined["split"] == ["keyword", "extractor"]


def test_no_file_is_asked_for_that_is_not_there_and_an_empty_registry_finds_nothing(
    tmp_path: Path,
) -> None:
    write([], tmp_path)
    for answer in ask(
        tmp_path, [{"q": q, "facets": ["tag"]} for q in ("", "text", "tag:nlp", "工单", "score:>2")]
    ):
        assert (answer["total"], answer["names"], answer["counts"]) == (0, [], {"tag": []})
