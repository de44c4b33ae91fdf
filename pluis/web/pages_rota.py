"""The rota: who is on call when, who is away, who stands in, and what is missing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from pluis.access.rights import may_do
from pluis.escalation import coverage, planning, rota
from pluis.escalation.channels import Channels
from pluis.escalation.coverage import OUTSIDE, Plan, Trouble
from pluis.escalation.recipients import answers
from pluis.store import rota as stored
from pluis.store.people import Absence, Account, Team
from pluis.web.pages_shared import Form, Reader, Writer, day, go, page, zone_of
from pluis.web.problems import Problem, language_of
from pluis.web.texts import say
from pluis.web.who import CurrentRuntime, now, runtime_of

router = APIRouter(prefix="/rota")
SHOWN = timedelta(weeks=4)


@router.get("")
def rota_page(
    request: Request,
    account: Reader,
    runtime: CurrentRuntime,
    team: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> Response:
    with runtime.store.reading() as session:
        return _page(request, session, account, _team(session, account, team))


@router.post("/{team_id}/channels")
def choose_channels(request: Request, team_id: int, account: Writer, form: Form) -> Response:
    """How this person wants to be told of alerts that are not acute. What is not set up stays as it was: chosen."""
    set_up = Channels(runtime_of(request).settings)
    chosen = {str(one) for one in form.getlist("channels")} & {one for one in OUTSIDE if set_up.configured(one)}

    def act(session: Session, _team: Team) -> None:
        if chosen:
            chosen.update(one for one in OUTSIDE if not set_up.configured(one))
        planning.choose_channels(session.get_one(Account, account.id), chosen)

    return _change(request, account, team_id, {}, act)


@router.post("/{team_id}/on-call")
def put_on_call(request: Request, team_id: int, account: Writer, form: Form) -> Response:
    given = {name: str(form.get(name, "")) for name in ("who", "starts", "ends", "times", "every")}

    def act(session: Session, team: Team) -> None:
        times, every = (int(given[name]) if given[name].isdecimal() else 0 for name in ("times", "every"))
        planning.put_on_call(
            session, team.id, given["who"], given["starts"], given["ends"], zone_of(request), times, every
        )

    return _change(request, account, team_id, given, act)


@router.post("/{team_id}/on-call/{shift_id}/remove")
def take_off(request: Request, team_id: int, shift_id: int, account: Writer) -> Response:
    return _change(request, account, team_id, {}, lambda session, team: planning.take_off(session, team.id, shift_id))


@router.post("/{team_id}/away")
def send_away(request: Request, team_id: int, account: Writer, form: Form) -> Response:
    given = {name: str(form.get(name, "")) for name in ("away_who", "from", "back", "substitute")}

    def act(session: Session, _team: Team) -> None:
        if given["away_who"] not in {one.username for one in _may_send_away(session, account)}:
            raise planning.CannotPlan("away_who", "rota_who")
        planning.send_away(
            session, given["away_who"], given["from"], given["back"], given["substitute"], zone_of(request)
        )

    return _change(request, account, team_id, given, act)


@router.post("/{team_id}/away/{absence_id}/end")
def call_back(request: Request, team_id: int, absence_id: int, account: Writer) -> Response:
    def act(session: Session, _team: Team) -> None:
        absence = session.get(Absence, absence_id)
        if absence is not None:
            if absence.account_id not in {one.id for one in _may_send_away(session, account)}:
                raise Problem(403, "rota_not_yours")
            planning.call_back(session, absence, now())

    return _change(request, account, team_id, {}, act)


def _change(
    request: Request, account: Account, team_id: int, given: dict[str, str], act: Callable[[Session, Team], None]
) -> Response:
    """Change the rota and show it, or show what is wrong with what was filled in."""
    store = runtime_of(request).store
    try:
        with store.transaction() as session:
            act(session, _team(session, account, team_id))
    except planning.CannotPlan as refused:
        wrong = {refused.field: say(refused.why, language_of(request))}
        with store.reading() as session:
            return _page(request, session, account, _team(session, account, team_id), given, wrong)
    return go(f"/rota?team={team_id}")


def _team(session: Session, account: Account, team_id: int | None) -> Team:
    """The team whose rota this person keeps: a supervisor the own one, a manager each. Raises Problem."""
    teams = _teams(session, account)
    found = next((one for one in teams if team_id in (None, one.id)), None)
    if not may_do(account, "keep_rota") or found is None:
        raise Problem(403, "rota_not_yours")
    return found


def _teams(session: Session, account: Account) -> list[Team]:
    return [one for one in stored.teams(session) if account.role == "manager" or one.id == account.team_id]


def _may_send_away(session: Session, account: Account) -> list[Account]:
    """Whose leave this person may fill in: the own, and that of the own team; a manager everybody's."""
    everybody = [one for one in stored.accounts(session).values() if answers(one)]
    return [one for one in everybody if account.role == "manager" or one.id == account.id or _colleague(one, account)]


def _colleague(one: Account, account: Account) -> bool:
    return account.team_id is not None and one.team_id == account.team_id


def _page(
    request: Request,
    session: Session,
    account: Account,
    team: Team,
    given: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    runtime, moment, zone, language = runtime_of(request), now(), zone_of(request), language_of(request)
    hours = runtime.protocol.ladders.working_hours
    plan = coverage.plan(session, hours, team, moment, moment + SHOWN)
    found = coverage.troubles(session, hours, Channels(runtime.settings), team, moment)

    def when(value: datetime) -> str:
        local = value.astimezone(zone)
        return f"{day(local.date(), language, zone)} {local:%H:%M}"

    mine = _may_send_away(session, account)
    return page(
        request,
        "rota.html",
        422 if wrong else 200,
        team=team,
        teams=_teams(session, account),
        troubles=[sentence(one, language, when) for one in found],
        lines=_lines(plan, when),
        shifts=[
            {"id": one.id, "name": one.account.name, "starts": when(one.starts_at), "ends": when(one.ends_at)}
            for one in plan.shifts
        ],
        absences=_away(plan, {one.id for one in mine}, moment, when),
        channels=_channels(session.get_one(Account, account.id), Channels(runtime.settings)),
        answering=[one for one in plan.accounts.values() if answers(one)],
        may_send_away=mine,
        given=given or {},
        wrong=wrong or {},
        least=f"{moment.astimezone(zone):%Y-%m-%d}",
    )


def _channels(account: Account, channels: Channels) -> list[dict[str, Any]]:
    """The channels that are set up, and whether this person is told on them."""
    return [
        {
            "id": one,
            "wanted": account.channels is None or one in account.channels,
            "known": channels.address(one, account) is not None,
        }
        for one in OUTSIDE
        if channels.configured(one)
    ]


def sentence(trouble: Trouble, language: str, when: Callable[[datetime], str]) -> str:
    """What is missing, in words."""
    values = {name: when(value) if isinstance(value, datetime) else value for name, value in trouble.values.items()}
    return say(f"rota_trouble_{trouble.kind}", language, **values)


def _lines(plan: Plan, when: Callable[[datetime], str]) -> list[dict[str, Any]]:
    """Who is reached when; in working hours the supervisors are there, so that nobody on call is no gap then."""
    return [
        {
            "starts": when(run[0].starts),
            "ends": when(run[-1].ends),
            "people": plan.names(run[0].people),
            "instead_of": [name for name in plan.names(run[0].planned) if name not in plan.names(run[0].people)],
            "gap": any(one.gap for one in run),
        }
        for run in rota.runs(plan.stretches)
        if run[0].people or run[0].planned or any(one.gap for one in run)
    ]


def _away(plan: Plan, mine: set[int], moment: datetime, when: Callable[[datetime], str]) -> list[dict[str, Any]]:
    """Who of this team, of its rota or of no team is away, and who stands in."""
    near = {one.account_id for one in plan.shifts} | {
        one.id for one in plan.accounts.values() if one.team_id in (plan.team.id, None) and answers(one)
    }
    rows = []
    for one in plan.absences:
        if one.account_id in near:
            instead = plan.instead_of(one, max(one.starts_at, moment))
            rows.append(
                {
                    "id": one.id,
                    "name": plan.accounts[one.account_id].name,
                    "starts": when(one.starts_at),
                    "ends": when(one.ends_at),
                    "instead": instead.name if instead else "",
                    "mine": one.account_id in mine,
                    "begun": one.starts_at <= moment,
                }
            )
    return rows
