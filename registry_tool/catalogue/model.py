"""The catalogue: all versions, loaded, as one value in memory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from registry_tool.catalogue.auto_merge import AutoMergePolicy
from registry_tool.catalogue.environments import AccessSettings, EnvironmentSettings, QuotaPlan
from registry_tool.catalogue.identities import Identities
from registry_tool.catalogue.notifications import NotificationTarget
from registry_tool.catalogue.schedules import Schedule
from registry_tool.catalogue.version_pages import VersionPages
from registry_tool.core.records import Record, field
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.notice import Notice
from registry_tool.manifest.owners import Certification, OwnerAccount, Owners
from registry_tool.manifest.publish_policy import PUBLISH_POLICY
from registry_tool.security.provenance.statement import Provenance
from registry_tool.store.paths import MANIFEST


class LoginSettings(Record, frozen=True):
    """How people log in: the id of an OAuth app (empty: by a token only), and the rights to ask for."""

    client_id: str = ""
    scope: str = "public_repo"


class Translation(Record, frozen=True):
    """What the settings say in another language: the registry's description, and titles of categories."""

    description: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)


class RegistrySettings(Record, frozen=True):
    """`registry/registry.yaml`. `categories` maps an id to its title.

    `maintainers` are who decides where a check waits for a human; `reserved_names` may not be taken without them.
    `publish_policy` names what a version must have to be published (`description`, `license`, `tests`).
    `version_pages` says which versions have pages of their own (catalogue/version_pages.py).
    `login` says how `puppy-cli login` asks for a token. `auto_merge` says which releases are merged without a
    person (None: none).
    `translations` are by language. `shows_deployments` says that the site says what serves where.
    `identities`: by whom a live registry lets people and jobs be known.
    `changes_by_pull_request`: what a live registry is asked to change waits for a merge, however good it is.
    `record_retention` (such as `400d`) bounds run records of versions that say nothing (empty: they stay).
    """

    name: str
    url: str = ""
    description: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)
    registries: Mapping[str, str] = field(default_factory=dict)
    environments: Mapping[str, EnvironmentSettings] = field(default_factory=dict)
    plans: Mapping[str, QuotaPlan] = field(default_factory=dict)
    access: AccessSettings = field(default_factory=AccessSettings)
    schedules: tuple[Schedule, ...] = ()
    notifications: tuple[NotificationTarget, ...] = ()
    maintainers: tuple[OwnerAccount, ...] = ()
    reserved_names: tuple[str, ...] = ()
    record_retention: str = ""
    changes_by_pull_request: bool = False
    identities: Identities = Identities()
    publish_policy: frozenset[str] = PUBLISH_POLICY
    version_pages: VersionPages = VersionPages.ALL
    login: LoginSettings = LoginSettings()
    auto_merge: AutoMergePolicy | None = None
    shows_deployments: bool = False
    translations: Mapping[str, Translation] = field(default_factory=dict)


class VersionFile(Record, frozen=True):
    """One file of a version: path inside it, bytes and their SHA-256 (hex)."""

    path: str
    size: int
    sha256: str


class PublishedVersion(Record, frozen=True, dict=True):
    """One published version.

    `digest` is `sha256:<hex>`; `size` the sum of its files in bytes; `directory` the path from the
    registry's root; `readme` the text of docs/README.md; `published` the moment of the commit that added it, known
    where the manifest names none; `recorded` holds (model asked, model that answered) of its recorded answers.
    `manifest` is the text of manifest.yaml, `cassettes` the bytes of its recorded answers.
    `built` says who built its package, by an attestation that the registry keeps; None where it has none.
    `released` is the manifest's `updated` or `created`, else `published`.
    """

    workflow: Workflow
    digest: str
    files: tuple[VersionFile, ...]
    directory: str
    readme: str = ""
    notice: Notice | None = None
    published: str = ""
    recorded: tuple[tuple[str, str], ...] = ()
    manifest: str = ""
    cassettes: bytes = b""
    built: Provenance | None = None

    @property
    def yanked(self) -> str:
        """Why no new resolve chooses it; empty where one may."""
        return self.notice.reason if self.notice and self.notice.blocks else ""

    @property
    def manifest_path(self) -> str:
        """The manifest's path from the registry's root."""
        return f"{self.directory}/{MANIFEST}"

    @property
    def name(self) -> str:
        """The workflow's name."""
        return self.workflow.name

    @property
    def number(self) -> str:
        """The SemVer string."""
        return self.workflow.version

    @property
    def reference(self) -> str:
        """`name:version`."""
        return self.workflow.reference

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    @property
    def released(self) -> str:
        """When its manifest, else git, says that it was published; RFC 3339 or empty where neither knows."""
        return self.stated or self.published

    @property
    def stated(self) -> str:
        """When the manifest says that it was last changed; RFC 3339 or empty."""
        return self.workflow.metadata.updated or self.workflow.metadata.created


class Line(Record, frozen=True, dict=True):
    """A workflow: its versions, oldest first by SemVer precedence, and who owns it.

    `latest` is the highest non-yanked release; a pre-release only where there is nothing else; where all
    are yanked, the highest of all. `weeks` are its downloads in total, by week, where somebody counts them.
    """

    name: str
    versions: tuple[PublishedVersion, ...]
    latest: PublishedVersion
    owners: Owners = field(default_factory=Owners)
    weeks: Mapping[str, int] = field(default_factory=dict)

    @property
    def certified(self) -> Certification | None:
        """Who vouches for the latest version, None where nobody does."""
        return self.owners.certified.get(self.latest.number)

    @cached_property
    def by_number(self) -> dict[str, PublishedVersion]:
        """Versions by number."""
        return {version.number: version for version in self.versions}


class Catalogue(Record, frozen=True, dict=True):
    """Everything a registry holds, lines sorted by name. `commit` is the tree's commit or empty.

    `downloads` and `ratings` come from `registry/metadata/`.
    """

    settings: RegistrySettings
    lines: tuple[Line, ...]
    commit: str = ""
    downloads: Mapping[str, int] = field(default_factory=dict)
    ratings: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, Line]:
        """Lines by workflow name."""
        return {line.name: line for line in self.lines}

    @cached_property
    def dependents(self) -> dict[str, tuple[PublishedVersion, ...]]:
        """Versions that require a workflow, by that workflow's name."""
        found: dict[str, list[PublishedVersion]] = {}
        for line in self.lines:
            for version in line.versions:
                for requirement in version.workflow.requires:
                    found.setdefault(requirement.name, []).append(version)
        return {name: tuple(versions) for name, versions in found.items()}
