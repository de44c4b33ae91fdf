"""Signing in: passwords, lock-out after repeated failures, sessions that end."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from pluis.access import signing_in
from pluis.access.passwords import hash_password
from pluis.access.signing_in import LockedOut, WrongPassword
from pluis.store import Store
from pluis.store.people import Account, SignIn
from tests.support.databases import NOW
from tests.support.families import account


def attempt(store: Store, password: str, after: timedelta = timedelta(0), name: str = "counselor") -> str:
    """Try to sign in; returns what came of it. Failures are kept as the web process keeps them."""
    tried = signing_in.try_password(store, name, password, NOW + after)
    with store.transaction() as session:
        try:
            return signing_in.check_password(session, tried, NOW + after).username
        except (WrongPassword, LockedOut) as error:
            return type(error).__name__


def test_the_right_password(store: Store) -> None:
    assert attempt(store, "demo-counselor") == "counselor"
    assert attempt(store, "demo-counselor", name="  Counselor ") == "counselor"


def test_a_wrong_password_and_an_unknown_name_look_alike(store: Store) -> None:
    assert attempt(store, "wrong") == attempt(store, "wrong", name="nobody") == "WrongPassword"


def test_five_failures_close_the_account_for_ten_minutes(store: Store) -> None:
    said = [attempt(store, "wrong") for _ in range(5)]

    assert said == ["WrongPassword"] * 4 + ["LockedOut"]
    assert attempt(store, "demo-counselor") == "LockedOut"
    assert attempt(store, "demo-counselor", timedelta(minutes=9, seconds=59)) == "LockedOut"
    assert attempt(store, "demo-counselor", timedelta(minutes=10)) == "counselor"


def test_a_password_is_compared_while_somebody_else_writes(store: Store) -> None:
    """It takes long, and whoever says something meanwhile must not wait for it."""
    with store.transaction() as session, ThreadPoolExecutor(1) as other:
        account(session, "supervisor").failures = 1
        session.flush()
        tried = other.submit(signing_in.try_password, store, "counselor", "demo-counselor", NOW).result(timeout=8)

    with store.transaction() as session:
        assert signing_in.check_password(session, tried, NOW).username == "counselor"


def test_a_password_that_was_changed_meanwhile_opens_nothing(store: Store) -> None:
    tried = signing_in.try_password(store, "counselor", "demo-counselor", NOW)
    with store.transaction() as session:
        account(session, "counselor").password_hash = hash_password("another sentence")

    with store.transaction() as session, pytest.raises(WrongPassword):
        signing_in.check_password(session, tried, NOW)


def test_of_many_guesses_at_once_only_five_are_heard(store: Store) -> None:
    guesses = [signing_in.try_password(store, "counselor", "wrong", NOW) for _ in range(5)]
    right = signing_in.try_password(store, "counselor", "demo-counselor", NOW)
    for guess in guesses:
        with store.transaction() as session, suppress(WrongPassword, LockedOut):
            signing_in.check_password(session, guess, NOW)

    with store.transaction() as session, pytest.raises(LockedOut):
        signing_in.check_password(session, right, NOW)


def test_a_success_forgets_earlier_failures(store: Store) -> None:
    for _ in range(2):
        for _ in range(4):
            assert attempt(store, "wrong") == "WrongPassword"
        assert attempt(store, "demo-counselor") == "counselor"


def test_somebody_who_left_cannot_sign_in(store: Store) -> None:
    with store.transaction() as session:
        account(session, "counselor").active = False

    assert attempt(store, "demo-counselor") == "WrongPassword"


def test_an_account_that_no_password_opens(store: Store) -> None:
    with store.transaction() as session:
        session.add(Account(username="probe", name="Pluis", role="probe", password_hash="!", active=False))

    assert attempt(store, "!", name="probe") == "WrongPassword"


def begin(store: Store) -> str:
    """A token of the counselor."""
    with store.transaction() as session:
        return signing_in.start(session, account(session, "counselor"), NOW)


def good(store: Store, token: str, after: timedelta) -> bool:
    """Whether the token is still good so much later."""
    with store.reading() as session:
        return signing_in.find(session, token, NOW + after) is not None


def test_only_a_hash_of_the_token_is_kept(store: Store) -> None:
    token = begin(store)

    with store.reading() as session:
        rows = session.scalars(select(SignIn)).all()
        assert [row.account.username for row in rows] == ["counselor"]
        assert token not in rows[0].token_hash


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(0), True),
        (timedelta(hours=7, minutes=59), True),
        (timedelta(hours=8), False),
        (timedelta(days=2), False),
    ],
)
def test_a_session_ends_after_eight_quiet_hours(store: Store, after: timedelta, expected: bool) -> None:
    assert good(store, begin(store), after) is expected


def test_a_session_ends_after_a_day_however_busy(store: Store) -> None:
    token = begin(store)
    with store.transaction() as session:
        session.scalars(select(SignIn)).one().seen_at = NOW + timedelta(hours=23, minutes=59)

    assert good(store, token, timedelta(hours=23, minutes=59))
    assert not good(store, token, timedelta(hours=24))


def test_signing_out_ends_this_session_and_no_other(store: Store) -> None:
    first, second = begin(store), begin(store)
    with store.transaction() as session:
        signing_in.end(session, first)

    assert not good(store, first, timedelta(0))
    assert good(store, second, timedelta(0))
    assert not good(store, "nonsense", timedelta(0))


def test_an_account_that_is_closed_ends_its_sessions(store: Store) -> None:
    token = begin(store)
    with store.transaction() as session:
        account(session, "counselor").active = False

    assert not good(store, token, timedelta(0))


def test_passwords_are_hashed_with_argon2(store: Store) -> None:
    with store.reading() as session:
        hashes = session.scalars(select(Account.password_hash)).all()

    assert all(value.startswith("$argon2") for value in hashes)
    assert len(set(hashes)) == len(hashes)
