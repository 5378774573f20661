"""The names that `assert` of a test case knows, and the fields of each: promptfoo's, `approx` and `ends-with`.

https://www.promptfoo.dev/docs/configuration/expected-outputs. What each one does stands in docs/tests.md; the
engine has a function for every name, and a test holds the three together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from registry_tool.core.suggest import perhaps

NOT: Final = "not-"
SET: Final = "assert-set"
DEEPEST: Final = 8  # assert-sets inside each other

COMMON_FIELDS: Final = ("type", "output", "path", "weight", "metric")
"""Fields that every assertion may have."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an assertion beside COMMON_FIELDS."""

    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


_VALUE = Fields(("value",))
_SCORED = Fields(("value",), ("threshold",))
_JUDGED = Fields(("value",), ("threshold", "model", "provider"))

ASSERTIONS: Final[Mapping[str, Fields]] = {
    "equals": _VALUE,
    "approx": Fields(("value",), ("tolerance", "relative")),
    "contains": _VALUE,
    "icontains": _VALUE,
    "contains-all": _VALUE,
    "contains-any": _VALUE,
    "icontains-all": _VALUE,
    "icontains-any": _VALUE,
    "starts-with": _VALUE,
    "ends-with": _VALUE,
    "regex": _VALUE,
    "word-count": _VALUE,
    "is-refusal": Fields(),
    "is-json": Fields((), ("value",)),
    "contains-json": Fields((), ("value",)),
    "is-xml": Fields((), ("value",)),
    "contains-xml": Fields((), ("value",)),
    "is-html": Fields(),
    "contains-html": Fields(),
    "is-sql": Fields((), ("value",)),
    "contains-sql": Fields((), ("value",)),
    "is-valid-function-call": _VALUE,
    "is-valid-openai-function-call": _VALUE,
    "is-valid-openai-tools-call": _VALUE,
    "tool-call-f1": _SCORED,
    "levenshtein": _SCORED,
    "rouge-n": _SCORED,
    "bleu": _SCORED,
    "gleu": _SCORED,
    "latency": Fields(("threshold",)),
    "cost": Fields(("threshold",)),
    "finish-reason": Fields(("value",), ("edge",)),
    "trace-span-count": _VALUE,
    "trace-span-duration": _VALUE,
    "trace-error-spans": Fields((), ("value",)),
    "python": Fields(("value",), ("threshold", "config")),
    "similar": _SCORED,
    "similar:cosine": _SCORED,
    "similar:dot": _SCORED,
    "similar:euclidean": _SCORED,
    "llm-rubric": _JUDGED,
    "model-graded-closedqa": _JUDGED,
    "factuality": _JUDGED,
    "model-graded-factuality": _JUDGED,
    SET: Fields(("assert",), ("threshold",)),
}

_TRAJECTORY = "a workflow has no agent's trajectory; its steps are edges: use trace-span-count"
_SKILL = "a workflow calls edges, not skills: use trace-span-count"
_OTHER_MODEL = (
    "it needs a model of its own kind that this engine has no provider for: use llm-rubric"
)
_CONTEXT = (
    "it judges retrieved context apart from the answer: use llm-rubric and name what to look for"
)
_COMPARES = "it compares the outputs of several prompts; a test case has one"

NOT_SUPPORTED: Final[Mapping[str, str]] = {
    "javascript": "there is no sandbox for JavaScript: write it as `python`, which runs in the sandbox",
    "ruby": "there is no sandbox for Ruby: write it as `python`, which runs in the sandbox",
    "webhook": "tests never reach the network: write it as `python`, which runs in the sandbox",
    "meteor": "it needs WordNet's synonyms, which don't come with this tool: use rouge-n, gleu or similar",
    "perplexity": "it needs the tokens' log probabilities, which providers don't hand on",
    "perplexity-score": "it needs the tokens' log probabilities, which providers don't hand on",
    "f-score": "promptfoo derives it from named metrics over many cases: give assertions a `metric`",
    "classifier": _OTHER_MODEL,
    "moderation": _OTHER_MODEL,
    "guardrails": _OTHER_MODEL,
    "pi": _OTHER_MODEL,
    "g-eval": "its steps are made up by the judge at every run: write them into an llm-rubric",
    "answer-relevance": "its questions are made up by the judge at every run: use similar or llm-rubric",
    "context-faithfulness": _CONTEXT,
    "context-recall": _CONTEXT,
    "context-relevance": _CONTEXT,
    "conversation-relevance": "a test case is one run, not a conversation: use llm-rubric",
    "search-rubric": "tests never reach the network: use llm-rubric",
    "agent-rubric": "its judge is an agent with tools, which can't be replayed: use llm-rubric",
    "select-best": _COMPARES,
    "max-score": _COMPARES,
    "human": "nobody is asked while tests run",
    "skill-used": _SKILL,
    "trajectory:tool-used": _TRAJECTORY,
    "trajectory:tool-args-match": _TRAJECTORY,
    "trajectory:tool-sequence": _TRAJECTORY,
    "trajectory:step-count": _TRAJECTORY,
    "trajectory:goal-success": _TRAJECTORY,
}
"""promptfoo's other assertions, each with the reason why it is refused and the fix."""


def base_name(type_: str) -> str:
    """The name without a `not-` in front."""
    return type_.removeprefix(NOT)


def is_known(type_: str) -> bool:
    """True for a name that can be judged, with or without `not-` in front."""
    return base_name(type_) in ASSERTIONS


def hint(type_: str) -> str:
    """What to write instead of an unknown name."""
    name = base_name(type_)
    if name in NOT_SUPPORTED:
        return NOT_SUPPORTED[name]
    return f"{perhaps(name, ASSERTIONS)}known: {', '.join(sorted(ASSERTIONS))}, each also with not- in front"
