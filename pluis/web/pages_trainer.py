"""For the trainer: ask people to practise, see what a group overlooks, let a team compare. Never for appraisal."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from pluis.access.rights import may_do
from pluis.store import board, training_group
from pluis.store.people import Account
from pluis.training import assigning, history
from pluis.training.blind_spots import FEWEST, blind_spots
from pluis.training.calibration import agreement
from pluis.training.library import Library
from pluis.training.outcome import Outcome
from pluis.web import training_progress, training_trainer
from pluis.web.pages_shared import Form, Reader, Writer, go, page
from pluis.web.problems import Problem
from pluis.web.training import vignettes
from pluis.web.who import CurrentRuntime, now

router = APIRouter(prefix="/trainer")
Chosen = Annotated[int | None, Query(ge=1, lt=2**31)]


def trainer(account: Reader) -> Account:
    """Raises Problem for whoever is no trainer."""
    if not may_do(account, "train"):
        raise Problem(403, "trainer_not_you")
    return account


Trainer = Annotated[Account, Depends(trainer)]


@dataclass(frozen=True)
class Group:
    """A team as its trainer sees it: everybody's name, and the practice of those who let the trainers see along."""

    id: int
    name: str
    teams: list[tuple[int, str]]
    people: list[Account]
    consenting: set[int]

    @property
    def seen(self) -> list[Account]:
        return [one for one in self.people if one.id in self.consenting]

    def outcomes(self, session: Session, library: Library, runtime: CurrentRuntime) -> dict[int, list[Outcome]]:
        return history.outcomes_of(session, library, runtime.protocol, [one.id for one in self.seen])


def group_of(session: Session, account: Account, team: int | None) -> Group:
    """The team that was chosen, else the first one. Raises Problem."""
    teams = board.teams(session, account.team_id)
    chosen = team if team in dict(teams) else teams[0][0] if teams and team is None else None
    if chosen is None:
        raise Problem(403, "trainer_no_team")
    people = [one for one in training_group.group(session, chosen) if one.id != account.id]
    consenting = training_group.consenting(session, [one.id for one in people])
    return Group(chosen, dict(teams)[chosen], teams, people, consenting)


@router.get("")
def trainer_page(request: Request, account: Trainer, runtime: CurrentRuntime, team: Chosen = None) -> Response:
    library = vignettes(runtime)
    with runtime.store.reading() as session:
        group = group_of(session, account, team)
        outcomes = group.outcomes(session, library, runtime)
        found = blind_spots(outcomes, training_trainer.marked(library))
        asked = training_group.assignments_of(session, [one.id for one in group.people])
        shown = training_trainer.assignments(asked, group.consenting, outcomes, library, account.language)
    return page(
        request, "trainer.html", group=group, fewest=FEWEST, asked=shown, practised=found.people,
        spots=training_trainer.spots(runtime.protocol, found, account.language),
        choices=[(one.id, one.title[account.language]) for one in library.values()],
    )  # fmt: skip


@router.post("/assignments")
def change_assignments(account: Writer, runtime: CurrentRuntime, form: Form) -> Response:
    """`vignette`, `people` (several), `until`; with `withdraw` it is taken back from everybody in the team."""
    trainer(account)
    vignette, team = str(form.get("vignette", "")), str(form.get("team", ""))
    if vignette not in vignettes(runtime) and "withdraw" not in form:
        raise Problem(404, "no_such_vignette")
    with runtime.store.transaction() as session:
        group = group_of(session, account, int(team) if team.isdecimal() and len(team) < 10 else None)
        own = {one.id for one in group.people}
        if "withdraw" in form:
            assigning.withdraw(session, vignette, own)
        else:
            people = [int(one) for one in form.getlist("people") if isinstance(one, str) and one.isdecimal()]
            chosen = [one for one in dict.fromkeys(people) if one in own]
            if not chosen:
                raise Problem(422, "trainer_nobody_chosen")
            until = _day(str(form.get("until", "")))
            assigning.assign(session, session.merge(account), chosen, vignette, until, now())
    return go(f"/trainer?team={group.id}#asked")


@router.get("/people/{account_id}")
def person(request: Request, account_id: int, account: Trainer, runtime: CurrentRuntime) -> Response:
    """The progress of somebody who lets the trainers see along; of nobody else."""
    library = vignettes(runtime)
    with runtime.store.reading() as session:
        found = session.get(Account, account_id)
        mine = found is not None and account.team_id in (None, found.team_id)
        if found is None or not mine or training_group.consent_of(session, account_id) is None:
            raise Problem(403, "trainer_no_consent")
        outcomes = history.outcomes_of(session, library, runtime.protocol, [account_id])[account_id]
        shown: dict[str, Any] = training_progress.shown(runtime, library, outcomes, account.language)
    return page(request, "trainer_person.html", person=found, progress=shown)


@router.get("/calibration")
def calibration(request: Request, account: Trainer, runtime: CurrentRuntime, team: Chosen = None) -> Response:
    library = vignettes(runtime)
    with runtime.store.reading() as session:
        group = group_of(session, account, team)
        found = agreement(group.outcomes(session, library, runtime))
    shown = training_trainer.agreed(runtime.protocol, library, found, account.language)
    return page(request, "trainer_calibration.html", group=group, agreed=shown, fewest=FEWEST)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise Problem(422, "wrong_field", field="until") from None
