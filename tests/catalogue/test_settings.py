from __future__ import annotations

import pytest

from registry_tool.catalogue.settings import read_settings
from registry_tool.core.finding import FindingsError
from registry_tool.manifest.owners import OwnerAccount

TEXT = """\
name: Ours
url: https://example.com
categories: { text: Text }
environments: { development: {}, production: { limits: { memory: 1Gi } } }
policy:
  maintainers: [{ login: ada, id: 1 }]
  reserved_names: [official]
  record_retention: 400d
"""


def test_what_is_written_is_read() -> None:
    found = read_settings(TEXT.encode(), "r.yaml")
    assert (found.name, found.url, found.categories) == (
        "Ours",
        "https://example.com",
        {"text": "Text"},
    )
    assert list(found.environments) == ["development", "production"]
    assert (found.maintainers, found.reserved_names) == ((OwnerAccount("ada", 1),), ("official",))
    assert found.record_retention == "400d"


def test_a_name_is_enough() -> None:
    found = read_settings(b"name: Ours\n", "r.yaml")
    assert (found.categories, found.environments, found.schedules, found.maintainers) == (
        {},
        {},
        (),
        (),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("name: Ours", "x-name: Ours", "needs the key 'name'"),
        ("name: Ours", "nam: Ours", "did you mean 'name'?"),
        ("id: 1", "id: ada", "r.yaml:6:35: policy.maintainers.0.id must be of type integer"),
        ("categories: {", "categories: &x {", "anchors"),
        ("policy:", "polcy:", "did you mean 'policy'?"),
    ],
)
def test_a_mistake_is_reported_with_its_place(old: str, new: str, expected: str) -> None:
    with pytest.raises(FindingsError) as caught:
        read_settings(TEXT.replace(old, new, 1).encode(), "r.yaml")
    assert any(
        expected in f"{f.path}:{f.line}:{f.column}: {f.message} {f.help}"
        for f in caught.value.findings
    )


def test_titles_in_another_language_are_of_categories_that_there_are() -> None:
    said = "{ description: 描述, categories: { text: 文本 } }"
    text = f"name: T\ncategories: {{ text: Text }}\ntranslations: {{ zh: {said} }}\n"
    found = read_settings(text.encode(), "r").translations["zh"]
    assert (found.description, found.categories) == ("描述", {"text": "文本"})
    with pytest.raises(FindingsError, match="there is no category 'texts'"):
        read_settings(text.replace("text: 文本", "texts: 文本").encode(), "r")
