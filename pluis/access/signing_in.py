"""Sign in and out. Tokens are kept as hashes; a pause follows repeated failures, of an account and of an address."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pluis.access import second_factor, slowing
from pluis.access.passwords import fits
from pluis.access.trail import Touched, touch
from pluis.store import Store
from pluis.store.access import FailedAddress
from pluis.store.people import Account, SignIn, by_username, sign_in

IDLE_END = timedelta(hours=8)
ABSOLUTE_END = timedelta(hours=24)
HALF_END = timedelta(minutes=10)
"""How long somebody whose password was right may take for the second factor."""
SEEN_EVERY = timedelta(minutes=1)


class WrongPassword(Exception):
    """The name or the password is not right; which of the two is not said."""


class LockedOut(Exception):
    """Too many failures; `until` says when it can be tried again. `whole`: the address, not just this account."""

    def __init__(self, until: datetime, whole: bool = False) -> None:
        self.until, self.whole = until, whole
        super().__init__(until)


@dataclass(frozen=True)
class Tried:
    """A password that was compared with what is kept of the right one, for the account of this name."""

    username: str
    kept: str | None
    fits: bool


def try_password(store: Store, username: str, password: str, now: datetime, address: str = "") -> Tried:
    """Compare a password: a third of a second of work, so no transaction may be open, for all who write would wait.

    It is not compared where `check_password` refuses whatever comes out.
    """
    with store.reading() as session:
        account = by_username(session, username)
        kept = account.password_hash if account else None
        try:
            _refuse_address(session, address, now)
            if account is not None:
                _refuse_locked(account, now)
        except LockedOut:
            return Tried(username, kept, False)
    return Tried(username, kept, fits(password, kept))


def check_password(session: Session, tried: Tried, now: datetime, address: str = "") -> Account:
    """The account that this name and password belong to. Failures are counted, so commit also when this raises.

    Raises WrongPassword or LockedOut.
    """
    _refuse_address(session, address, now)
    account = by_username(session, tried.username)
    if account is not None:
        _refuse_locked(account, now)
    # Another password since then: what was compared says nothing any more.
    if account is None or not tried.fits or account.password_hash != tried.kept:
        _failed(session, account, address, now)
        raise WrongPassword
    if not account.active:
        raise WrongPassword
    if not second_factor.has(session, account.id):
        account.failures, account.locked_until = 0, None
    return account


def check_code(session: Session, account: Account, code: str, now: datetime, address: str = "") -> None:
    """A code of the second factor, counted like passwords. Raises WrongCode or LockedOut; commit also then."""
    _refuse_address(session, address, now)
    _refuse_locked(account, now)
    try:
        second_factor.check(session, account, code, now)
    except second_factor.WrongCode:
        _failed(session, account, address, now)
        raise
    account.failures, account.locked_until = 0, None


def start(
    session: Session, account: Account, now: datetime, *, device: str = "", address: str = "", complete: bool = True
) -> str:
    """A new sign-in; the token is given out once and only its hash is kept.

    One that is not `complete` opens nothing but the page of the second factor, and not for long.
    """
    token = secrets.token_urlsafe(32)
    touch(Touched("sign_in", str(account.id), ground="own", by_id=account.id))
    session.execute(delete(SignIn).where(SignIn.account_id == account.id, SignIn.expires_at <= now))
    session.add(
        SignIn(
            token_hash=_hash(token), account_id=account.id, created_at=now, seen_at=now,
            expires_at=now + (ABSOLUTE_END if complete else HALF_END),
            device=device[:40], address=address[:45], complete=complete,
        )
    )  # fmt: skip
    return token


def find(session: Session, token: str, now: datetime, *, half: bool = False) -> SignIn | None:
    """The sign-in of a token, if it is still good; one that still lacks its second factor only if `half`."""
    row = sign_in(session, _hash(token))
    if row is None or not good(row, now) or not row.account.active:
        return None
    return row if row.complete or half else None


def good(row: SignIn, now: datetime) -> bool:
    """Whether a sign-in has come neither to its absolute end nor to that of a long silence."""
    return row.expires_at > now and row.seen_at + IDLE_END > now


def end(session: Session, token: str) -> None:
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def end_all(session: Session, account_id: int, but: str | None = None) -> None:
    """Sign somebody out everywhere, but for the sign-in with this token."""
    query = delete(SignIn).where(SignIn.account_id == account_id)
    session.execute(query if but is None else query.where(SignIn.token_hash != _hash(but)))


def end_one(session: Session, account_id: int, number: str) -> None:
    """End one of somebody's own sign-ins, by the number that `number_of` gives it."""
    for row in session.scalars(select(SignIn).where(SignIn.account_id == account_id)):
        if number_of(row) == number:
            session.delete(row)


def number_of(row: SignIn) -> str:
    """What names a sign-in on a page: neither its token nor what is kept of that."""
    return _hash(row.token_hash)[:16]


def is_of(row: SignIn, token: str) -> bool:
    """Whether this is the sign-in of this token."""
    return row.token_hash == _hash(token)


def _refuse_locked(account: Account, now: datetime) -> None:
    if account.locked_until is not None and account.locked_until > now:
        raise LockedOut(account.locked_until)


def _refuse_address(session: Session, address: str, now: datetime) -> None:
    known = session.get(FailedAddress, address) if slowing.counts(address) else None
    if known is not None:
        until = known.last_at + slowing.pause_after(known.failures)
        if until > now:
            raise LockedOut(until, whole=True)


def _failed(session: Session, account: Account | None, address: str, now: datetime) -> None:
    """Count a failure. Raises LockedOut when it closes the account."""
    touch(Touched("sign_in", str(account.id) if account else "", allowed=False, by_id=account.id if account else None))
    if slowing.counts(address):
        session.execute(delete(FailedAddress).where(FailedAddress.last_at <= now - slowing.FORGOTTEN_AFTER))
        known = session.get(FailedAddress, address)
        if known is None:
            session.add(FailedAddress(address=address, failures=1, last_at=now))
        else:
            known.failures, known.last_at = known.failures + 1, now
    if account is not None:
        account.failures += 1
        closed_for = slowing.lock_after(account.failures)
        if closed_for is not None:
            account.locked_until = now + closed_for
            raise LockedOut(account.locked_until)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
