"""Sign in and out. Passwords as argon2 hashes, tokens as hashes, a pause after repeated failures."""

import hashlib
import secrets
from datetime import datetime, timedelta

from pwdlib import PasswordHash
from sqlalchemy import delete
from sqlalchemy.orm import Session

from pluis.store.people import Account, SignIn, by_username

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=10)
IDLE_END = timedelta(hours=8)
ABSOLUTE_END = timedelta(hours=24)
SEEN_EVERY = timedelta(minutes=1)

_hasher = PasswordHash.recommended()
# Checked when there is no such account, so that an unknown name takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_hex(8))


class WrongPassword(Exception):
    """The name or the password is not right; which of the two is not said."""


class LockedOut(Exception):
    """Too many failures; `until` says when it can be tried again."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def check_password(session: Session, username: str, password: str, now: datetime) -> Account:
    """The account that this name and password belong to. Failures are counted, so commit also when this raises.

    Raises WrongPassword or LockedOut.
    """
    account = by_username(session, username)
    if account is not None and account.locked_until is not None and account.locked_until > now:
        raise LockedOut(account.locked_until)
    if not _fits(password, account) or account is None:
        if account is not None:
            account.failures += 1
            if account.failures >= MOST_FAILURES:
                account.failures, account.locked_until = 0, now + LOCKED_FOR
                raise LockedOut(account.locked_until)
        raise WrongPassword
    if not account.active:
        raise WrongPassword
    account.failures, account.locked_until = 0, None
    return account


def start(session: Session, account: Account, now: datetime) -> str:
    """A new sign-in; the token is given out once and only its hash is kept."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(SignIn).where(SignIn.account_id == account.id, SignIn.expires_at <= now))
    session.add(
        SignIn(
            token_hash=_hash(token),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE_END,
        )
    )
    return token


def find(session: Session, token: str, now: datetime) -> SignIn | None:
    """The sign-in of a token, if it is still good."""
    row = session.get(SignIn, _hash(token))
    if row is None or row.expires_at <= now or row.seen_at + IDLE_END <= now or not row.account.active:
        return None
    return row


def end(session: Session, token: str) -> None:
    session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def end_all(session: Session, account_id: int) -> None:
    """Sign somebody out everywhere."""
    session.execute(delete(SignIn).where(SignIn.account_id == account_id))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _fits(password: str, account: Account | None) -> bool:
    stored = account.password_hash if account is not None and account.password_hash.startswith("$") else _NOBODY
    return _hasher.verify(password, stored) and account is not None
