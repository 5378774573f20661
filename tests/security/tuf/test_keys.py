"""Keys as PEM; nothing of a private one is ever shown."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from registry_tool.core.errors import RegistryError
from registry_tool.security.tuf.keys import is_encrypted, new_key, read_public, read_signers


def test_several_keys_in_a_text_are_read_in_its_order() -> None:
    (one, one_public), (two, two_public) = new_key(), new_key()
    found = read_signers(b"first\n" + one + two, "here")
    known = [read_public(data, "here").keyid for data in (one_public, two_public)]
    assert [signer.public_key.keyid for signer in found] == known


def test_a_passphrase_opens_its_own_key_alone() -> None:
    private, public = new_key("open sesame")
    assert is_encrypted(private)
    (signer,) = read_signers(private, "here", "open sesame")
    assert signer.public_key.keyid == read_public(public, "here").keyid
    for wrong in ("", "sesame"):
        with pytest.raises(RegistryError):
            read_signers(private, "here", wrong)


def test_what_is_no_key_is_refused_and_not_shown() -> None:
    another = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    for data in (b"", b"hunter2", another, another.replace(b"M", b"!", 3)):
        for read in (read_signers, read_public):
            with pytest.raises(RegistryError, match=r"not a p.* Ed25519 key") as raised:
                read(data, "key.pem")
            assert "hunter2" not in str(raised.value)
            assert raised.value.location == "key.pem"
