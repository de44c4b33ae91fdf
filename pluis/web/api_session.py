"""Sign in for programs."""

from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from pluis.access import signing_in
from pluis.runtime import Runtime
from pluis.store.people import Account
from pluis.web.problems import Problem
from pluis.web.who import CurrentAccount, CurrentRuntime, now, token_of

router = APIRouter(prefix="/api/session", tags=["session"])


class Credentials(BaseModel):
    username: str = Field(max_length=60)
    password: str = Field(max_length=200)
    otp: str | None = Field(default=None, max_length=12)


class User(BaseModel):
    name: str
    role: str
    language: str


class Session(BaseModel):
    token: str
    user: User


def sign_in(runtime: Runtime, username: str, password: str, moment: datetime) -> tuple[str, Account]:
    """A new sign-in. Raises Problem 401 or 429; failures are kept all the same."""
    problem: Problem | None = None
    with runtime.store.transaction() as session:
        try:
            account = signing_in.check_password(session, username, password, moment)
            return signing_in.start(session, account, moment), account
        except signing_in.WrongPassword:
            problem = Problem(401, "wrong_password")
        except signing_in.LockedOut as locked:
            zone = ZoneInfo(runtime.protocol.ladders.working_hours.timezone)
            problem = Problem(429, "locked_out", when=locked.until.astimezone(zone).strftime("%H:%M"))
    raise problem


@router.post("", summary="Sign in")
def create(credentials: Credentials, runtime: CurrentRuntime) -> Session:
    token, account = sign_in(runtime, credentials.username, credentials.password, now())
    return Session(token=token, user=User(name=account.name, role=account.role, language=account.language))


@router.get("", summary="Who is signed in")
def who(account: CurrentAccount) -> User:
    return User(name=account.name, role=account.role, language=account.language)


@router.delete("", status_code=204, summary="Sign out")
def remove(request: Request, account: CurrentAccount, runtime: CurrentRuntime) -> Response:
    with runtime.store.transaction() as session:
        signing_in.end(session, token_of(request) or "")
    return Response(status_code=204)
