"""What is stored of tokens, and what of it is shown."""

from __future__ import annotations

from registry_tool.state.tokens.records import KEY_FILE, SESSION_FILE, LoginSession, StoredApiKey


def test_the_proof_is_stored_and_not_shown() -> None:
    key = StoredApiKey(
        id="0" * 16, name="ci", person=7, login="ada", scopes=["run"], workflows=["hello"],
        sha256="f" * 64, created="now", created_by="ada",
    )  # fmt: skip
    session = LoginSession(
        id="1" * 16, person=7, login="ada", scopes=["run"], workflows=[], by="corporate",
        created="now", expires="then", sha256="e" * 64,
    )  # fmt: skip
    assert KEY_FILE.read(KEY_FILE.to_bytes(key), "") == key
    assert SESSION_FILE.read(SESSION_FILE.to_bytes(session), "") == session
    for shown in (key.to_value(), session.to_value()):
        assert not {"sha256", "signature"} & shown.keys()
    assert key.principal.credential == f"key:{key.id}"
    assert key.principal.workflows == {"hello"}
    assert session.principal.credential == f"session:{session.id}"
