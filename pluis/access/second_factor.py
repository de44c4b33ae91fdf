"""The second factor: a code that somebody's phone makes every half minute (TOTP, RFC 6238), and codes on paper.

A code works once: the half minute of the newest one that was used is kept, and neither it nor an older one works again.
"""

import hashlib
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete
from sqlalchemy.orm import Session

from pluis.access.rights import TABLE
from pluis.store import access
from pluis.store.access import RecoveryCode, SecondFactor
from pluis.store.people import Account

STEP = 30  # seconds
DRIFT = 1  # half minutes that a phone's clock may be off
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
# Whoever may read a case, and whoever makes accounts.
NEED_ONE = frozenset({role for (role, _relation), actions in TABLE.items() if "read_case" in actions} | {"admin"})


class WrongCode(Exception):
    """The code is wrong, too old, or was used before."""


def needed(account: Account, demo: bool) -> bool:
    """Whether this person cannot do without."""
    return not demo and account.role in NEED_ONE


def has(session: Session, account_id: int) -> bool:
    """Whether this person set one up."""
    found = session.get(SecondFactor, account_id)
    return found is not None and found.confirmed_at is not None


def begin(session: Session, account: Account, now: datetime) -> str:
    """The secret to put in the phone: a new one, or the one that was shown before and not confirmed yet."""
    found = session.get(SecondFactor, account.id)
    if found is None:
        found = SecondFactor(account_id=account.id, secret=pyotp.random_base32(), made_at=now)
        session.add(found)
    return found.secret


def address_of(secret: str, username: str) -> str:
    """What the QR code says to the phone."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=username, issuer_name="Pluis")


def confirm(session: Session, account: Account, code: str, now: datetime) -> list[str]:
    """The first code was right: from now on one is asked. Returns the recovery codes; they are never shown again.

    Raises WrongCode.
    """
    found = session.get(SecondFactor, account.id)
    if found is None or found.confirmed_at is not None or not _fits(session, found, code, now):
        raise WrongCode
    found.confirmed_at = now
    return new_codes(session, account)


def check(session: Session, account: Account, code: str, now: datetime) -> None:
    """A code from the phone, or a recovery code; either is used up by this. Raises WrongCode."""
    found = session.get(SecondFactor, account.id)
    if found is None or found.confirmed_at is None:
        raise WrongCode
    if not _fits(session, found, code, now) and not access.use_code(session, account.id, _hash(account.id, code), now):
        raise WrongCode


def new_codes(session: Session, account: Account) -> list[str]:
    """New recovery codes; the old ones no longer work."""
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4)) for _ in range(RECOVERY_CODES)
    ]
    access.replace_codes(session, account.id, [_hash(account.id, code) for code in codes])
    return codes


def reset(session: Session, account_id: int) -> None:
    """Forget somebody's second factor, for a lost phone."""
    session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))


def _fits(session: Session, found: SecondFactor, code: str, now: datetime) -> bool:
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return False
    totp, step = pyotp.TOTP(found.secret, interval=STEP), int(now.timestamp()) // STEP
    for one in range(step - DRIFT, step + DRIFT + 1):
        if secrets.compare_digest(totp.generate_otp(one), digits):
            session.flush()
            return access.use_step(session, found.account_id, one)
    return False


def _hash(account_id: int, code: str) -> str:
    """Of a recovery code: random enough (79 bits) for a plain hash."""
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(f"{account_id}:{letters}".encode()).hexdigest()
