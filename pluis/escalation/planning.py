"""Plan who is on call and who is away. Whoever plans is an active supervisor or manager; pages ask for the rights."""

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.escalation.coverage import OUTSIDE
from pluis.escalation.recipients import answers
from pluis.store.people import Absence, Account, OnCall, by_username

FIRST_YEAR, LAST_YEAR = 2020, 2100
MOST_TIMES = 53
LONGEST = timedelta(days=31)
LONGEST_AWAY = timedelta(days=366)


class CannotPlan(Exception):
    """The plan is refused; `why` is the id of a plain sentence, `field` where the fault is."""

    def __init__(self, field: str, why: str) -> None:
        self.field, self.why = field, why
        super().__init__(why)


def put_on_call(
    session: Session,
    team_id: int,
    username: str,
    starts: str,
    ends: str,
    zone: ZoneInfo,
    times: int = 1,
    every: int = 1,
) -> int:
    """Put somebody on the rota of a team, `times` times, `every` so many weeks, at the same time of day.

    Moments as 2026-12-24T18:00, in local time. A shift that is there already is not put there twice. Returns how many
    were. Raises CannotPlan.
    """
    account = _account(session, username, "who")
    begins, until = _moment(starts, zone, "starts"), _moment(ends, zone, "ends")
    if until <= begins:
        raise CannotPlan("ends", "rota_ends_before")
    if until - begins > LONGEST:
        raise CannotPlan("ends", "rota_too_long")
    if not 1 <= times <= MOST_TIMES or not 1 <= every <= MOST_TIMES:
        raise CannotPlan("times", "rota_times")
    there = select(OnCall.starts_at, OnCall.ends_at).where(OnCall.team_id == team_id, OnCall.account_id == account.id)
    known = {(row[0], row[1]) for row in session.execute(there)}
    # Weeks are counted in local time: six o'clock stays six o'clock when the clock is changed.
    shifts = [(begins + timedelta(weeks=every * n), until + timedelta(weeks=every * n)) for n in range(times)]
    new = [(start, end) for start, end in shifts if (start, end) not in known]
    session.add_all(OnCall(team_id=team_id, account_id=account.id, starts_at=start, ends_at=end) for start, end in new)
    return len(new)


def take_off(session: Session, team_id: int, shift_id: int) -> None:
    """Take a shift off the rota of this team; one that is gone already is gone."""
    shift = session.get(OnCall, shift_id)
    if shift is not None and shift.team_id == team_id:
        session.delete(shift)


def send_away(
    session: Session, username: str, starts: str, ends: str, substitute: str, zone: ZoneInfo
) -> tuple[Account, Account | None]:
    """Record that somebody is away from `starts` until `ends` (2026-12-24, or with T18:00), and who stands in.

    Raises CannotPlan.
    """
    account = _account(session, username, "away_who")
    begins, until = _moment(starts, zone, "from"), _moment(ends, zone, "back")
    other = _account(session, substitute, "substitute") if substitute else None
    if until <= begins:
        raise CannotPlan("back", "rota_ends_before")
    if until - begins > LONGEST_AWAY:
        raise CannotPlan("back", "rota_too_long")
    if other is not None and other.id == account.id:
        raise CannotPlan("substitute", "rota_own_substitute")
    same = select(Absence.id).where(
        Absence.account_id == account.id,
        Absence.starts_at == begins,
        Absence.ends_at == until,
        Absence.substitute_id == (other.id if other else None),
    )
    if session.scalar(same) is None:
        instead = other.id if other else None
        session.add(Absence(account_id=account.id, substitute_id=instead, starts_at=begins, ends_at=until))
    return account, other


def call_back(session: Session, absence: Absence, now: datetime) -> None:
    """End an absence now; one that has not begun is taken out."""
    if absence.starts_at >= now:
        session.delete(absence)
    else:
        absence.ends_at = min(absence.ends_at, now)


def choose_channels(account: Account, chosen: Collection[str]) -> None:
    """On which channels somebody wants to be told, besides the console. Raises CannotPlan: one of them has to stay.

    An acute alert uses every channel, whatever stands here.
    """
    wanted = [channel for channel in OUTSIDE if channel in chosen]
    if not wanted:
        raise CannotPlan("channels", "rota_channels_none")
    account.channels = None if len(wanted) == len(OUTSIDE) else ["console", *wanted]


def _account(session: Session, username: str, field: str) -> Account:
    account = by_username(session, username)
    if account is None or not answers(account):
        raise CannotPlan(field, "rota_who")
    return account


def _moment(text: str, zone: ZoneInfo, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CannotPlan(field, "rota_moment") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise CannotPlan(field, "rota_moment")
    return moment.replace(tzinfo=zone)
