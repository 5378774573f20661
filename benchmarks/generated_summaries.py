"""Summaries of workflows as people might publish them, in English and Chinese: any number, always the same."""

# ruff: noqa: SIM905 - lists of words read better as text

from __future__ import annotations

import random
from collections.abc import Iterator

from registry_tool.core.values import Object, Value

_ACTIONS = {
    "summarize": "summarizer", "translate": "translator", "classify": "classifier", "extract": "extractor",
    "route": "router", "review": "reviewer", "rewrite": "rewriter", "score": "scorer", "answer": "answerer",
    "generate": "generator", "detect": "detector", "anonymize": "anonymizer", "compare": "comparer",
    "check": "checker", "tag": "tagger", "plan": "planner", "index": "indexer", "clean": "cleaner",
    "match": "matcher", "convert": "converter", "rank": "ranker", "merge": "merger", "schedule": "scheduler",
}  # fmt: skip
_OBJECTS = """email ticket invoice contract resume meeting article paper recipe review survey chat transcript
podcast log error patent policy product order refund claim incident alert commit release changelog test code
query report dataset table image caption headline tweet post comment news blog faq manual lesson quiz essay
speech lyric story poem proposal tender budget expense receipt shipment address customer lead candidate
vacancy visa passport prescription diagnosis lab-result legal-brief court-ruling tax-form bank-statement
""".split()
_QUALITIES = """fast simple multilingual strict offline private weekly daily bulk streaming careful short long
german french spanish japanese chinese english medical legal financial retail academic internal public
""".split()
_TAGS = """nlp text translation summarization classification extraction routing support sales marketing finance
legal hr medical education research engineering devops security privacy quality analytics reporting search
rag agents chat vision speech data etl documents email crm ecommerce logistics insurance banking government
news media social seo writing editing planning scheduling testing monitoring
""".split()
_CATEGORIES = """language-processing data-analysis customer-support content software-engineering finance legal
education health operations""".split()
_DETAILS = """with a confidence for every answer|and explains each decision|in the tone that you choose|before a
human looks at it|from plain text or PDF|without sending personal data anywhere|for teams that work in several
languages|and keeps the sources|so that nothing is forgotten|in one call|by rules that you can edit|and asks
when it is unsure|using recorded examples|with a short reason|and marks what is missing""".replace(
    "\n", " "
).split("|")
_MODELS = {
    "openai/gpt-4": "openai", "openai/gpt-4o": "openai", "openai/gpt-4o-mini": "openai",
    "anthropic/claude-sonnet": "anthropic", "anthropic/claude-haiku": "anthropic",
    "deepseek/deepseek-chat": "deepseek", "qwen/qwen-max": "qwen", "local/smollm2-135m-instruct": "local",
}  # fmt: skip
_LICENCES = ("Apache-2.0", "MIT", "MIT", "Apache-2.0", "BSD-3-Clause", "CC-BY-4.0", "GPL-3.0-only")
_EDGES = """llm llm modify code chunk branch http search retrieve load save generate rerank map loop
workflow""".split()
_BLOCKS = ("text", "text", "structured", "file", "weblink")
_PEOPLE = """ada alan grace linus barbara edsger donald margaret tim radia ken dennis bjarne guido yukihiro
zhang li wang chen liu yang huang zhao wu zhou""".split()
_PLACES = ("example.com", "acme.example", "lab.example", "uni.example")
_ZH_ACTIONS = "摘要 翻译 分类 提取 审核 改写 评分 问答 生成 检测 脱敏 比较 检查 标注 规划".split()
_ZH_OBJECTS = (
    "邮件 工单 发票 合同 简历 会议纪要 文章 论文 客户评论 问卷 聊天记录 日志 订单 退款 新闻".split()
)
_ZH_QUALITIES = "自动 快速 多语言 离线 批量 智能 严格 企业".split()


def summaries(count: int, seed: int = 15) -> Iterator[Object]:
    """That many summaries with different names; one in eight is Chinese."""
    source = random.Random(seed)
    names: set[str] = set()
    while len(names) < count:
        summary = _chinese(source) if source.random() < 1 / 8 else _english(source)
        name = str(summary["name"])
        if name in names:
            name = f"{name}-{len(names)}"
        names.add(name)
        yield {**summary, "name": name}


def _english(source: random.Random) -> Object:
    verb, noun = source.choice(list(_ACTIONS.items()))
    thing, quality = source.choice(_OBJECTS), source.choice(_QUALITIES)
    name = source.choice(
        (f"{thing}-{noun}", f"{quality}-{thing}-{noun}", f"{verb}-{thing}s", f"{thing}-{verb}")
    )
    words = f"{verb.capitalize()}s {quality} {thing.replace('-', ' ')}s {source.choice(_DETAILS)}"
    return _rest(source, name, words)


def _chinese(source: random.Random) -> Object:
    action, thing = source.choice(_ZH_ACTIONS), source.choice(_ZH_OBJECTS)
    english = source.choice(_OBJECTS), source.choice(list(_ACTIONS.values()))
    how, also = source.choices(_ZH_QUALITIES, k=2)
    words = f"{how}{thing}{action}，{also}处理{source.choice(_ZH_OBJECTS)}。"
    found = _rest(source, "-".join(("zh", *english)), words)
    return {**found, "tags": [thing, action]}


def _rest(source: random.Random, name: str, description: str) -> Object:
    models = source.sample(list(_MODELS), source.choice((0, 1, 1, 1, 2)))
    day = source.randrange(1, 29)
    return {
        "name": name,
        "version": f"{source.randrange(4)}.{source.randrange(10)}.{source.randrange(10)}",
        "author": f"{source.choice(_PEOPLE)}{source.randrange(200)}@{source.choice(_PLACES)}",
        "description": description,
        "category": source.choice(_CATEGORIES),
        "tags": list(dict.fromkeys(source.choices(_TAGS, k=source.randrange(1, 5)))),
        "downloads": int(10 ** source.uniform(0, 5)) - 1,
        "rating": source.choice((None, None, round(source.uniform(2, 5), 1))),
        "updated": f"{source.randrange(2023, 2027)}-{source.randrange(1, 13):02}-{day:02}T08:00:00Z",
        "licence": source.choice(_LICENCES),
        "blocks": _values(set(source.choices(_BLOCKS, k=3))),
        "edges": _values(set(source.choices(_EDGES, k=source.randrange(1, 6)))),
        "models": list(models),
        "providers": _values({_MODELS[model] for model in models}),
        "offline": all(_MODELS[model] == "local" for model in models),
        "certified": source.random() < 1 / 20,
        "deprecated": source.random() < 1 / 40,
        "score": source.randrange(20, 101),
    }


def _values(texts: set[str]) -> list[Value]:
    return list[Value](sorted(texts))
