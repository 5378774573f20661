from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.manifest.model import Metadata, Security, Workflow
from registry_tool.manifest.strictest import handling_rank, strictest

PLAIN = Workflow(Metadata("t", "1.0.0"), (), ())


@pytest.mark.parametrize(
    ("own", "others", "privacy"),
    [
        ({}, [], ("", "", "keep")),
        ({}, [{"encryption": "aes-256"}], ("aes-256", "", "keep")),
        ({"encryption": "aes-256"}, [{}], ("aes-256", "", "keep")),
        ({}, [{"data_retention": "30d"}, {"data_retention": "36h"}], ("", "36h", "keep")),
        ({"data_retention": "1d"}, [{"data_retention": "7d"}, {}], ("", "1d", "keep")),
        ({"pii_handling": "mask"}, [{"pii_handling": "reject"}, {}], ("", "", "reject")),
        ({"pii_handling": "strip"}, [{}], ("", "", "strip")),
    ],
)
def test_the_strictest_promise_of_all_counts(
    own: dict[str, str], others: list[dict[str, str]], privacy: tuple[str, str, str]
) -> None:
    first, *rest = (replace(PLAIN, security=Security(**one)) for one in (own, *others))  # type: ignore[arg-type]
    found = strictest(first, rest)
    assert (found.encryption, found.data_retention, found.pii_handling) == privacy
    assert found.execute == first.security.execute  # access is asked of each by its own list


def test_handling_goes_from_keep_to_reject() -> None:
    known = ["keep", "mask", "strip", "reject", "later"]
    assert [handling_rank(one) for one in known] == [0, 1, 1, 2, 4]
