"""Whether the people whom a first publish names are who they say: login and id belong together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.rules.change_set import Actor, ChangeSet, LineState
from registry_tool.rules.skeletons import skeleton


def claimed_author(subject: ChangeSet, name: str, author: str) -> Iterator[Problem]:
    """Holds a version that names as its author somebody known here who has no part in the workflow."""
    line = subject.lines[name]
    own = {
        p.login.casefold() for p in (*line.owners_after.owners, *line.owners_after.collaborators)
    }
    if subject.actor is None or subject.by_maintainer or author.casefold() in own:
        return
    claimed = {skeleton(login) for login in _logins(_in_latin(author))}
    others = (person.login.casefold() for person in subject.people())
    if any(skeleton(login) in claimed and login not in own for login in others):
        words = f"{author} is known here, and neither owner nor collaborator of {name}"
        help_ = "name who wrote it; a maintainer decides about others"
        yield Problem(("metadata", "author"), words, help_, Severity.HOLD)


_LOGIN = re.compile(  # @login, a profile's address, and what stands in brackets
    r"(?<![\w.-])@([\w-]+)|github\.com/([\w-]+)|[(<\[]\s*@?([\w-]+)\s*[)>\]]", re.IGNORECASE
)


# Small Cyrillic and Greek letters that look like Latin ones (Unicode's confusables.txt, 16.0).
_LATIN = str.maketrans("асԁеһіјкмоорԛѕтухѵԝᴠαβγικνορτυχ", "acdehijkmoopqstuxvwvabyiknoptux")


def _in_latin(name: str) -> str:
    """A name in small letters, those of other forms and scripts by their looks; logins are Latin."""
    return unicodedata.normalize("NFKC", name).casefold().translate(_LATIN)


def _logins(author: str) -> Iterator[str]:
    """What an author's name may be read as: itself, without what stands behind it, and logins that it mentions."""
    yield author.strip().removeprefix("@")
    yield re.split(r"[(<\[,]", author, maxsplit=1)[0].strip().removeprefix("@")
    for match in _LOGIN.finditer(author):
        yield match[match.lastindex or 0]


def contradictions(subject: ChangeSet, actor: Actor, line: LineState) -> Iterator[Problem]:
    """Added owners whose login or id is known here as another's; strangers may be added."""
    old = (*line.owners_before.owners, *line.owners_before.collaborators)
    new = (*line.owners_after.owners, *line.owners_after.collaborators)
    if set(new) - set(old):
        for problem in strangers(subject, actor, line, only_clashes=True):
            key, at = problem.route
            people = (
                line.owners_after.owners if key == "owners" else line.owners_after.collaborators
            )
            if people[int(at)] not in old:
                yield problem


def strangers(
    subject: ChangeSet, actor: Actor, line: LineState, *, only_clashes: bool = False
) -> Iterator[Problem]:
    """A login with another account's id is refused; a pair that the base doesn't know waits for a maintainer."""
    owners = line.owners_after
    named = [("owners", at, person) for at, person in enumerate(owners.owners)]
    named += [("collaborators", at, person) for at, person in enumerate(owners.collaborators)]
    others = [entry for entry in named if not _is_actor(entry[2], actor)]
    known = subject.people() if others else frozenset[OwnerAccount]()
    pairs = {(person.login.casefold(), person.id) for person in known}
    for key, at, person in others:
        login = person.login.casefold()
        if (login, person.id) in pairs:
            continue
        clash = _clash(person, actor, known)
        if only_clashes and not clash:
            continue
        severity = Severity.HOLD
        words = clash or f"nothing here tells that {person.login} has the id {person.id}"
        if clash and actor.login and (person.id == actor.id or login == actor.login.casefold()):
            severity = Severity.ERROR
        help_ = (
            "name people by their own login and numeric id; a maintainer decides about strangers"
        )
        yield Problem((key, at), words, help_, severity)


def _is_actor(person: OwnerAccount, actor: Actor) -> bool:
    same_login = not actor.login or person.login.casefold() == actor.login.casefold()
    return person.id == actor.id and same_login


def _clash(person: OwnerAccount, actor: Actor, known: frozenset[OwnerAccount]) -> str:
    """How the pair contradicts one that is known, whose of who asks first."""
    asks = [OwnerAccount(actor.login, actor.id)] if actor.login else []
    for other in (*asks, *sorted(known, key=lambda other: (other.id, other.login))):
        if other.id == person.id and other.login.casefold() != person.login.casefold():
            return f"the id {person.id} is {other.login}'s, and this file calls it {person.login}"
        if other.login.casefold() == person.login.casefold() and other.id != person.id:
            return f"{person.login} has the id {other.id}, and this file says {person.id}"
    return ""
