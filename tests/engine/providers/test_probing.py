from __future__ import annotations

import pytest

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.probing import ProbeQuestion, prove_model
from tests.engine.providers.fault_server import FaultServer, Reply, refusal, running

KEY = "sk-a-key-of-some-length"


def prove(server: FaultServer, model: str = "gpt-4") -> str:
    return prove_model(
        ProbeQuestion(model), {"OPENAI_BASE_URL": server.address, "OPENAI_API_KEY": KEY}
    ).replace(str(server.server_port), "PORT")


def test_a_listed_model_is_proved_without_a_question() -> None:
    with running() as server:
        server.models = ["gpt-4", "other"]
        assert prove(server) == "127.0.0.1:PORT lists gpt-4"
        assert (server.asked, server.listed) == ([], [f"/v1/models Bearer {KEY}"])


@pytest.mark.parametrize("models", [None, ["other"]], ids=["no list", "not listed"])
def test_what_is_not_listed_is_asked_once_and_briefly(models: list[str] | None) -> None:
    with running() as server:
        server.models, server.replies = models, [Reply()]
        assert prove(server) == "127.0.0.1:PORT answered as gpt-4"
        ((body, _),) = server.asked
        assert body["max_tokens"] == 16


def test_an_unknown_model_is_refused_with_the_nearest() -> None:
    with running() as server:
        server.models, server.replies = ["gpt-4"], [refusal(404, "no such model")]
        with pytest.raises(
            ProviderError, match=r"gpt-44 can't be asked at .*404.*no such model"
        ) as no:
            prove(server, "gpt-44")
        assert no.value.hint == "did you mean gpt-4?"


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_reported_without_it(status: int) -> None:
    with running() as server:
        server.models, server.list_status = ["gpt-4"], status
        with pytest.raises(ProviderError, match=f"{status}.*not accepted") as refused:
            prove(server)
    assert KEY not in str(refused.value)


def test_a_server_that_is_not_there_is_reported() -> None:
    with running() as server:
        address = server.address
    with pytest.raises(ProviderError, match="can't be reached"):
        prove_model(ProbeQuestion("gpt-4"), {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": KEY})


def test_no_key_is_reported_before_anything_is_asked() -> None:
    with pytest.raises(ProviderError, match="no key for the model's server"):
        prove_model(ProbeQuestion("gpt-4"), {})
