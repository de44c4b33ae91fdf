"""Sign in for programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session as Session_

from pluis.access import second_factor, signing_in
from pluis.runtime import Runtime
from pluis.store.people import Account
from pluis.web.few import few
from pluis.web.logged import device_of
from pluis.web.problems import Problem
from pluis.web.who import COOKIE, CurrentAccount, CurrentRuntime, address_of, now, runtime_of, token_of

router = APIRouter(prefix="/api/session", tags=["session"])


class Credentials(BaseModel):
    username: str = Field(max_length=60)
    password: str = Field(max_length=200)
    otp: str | None = Field(default=None, max_length=24, description="Code of the second factor, or a recovery code")


class User(BaseModel):
    name: str
    role: str
    language: str


class Session(BaseModel):
    token: str
    user: User


@dataclass(frozen=True)
class Signed:
    """A sign-in: the token, whose it is, and what is still owed (`code`, `enrol` or nothing)."""

    token: str
    account: Account
    owes: str


def sign_in(request: Request, username: str, password: str, otp: str | None = None) -> Signed:
    """A new sign-in. Raises Problem 401 or 429; failures are kept all the same.

    Without the second factor that somebody set up, or has to set up, it opens nothing but the page for that.
    """
    runtime, moment = runtime_of(request), now()
    address = address_of(request)
    tried = signing_in.try_password(runtime.store, username, password, moment, address)
    with counted(runtime) as session:
        account = signing_in.check_password(session, tried, moment, address)
        owes = ""
        if second_factor.has(session, account.id):
            if otp:
                signing_in.check_code(session, account, otp, moment, address)
            else:
                owes = "code"
        elif second_factor.needed(account, runtime.settings.demo):
            owes = "enrol"
        token = begin(session, request, account, complete=not owes)
        return Signed(token, account, owes)


def begin(session: Session_, request: Request, account: Account, *, complete: bool = True) -> str:
    """A sign-in with a new number: the one that this browser had before, and others may know, ends."""
    signing_in.end(session, request.cookies.get(COOKIE, ""))
    device = device_of(request.headers.get("user-agent", ""))
    return signing_in.start(session, account, now(), device=device, address=address_of(request), complete=complete)


@contextmanager
def counted(runtime: Runtime) -> Iterator[Session_]:
    """A transaction in which somebody proves who they are: failures are counted, and become a Problem."""
    problem: Problem | None = None
    with runtime.store.transaction() as session:
        try:
            yield session
        except signing_in.WrongPassword:
            problem = Problem(401, "wrong_password")
        except second_factor.WrongCode:
            problem = Problem(401, "wrong_code")
        except signing_in.LockedOut as locked:
            zone = ZoneInfo(runtime.protocol.ladders.working_hours.timezone)
            when = locked.until.astimezone(zone).strftime("%H:%M")
            problem = Problem(429, "slow_down" if locked.whole else "locked_out", when=when)
    if problem is not None:
        raise problem


@router.post("", summary="Sign in")
@few
def create(credentials: Credentials, request: Request, runtime: CurrentRuntime) -> Session:
    signed = sign_in(request, credentials.username, credentials.password, credentials.otp)
    if signed.owes:
        with runtime.store.transaction() as session:
            signing_in.end(session, signed.token)
        raise Problem(401, "otp_needed" if signed.owes == "code" else "otp_not_set_up", extra={"otp": signed.owes})
    account = signed.account
    return Session(token=signed.token, user=User(name=account.name, role=account.role, language=account.language))


@router.get("", summary="Who is signed in")
def who(account: CurrentAccount) -> User:
    return User(name=account.name, role=account.role, language=account.language)


@router.delete("", status_code=204, summary="Sign out")
def remove(request: Request, account: CurrentAccount, runtime: CurrentRuntime) -> Response:
    with runtime.store.transaction() as session:
        signing_in.end(session, token_of(request) or "")
    return Response(status_code=204)
