"""What a run would pass over in silence is refused before it begins; what it would say itself is left to it."""

from __future__ import annotations

import pytest

from registry_tool.core.finding import FindingsError
from registry_tool.manifest.load import load
from registry_tool.resolver.candidates import FixedSource
from registry_tool.rules.base import RuleContext, Subject
from registry_tool.rules.silent import SILENT, refuse_silent

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: {name: t, version: "1.0.0"}
spec:
  blocks: [{id: a, type: text, value: x}, {id: b, type: text}]
  edges: [{id: e, source: a, target: TARGET, type: modify, config: {modify_type: copy, content: "TEXT"}}]
"""


def subject(text: str, target: str = "b") -> Subject:
    """One version whose edge writes a text to a block."""
    written = MANIFEST.replace("TEXT", text).replace("TARGET", target)
    return Subject(load(written.encode(), "m.yaml"), {}, RuleContext(FixedSource()))


def test_what_nobody_would_say_is_refused() -> None:
    with pytest.raises(FindingsError) as error:
        refuse_silent(subject("Hello {{a}"))
    assert {found.rule for found in error.value.findings} <= {rule.id for rule in SILENT}


def test_sound_ones_pass_and_so_do_those_that_a_run_refuses_with_its_reason() -> None:
    refuse_silent(subject("Hello {{a}}"))
    refuse_silent(subject("Hello {{a}", target="nowhere"))
