"""What a candidate is judged on: as much of a registry as can be seen from here, and what can't."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from registry_tool.catalogue.load import load_settings
from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.review.check import NotChecked
from registry_tool.core.errors import MissingToolError, NotFoundError, RegistryError
from registry_tool.resolver.candidates import Source
from registry_tool.sources.base import NotFetchedError
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.configuration.location import WAYS
from registry_tool.sources.reader import open_reader
from registry_tool.sources.reader_tree import ReaderTree
from registry_tool.store import paths
from registry_tool.store.overlay_tree import EmptyTree
from registry_tool.store.tree import FolderTree, RegistryTree

_NAME_ONE = f"{WAYS} with --registry"
_BY_API = NotChecked(
    ("category", "ownership", "tombstones"),
    "categories, owners, tombstones, other registries and the registry's policy, which its API does not tell",
    "name a clone of the registry with --registry",
    warns=True,
)
_UNKNOWN = (
    *("bump", "category", "dependencies-resolve", "dependents", "look-alike", "ownership"),
    *("tombstones", "version"),
)


@dataclass(frozen=True, slots=True)
class BaseRegistry:
    """A registry as far as it is known. `account` is the e-mail address that git knows whoever sits here by.

    `unknown` says what can't be judged on it; findings of those rules are dropped. `indexes` holds generated
    documents where the tree doesn't give them.
    """

    tree: RegistryTree
    settings: RegistrySettings
    source: Source | None = None
    unknown: tuple[NotChecked, ...] = ()
    account: str = ""
    indexes: RegistryTree | None = None

    @property
    def blind(self) -> frozenset[str]:
        """Rules whose findings would be guesses."""
        return frozenset(rule for one in self.unknown for rule in one.rules)


def ground_of(registry: AnyRegistry, base: str = "HEAD") -> BaseRegistry:
    """The registry that comes first: a clone's commit `base`, a folder, an API; none where none is known, and why.

    `RegistryError` where one was named that can't be read: what is left out is said, never decided by a cut line.
    """
    choice = as_choice(registry)
    choice = replace(choice, order=choice.order[:1])
    root = choice.folder
    if root and (root / paths.REGISTRY_FILE).is_file():
        tree, account = _local(root, base)
        return BaseRegistry(tree, load_settings(tree), account=account)
    try:
        reader = open_reader(choice)
        reader.names()
    except NotFetchedError:
        return _nothing(f"{choice} was never fetched, and nothing is asked offline")
    except NotFoundError:
        if choice.is_known:
            raise
        return _nothing("no registry is known")
    except RegistryError as error:
        raise RegistryError(
            error.reason,
            location=error.location,
            hint=f"{error.hint or 'try again'}; with --offline, what needs no registry is checked",
        ) from None
    return BaseRegistry(ReaderTree(reader), RegistrySettings(""), reader, (_BY_API,))


def _nothing(why: str) -> BaseRegistry:
    reason = f"name, version and its bump, category, owners and dependencies, since {why}"
    unknown = (NotChecked(_UNKNOWN, reason, _NAME_ONE, warns=True),)
    return BaseRegistry(EmptyTree(), RegistrySettings(""), unknown=unknown)


def _local(root: Path, base: str) -> tuple[RegistryTree, str]:
    """A clone's commit, where the folder is one that holds a registry; else the folder itself."""
    from registry_tool.store.git.commit_tree import GitTree
    from registry_tool.store.git.repository import Repository

    try:
        repository = Repository(root)
    except (MissingToolError, NotFoundError):
        return FolderTree(root), ""
    account = repository.config("user.email")
    own = repository.work_tree is not None and repository.work_tree.samefile(root)
    commit = repository.find(base)
    if own and commit and (tree := GitTree(repository, commit)).has(paths.REGISTRY_FILE):
        return tree, account
    return FolderTree(root), account
