from __future__ import annotations

from registry_tool.catalogue.source import CatalogueSource
from registry_tool.manifest.model import Requirement
from registry_tool.resolver.solve import solve
from tests.catalogue.small import catalogue, version


def test_a_resolver_chooses_from_a_catalogue_and_passes_by_what_is_yanked() -> None:
    known = catalogue(
        version("a", "1.0.0", (Requirement("b", "^1"),)),
        version("b", "1.0.0"),
        version("b", "1.1.0", (), "It leaks"),
    )
    source = CatalogueSource(known)
    assert [c.version for c in source.versions("b")] == ["1.0.0", "1.1.0"]
    assert [c.yanked for c in source.versions("b")] == [False, True]
    assert source.versions("nothing") == []
    chosen = solve([Requirement("a", "*")], source).chosen
    assert {name: c.version for name, c in chosen.items()} == {"a": "1.0.0", "b": "1.0.0"}
    assert chosen["b"].digest == "sha256:b1.0.0"
