"""What every service has in common: statuses, answers that are none, and secrets that stay out of errors."""

from __future__ import annotations

import pytest

from registry_tool.engine.providers.errors import ProviderError
from tests.engine.loopback import Answer, loopback
from tests.engine.providers.web_search.searching import found, google_items


def test_without_a_fetcher_nobody_is_asked() -> None:
    with pytest.raises(ProviderError, match="no way to other hosts"):
        found(None, "google")


@pytest.mark.parametrize(
    ("status", "transient", "hint"),
    [(429, True, ""), (503, True, ""), (403, False, "GCP_API_KEY and CSE_ID"), (404, False, "")],
)
def test_statuses_become_errors(status: int, transient: bool, hint: str) -> None:
    said = Answer({"error": "x"}, status, {"retry-after": "7"})
    with loopback(lambda _: said) as fetcher, pytest.raises(ProviderError, match=str(status)) as e:
        found(fetcher, "google")
    assert e.value.transient is transient
    assert e.value.retry_after == 7
    assert hint in e.value.hint


def test_answers_that_are_no_json_may_pass() -> None:
    with loopback(lambda _: Answer("<html>")) as fetcher, pytest.raises(ProviderError) as error:
        found(fetcher, "google")
    assert error.value.transient


def test_a_secret_in_an_address_never_stands_in_an_error() -> None:
    with (
        loopback(google_items, frozenset({"www.googleapis.com"})) as fetcher,
        pytest.raises(ProviderError) as error,
    ):
        found(fetcher, "google")
    assert fetcher.asked == []
    assert "key%2F1" not in str(error.value)
    assert "engine-1" not in str(error.value)
    assert "[GCP_API_KEY]" in str(error.value)
