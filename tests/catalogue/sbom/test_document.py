"""A bill of materials says what a version is made of, in the form that CycloneDX's own schema demands."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry, Resource

from registry_tool.catalogue.sbom.document import sbom
from registry_tool.catalogue.sbom.parts import SbomSubject
from registry_tool.manifest.load import load

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  name: digest
  version: "1.0.0"
  author: ada@example.com
  description: Sums reviews up
  license: Apache-2.0 OR MIT
  updated: "2024-01-01T00:00:00Z"
  homepage: https://example.com/digest
spec:
  blocks:
    - { id: review, type: text }
    - { id: cleaned, type: text }
    - { id: summary, type: text }
    - { id: found, type: structured }
  edges:
    - id: clean
      type: code
      source: review
      target: cleaned
      config:
        code: |
          import json, re as patterns
          from collections.abc import Mapping
          def main(review):
              import unicodedata
              return review
    - id: sum-up
      type: llm
      source: cleaned
      target: summary
      config: { model: gpt-4o-mini, messages: [{ role: user, content: "{{cleaned}}" }] }
    - id: look-up
      type: http
      source: summary
      target: found
      config: { url: "https://api.example.com/v1/find", method: GET }
  runtime:
    dependencies:
      external_apis: [{ name: finder, version: "1", hosts: [api.example.com], secrets: [FINDER_KEY] }]
      workflows: [{ name: hello, version: ^1.0 }]
  interface:
    inputs: [{ name: review, type: string, required: true, pii: true }]
    outputs: [{ name: found, type: object }]
"""


@cache
def schema() -> Draft7Validator:
    """The official schema of CycloneDX 1.6, as its own library ships it."""
    folder = resources.files("cyclonedx.schema") / "_res"
    read = {
        name: json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_text())
        for name in ("bom-1.6", "spdx", "jsf-0.82", "cryptography-defs")
    }
    known = [(one["$id"], Resource.from_contents(one)) for one in read.values()]
    return Draft7Validator(read["bom-1.6"], registry=Registry().with_resources(known))


def subject(text: str = MANIFEST) -> SbomSubject:
    workflow = load(text.encode(), "manifest.yaml").workflow
    recorded = (("gpt-4o-mini", "SmolLM2"),)
    return SbomSubject(workflow, "sha256:" + "0" * 64, (), recorded, "2024-01-01T00:00:00Z")


def named(document: Any, type_: str) -> list[str]:
    return [one["name"] for one in document["components"] if one["type"] == type_]


def test_it_names_models_services_imports_and_requirements() -> None:
    document: Any = sbom(subject())
    schema().validate(document)
    assert named(document, "machine-learning-model") == ["gpt-4o-mini"]
    assert named(document, "library") == ["collections", "json", "re", "unicodedata"]
    assert named(document, "application") == ["hello"]
    services = {one["bom-ref"]: one for one in document["services"]}
    assert services["host:api.example.com"]["endpoints"] == ["https://api.example.com"]
    assert services["host:api.example.com"]["data"] == [
        {"flow": "outbound", "classification": "personal"}
    ]
    assert services["api:finder"]["version"] == "1"
    main = document["metadata"]["component"]
    assert main["licenses"] == [{"expression": "Apache-2.0 OR MIT"}]
    (depends,) = document["dependencies"]
    refs = {one["bom-ref"] for one in (*document["components"], *document["services"])}
    assert set(depends["dependsOn"]) <= refs
    assert depends["dependsOn"] == sorted(refs)


def test_what_it_may_call_is_described_where_it_is_known() -> None:
    text = MANIFEST.replace("name: digest", "name: hello", 1).replace("gpt-4o-mini", "claude-x")
    hello = subject(text.replace("[{ name: hello, version: ^1.0 }]", "[]"))
    document: Any = sbom(subject(), {"hello": hello})
    schema().validate(document)
    assert named(document, "machine-learning-model") == ["claude-x", "gpt-4o-mini"]
    (other,) = [one for one in document["components"] if one["type"] == "application"]
    assert other["version"] == "1.0.0"
    assert {"name": "puppyai:digest", "value": hello.digest} in other["properties"]
    assert [one["ref"] for one in document["dependencies"]] == [
        "workflow:digest@1.0.0",
        "workflow:hello@1.0.0",
    ]


def test_the_same_version_gives_the_same_bytes() -> None:
    assert json.dumps(sbom(subject())) == json.dumps(sbom(subject()))
    assert (
        sbom(subject())["serialNumber"]
        != sbom(subject(MANIFEST.replace('"1.0.0"', '"1.0.1"')))["serialNumber"]
    )
