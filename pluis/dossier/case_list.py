"""A list of families with their people, in and out. Reading the same list twice changes nothing the second time."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.orm import Session

from pluis.store import cases, lists
from pluis.store.base import Json
from pluis.store.cases import Case, Person
from pluis.store.people import Account, Team, by_username, team_by_name

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ListedPerson(_Strict):
    """As `pluis.store.cases.Person`. People of a family are told apart by their names."""

    name: Name
    kind: Literal["child", "adult"]
    relation: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    born_on: date | None = None
    speaks: bool = True
    lives_here: bool = True
    parent: bool = False
    authority: bool = False


class ListedFamily(_Strict):
    """`counselor` and `supervisor` are names to sign in with."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
    family: Name
    team: Name
    counselor: Name
    supervisor: Name
    started_on: date
    closed_on: date | None = None
    assessed_on: date | None = None
    one_parent_reason: Annotated[str, StringConstraints(max_length=200)] = ""
    people: Annotated[list[ListedPerson], Field(min_length=1)]


class CaseList(_Strict):
    format: Literal[1] = 1
    families: list[ListedFamily]


class WrongList(Exception):
    """`faults`: a sentence each, with the line, the entry, what is wrong and the cure."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class Places(Protocol):
    """Says where in the file an entry stands."""

    def of(self, *place: str | int) -> str: ...


def bring_in(session: Session, listed: CaseList, places: Places) -> Counter[str]:
    """Add the families that are new and change the others: `new`, `changed`, `same`, and `people_left`: how many people
    of these families are not in the list and stay as they are. Nobody is ever taken out, and what the list does not
    mention stays as it is.

    Raises WrongList for a team or a colleague that does not exist; then nothing may be committed.
    """
    known = cases.by_numbers(session, [one.number for one in listed.families])
    alike = {_alike(number): number for number in lists.numbers(session)}
    faults: list[str] = []
    counts: Counter[str] = Counter(new=0, changed=0, same=0, people_left=0)
    for place, one in enumerate(listed.families):
        case = known.get(one.number)
        wrong = list(_strangers(session, one, place, places))
        if case is None and _alike(one.number) in alike:
            wrong.append(
                f"{places.of('families', place, 'number')}: there is a family {alike[_alike(one.number)]} already. Write its "
                "number in the same way (in a spreadsheet: as text, so that zeros stay), or give this family another one."
            )
        faults += wrong
        if not wrong:
            before = _listed(case) if case else None
            told = _merged(before, one) if before else one
            counts["new" if before is None else "changed" if _differs(before, told) else "same"] += 1
            counts["people_left"] += _write(session, case, told)
    if faults:
        raise WrongList(faults)
    session.flush()
    return counts


def _alike(number: str) -> str:
    """A spreadsheet takes zeros away from the beginning of a number, and people write letters large or small."""
    return number.casefold().lstrip("0")


def list_of(session: Session, closed: bool = False) -> Json:
    """All open families (and the closed ones too), in the form that `bring_in` reads."""
    families = [_listed(case) for case in cases.real_cases(session, closed)]
    return CaseList(families=families).model_dump(mode="json")


def _listed(case: Case) -> ListedFamily:
    return ListedFamily(
        number=case.number, family=case.family, team=case.team.name, counselor=case.counselor.username,
        supervisor=case.supervisor.username, started_on=case.started_on, closed_on=case.closed_on,
        assessed_on=case.assessed_on, one_parent_reason=case.one_parent_reason,
        people=[ListedPerson(**{name: getattr(person, name) for name in ListedPerson.model_fields})
                for person in case.people],
    )  # fmt: skip


def _merged(before: ListedFamily, one: ListedFamily) -> ListedFamily:
    """What the list says, over what Pluis knows."""
    known = {person.name: person for person in before.people}
    people = [
        known.get(person.name, person).model_copy(update=person.model_dump(exclude_unset=True)) for person in one.people
    ]
    told = one.model_dump(exclude_unset=True, exclude={"people"})
    if told.get("assessed_on") is None:
        told.pop("assessed_on", None)
    return before.model_copy(update={**told, "people": people})


def _differs(before: ListedFamily, told: ListedFamily) -> bool:
    known = {person.name: person for person in before.people}
    family = told.model_dump(exclude={"people"}) != before.model_dump(exclude={"people"})
    return family or any(known.get(person.name) != person for person in told.people)


def _write(session: Session, case: Case | None, one: ListedFamily) -> int:
    """Write one family; returns how many of its people are not in the list."""
    team, counselor, supervisor = _found(session, one)
    if case is None:
        case = Case(number=one.number)
        session.add(case)
    case.family, case.one_parent_reason = one.family, one.one_parent_reason
    case.team_id, case.counselor_id, case.supervisor_id = team.id, counselor.id, supervisor.id
    case.started_on, case.closed_on, case.assessed_on = one.started_on, one.closed_on, one.assessed_on
    session.flush()
    known = {person.name: person for person in cases.people_of(session, case.id)}
    for listed in one.people:
        person = known.pop(listed.name, None)
        if person is None:
            session.add(Person(case_id=case.id, **listed.model_dump()))
        else:
            for name, value in listed.model_dump().items():
                setattr(person, name, value)
    return len(known)


def _found(session: Session, one: ListedFamily) -> tuple[Team, Account, Account]:
    team, counselor = team_by_name(session, one.team), by_username(session, one.counselor)
    supervisor = by_username(session, one.supervisor)
    assert team is not None
    assert counselor is not None
    assert supervisor is not None
    return team, counselor, supervisor


def _strangers(session: Session, one: ListedFamily, place: int, places: Places) -> Iterator[str]:
    """Teams and colleagues that Pluis does not know."""

    def fault(field: str, what: str) -> str:
        return f"{places.of('families', place, field)}: family {one.number} > {field}: {what}"

    if team_by_name(session, one.team) is None:
        yield fault(
            "team", f"there is no team '{one.team}'. Correct the name, or make it with 'pluis user add --team'."
        )
    for role, username in (("counselor", one.counselor), ("supervisor", one.supervisor)):
        account = by_username(session, username)
        if account is None:
            yield fault(role, f"nobody signs in as '{username}'. Correct it, or add them with 'pluis user add'.")
        elif account.role != role or not account.active:
            yield fault(role, f"'{username}' is no {role} who can sign in. Name somebody who is.")


def doubles(listed: CaseList, places: Places) -> Iterator[str]:
    """Families and people that are in the list twice."""
    seen: dict[str, str] = {}
    for place, one in enumerate(listed.families):
        where = places.of("families", place, "number")
        if one.number in seen:
            yield f"{where}: family {one.number}: also stands on {seen[one.number]}. Take one of them out."
        seen.setdefault(one.number, where)
        names = [person.name for person in one.people]
        for name in sorted({name for name in names if names.count(name) > 1}):
            where = places.of("families", place, "people", len(names) - 1 - names[::-1].index(name), "name")
            yield f"{where}: family {one.number}: two people have the same name. Add a second name to one of them."


def said_of(problem: Any) -> str:
    """What is wrong with an entry, as pydantic found it, and the cure."""
    known: dict[str, tuple[str, str]] = {
        "missing": ("is missing.", "Add it."),
        "extra_forbidden": ("is not a known word here.", "Check its spelling or take it out."),
        "literal_error": ("has a value that is not possible.", f"Use {problem.get('ctx', {}).get('expected', '')}."),
        "string_too_short": ("is empty.", "Fill it in."),
        "string_too_long": ("is too long.", f"Use at most {problem.get('ctx', {}).get('max_length', '')} letters."),
        "too_short": ("is empty.", "Add at least one."),
        "string_type": ("has to be a text.", "Put it between quotes."),
    }
    dates = ("is no day.", "Write it as 2026-03-31.")
    what, cure = known.get(problem["type"], dates if "date" in problem["type"] else ("is not right.", "Correct it."))
    return f"{what} {cure}"
