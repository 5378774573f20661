"""Who asks, by API keys over HTTP: what counts, what doesn't, and what is said of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from registry_tool.commands.account.tokens import revoke
from registry_tool.core.clock import instant
from registry_tool.security.tokens.principal import ANONYMOUS
from registry_tool.server.authorisation import demand, requester
from registry_tool.server.problems import ProblemError
from tests.conftest import RegistryFolder
from tests.server.signing_in import NOW, Served, bearer, served


def _publishing(request: Request) -> Response:
    who = demand(request, "publish", request.query_params.get("name", ""))
    return JSONResponse({"id": who.id, "credential": who.credential})


@pytest.fixture
def live(registry: RegistryFolder) -> Served:
    """With a route that takes the scope `publish`."""
    found = served(registry)
    found.client.app.router.routes.insert(0, Route("/try", _publishing))  # type: ignore[attr-defined]
    return found


def test_nobody_is_shown_how_to_sign_in(live: Served) -> None:
    answer = live.client.get("/try")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="registry"'
    assert "tokens new" in answer.json()["help"]
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_key_says_who_comes(live: Served) -> None:
    made = live.key("ada")
    answer = live.client.get("/try", headers=bearer(made.secret))
    assert answer.json() == {"id": 1, "credential": f"key:{made.key.id}"}


def test_a_key_is_for_its_scopes_and_workflows(live: Served) -> None:
    other = live.client.get("/try", headers=live.headers("ada", "run"))
    assert (other.status_code, other.json()["detail"]) == (403, "the credential is not for publish")
    only = live.headers("ada", workflows="hello")
    assert live.client.get("/try?name=hello", headers=only).status_code == 200
    assert live.client.get("/try?name=other", headers=only).status_code == 403
    assert live.client.get("/try", headers=only).status_code == 403


def test_what_does_not_count_is_refused_everywhere(live: Served) -> None:
    unknown = "Bearer puppyk_0123456789abcdef_" + "0" * 48
    odd = ("Bearer", "Bearer ", "Basic YTpi", unknown, "Bearer x.y.z", "Bearer é", "bearer\tx")
    for header in (*odd, "Bearer " + "a" * 9000):
        for path in ("/try", "/api/v1/workflows", "/api/v1/index.json"):
            sent = {"Authorization": header.encode("latin-1")}
            answer = live.client.get(path, headers=sent)  # type: ignore[arg-type]
            assert answer.status_code == 401, (header[:40], path)
            assert 'error="invalid_token"' in answer.headers["www-authenticate"]
            assert len(header) < 9 or header[-20:].strip() not in answer.text


def test_a_key_ends_by_revocation_and_by_time(live: Served) -> None:
    made, timed = live.key("ada"), live.key("ada", expires=instant(NOW + timedelta(hours=1)))
    assert live.client.get("/try", headers=bearer(timed.secret)).status_code == 200
    revoke(live.target, made.key.id, {})
    live.clock.pass_by(hours=1)
    for secret, why in ((made.secret, "revoked"), (timed.secret, "expired")):
        answer = live.client.get("/try", headers=bearer(secret))
        assert answer.status_code == 401
        assert why in answer.json()["detail"]


def test_the_secret_of_another_key_does_not_do(live: Served) -> None:
    one, other = live.key("ada").secret.split("_"), live.key("eve").secret.split("_")
    mixed = "_".join([one[0], one[1], other[2]])
    assert live.client.get("/try", headers=bearer(mixed)).status_code == 401


def test_nobody_never_becomes_the_local_user() -> None:
    with pytest.raises(ProblemError):
        requester(ANONYMOUS)
