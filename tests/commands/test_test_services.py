"""Tests of workflows that ask hosts and embed: recorded once against a server on loopback, replayed without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.providers.models.weights import EMBEDDING
from registry_tool.runtime.run_tests import SuiteOptions
from registry_tool.runtime.run_tests import test_reference as check
from tests.engine.loopback import Answer, Asked, loopback

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: weather, version: "1.0.0", license: MIT }
spec:
  blocks: [{ id: city, type: text }, { id: weather, type: structured }]
  edges:
    - id: fetch
      source: city
      target: weather
      type: http
      config: { url: "http://HOST/v1/{{city}}", auth: { secret: KEY, type: query, name: key } }
  interface:
    inputs: [{ name: city, type: string, required: true }]
    outputs: [{ name: weather, type: any }]
  runtime:
    dependencies:
      external_apis: [{ name: weather, hosts: ["HOST"], secrets: [KEY] }]
  tests:
    - { name: oslo, inputs: { city: Oslo }, expected: { weather: { degrees: 14 } }ASSERT }
"""


def project(folder: Path, host: str, assertion: str = "") -> Path:
    text = MANIFEST.replace("HOST", host).replace("ASSERT", assertion)
    (folder / "workflow-resource.yaml").write_text(text)
    return folder


def test_an_answer_of_a_host_is_recorded_without_its_secret_and_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reply(asked: Asked) -> Answer:
        return Answer({"degrees": 14}, headers={"content-type": "application/json"})

    with loopback(reply) as server:
        host = f"127.0.0.1:{server._port}"
        location = str(project(tmp_path, host))
        (missing,) = check(location, "", SuiteOptions()).cases
        assert missing.outcome is Outcome.ERROR
        assert "no answer is recorded for this request to http" in missing.reasons[0]
        monkeypatch.setenv("PUPPY_ALLOW_PRIVATE_HOSTS", host)
        variable = f"KEY__127_0_0_1__P__{server._port}"
        monkeypatch.setenv(variable, "very-secret")
        recorded = check(location, "", SuiteOptions(record=True))
        assert recorded.passed, recorded.cases
        assert server.asked[0].query == {"key": "very-secret"}
    text = (tmp_path / "tests/cassettes.json").read_text()
    assert "very-secret" not in text
    (service,) = json.loads(text)["services"]
    assert service["request"]["url"].endswith("/v1/Oslo?key=[KEY]")
    monkeypatch.delenv(variable)
    again = check(location, "", SuiteOptions())  # the server is gone, the secret is not set
    assert again.passed, again.cases
    assert again.stale == ()


@pytest.mark.skipif(EMBEDDING.find() is None, reason="the embedding model is not installed")
def test_vectors_are_recorded_so_that_similar_needs_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: greet, version: "1.0.0", license: MIT }
spec:
  blocks: [{ id: who, type: text }, { id: said, type: text }]
  edges:
    - id: e
      source: who
      target: said
      type: modify
      config: { modify_type: edit_text, content: "Hello {{who}}" }
  interface:
    inputs: [{ name: who, type: string, required: true }]
    outputs: [{ name: said, type: string }]
  tests:
    - name: near
      inputs: { who: my friend }
      assert:
        - { type: similar, value: "Hi, dear friend", threshold: 0.6 }
        - { type: not-similar, value: "The price of oil", threshold: 0.5 }
"""
    (tmp_path / "workflow-resource.yaml").write_text(manifest)
    recorded = check(str(tmp_path), "", SuiteOptions(record=True))
    assert recorded.passed, recorded.cases
    monkeypatch.setattr("registry_tool.engine.providers.models.weights.find_spec", lambda _: None)
    assert check(str(tmp_path), "", SuiteOptions()).passed
