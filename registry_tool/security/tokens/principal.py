"""Who asks the live registry, and what the credential that they came with lets them do.

A credential narrows what its person may do by role and lists, which are asked anew each time; it adds nothing.
"""

from __future__ import annotations

from typing import Final

from registry_tool.core.records import Record

READ: Final = "read"
RUN: Final = "run"
PUBLISH: Final = "publish"
DEPLOY: Final = "deploy"
ADMIN: Final = "admin"
SCOPES: Final = (READ, RUN, PUBLISH, DEPLOY, ADMIN)
"""What a credential can be for; the usual ones are all but `admin`."""
USUAL: Final = (READ, RUN, PUBLISH, DEPLOY)


class Principal(Record, frozen=True):
    """A person by the forge's numeric id (0: nobody has signed in) with what they came with.

    `credential` names it in logs (`key:…`, `session:…`), never its secret. It is for `workflows` alone, or, where
    there are none, for all.
    """

    id: int = 0
    login: str = ""
    scopes: frozenset[str] = frozenset({READ})
    credential: str = ""
    workflows: frozenset[str] = frozenset()

    @property
    def is_anonymous(self) -> bool:
        """True where nobody has signed in: never to be taken for a command's local user, whose id is 0, too."""
        return not self.id

    def lets(self, scope: str, workflow: str = "") -> bool:
        """Whether the credential is for that, and for that workflow (empty: for what belongs to no workflow)."""
        return scope in self.scopes and (not self.workflows or workflow in self.workflows)


ANONYMOUS: Final = Principal()
