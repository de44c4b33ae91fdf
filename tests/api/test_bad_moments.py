"""The right thing at the wrong moment: too late, twice, in two tabs, without being signed in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
from sqlalchemy import update

from pluis.access.passwords import hash_password
from pluis.access.signing_in import _hash
from pluis.protocol.read import Protocol
from pluis.store.people import Account, SignIn
from tests.support.api import Client, check_problem


def test_a_finished_debrief(person: Client) -> None:
    visit = person.begin(mode="short")
    while visit.question["key"] != "H1":
        visit.finish_one()
    last = visit.say("H1=none", client_id="the-last-one")
    assert last["state"] == "done"
    said = visit.said()

    check_problem(visit.post("nog iets"), 409, "finished", person.language)
    assert visit.said() == said
    # The last message again, after a lost connection, is no new message.
    assert visit.say("H1=none", client_id="the-last-one") == last


def test_an_expired_session_loses_nothing(counselor: Client) -> None:
    visit = counselor.begin()
    visit.go_to("C1")
    before = visit.said()
    with counselor.system.store() as store, store.transaction() as session:
        past = datetime.now(UTC) - timedelta(minutes=1)
        session.execute(update(SignIn).where(SignIn.token_hash == _hash(counselor.token)).values(expires_at=past))

    got = visit.post("Hij was vrolijk.", client_id="kept-by-the-browser")

    check_problem(got, 401, "sign_in_first", "nl")
    assert got.headers["www-authenticate"] == "Bearer"
    english = counselor.http.post(visit.path, json={"text": "x"}, headers={"Accept-Language": "en-GB"})
    check_problem(english, 401, "sign_in_first", "en")
    with Client(counselor.system, "counselor") as again:
        visit.client = again
        assert visit.said() == before
        visit.say("Hij was vrolijk.", client_id="kept-by-the-browser")
        assert visit.said() == [*before, "Hij was vrolijk."]


def test_no_token_and_a_wrong_one(counselor: Client) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic Zm9vOmJhcg=="}):
        got = httpx.get(f"{counselor.system.url}/api/cases", headers=headers, trust_env=False)
        check_problem(got, 401, "sign_in_first", "nl")


def test_two_tabs_answer_at_once(person: Client, protocol: Protocol) -> None:
    visit = person.begin()
    question = str(visit.go_to("C1")["key"])
    before = visit.said()
    texts = ["Hij was rustig en vrolijk.", "Hij speelde buiten met de buren."]

    with ThreadPoolExecutor(2) as tabs:
        replies = list(tabs.map(lambda text: visit.post(text, question=question), texts))

    assert [got.status_code for got in replies] == [200, 200]
    assert sorted(visit.said()) == sorted([*before, *texts])
    taken = [a for a in visit.whole()["answers"] if a["key"] == question]
    assert len(taken) == 1
    assert taken[0]["text"] in texts
    stale = protocol.say("stale_tab", person.language)
    other = replies[1 - texts.index(taken[0]["text"])].json()
    assert stale in [message["text"] for message in other["messages"]]
    open_now = {got.json()["messages"][-1]["key"] for got in replies}
    assert open_now == {visit.conversation()[-1]["key"]}


def test_the_same_message_sent_twice_at_once_is_one_turn(counselor: Client) -> None:
    visit = counselor.begin()
    visit.go_to("C1")
    before = visit.said()

    with ThreadPoolExecutor(4) as connections:
        replies = list(connections.map(lambda _: visit.post("Hij was vrolijk.", client_id="same"), range(4)))

    assert [got.status_code for got in replies] == [200] * 4
    assert len({got.text for got in replies}) == 1
    assert visit.said() == [*before, "Hij was vrolijk."]


def test_the_same_message_sent_later_once_more_is_one_turn(person: Client) -> None:
    visit = person.begin()
    first = visit.say("A1=no", client_id="once")

    assert visit.say("A1=no", client_id="once") == first
    assert len(visit.said()) == 1


def test_wrong_passwords_lock_an_account_for_a_while(counselor: Client) -> None:
    # A person of this test alone: other tests sign in as the demo accounts.
    with counselor.system.store() as store, store.transaction() as session:
        hashed = hash_password("right-password")
        session.add(Account(username="forgetful", name="Floor Demo", role="counselor", password_hash=hashed))

    def attempt(password: str) -> httpx.Response:
        body = {"username": "forgetful", "password": password}
        return httpx.post(f"{counselor.system.url}/api/session", json=body, trust_env=False)

    for _ in range(4):
        check_problem(attempt("wrong"), 401, "wrong_password", "nl")
    check_problem(attempt("wrong"), 429, "locked_out", "nl")
    check_problem(attempt("right-password"), 429, "locked_out", "nl")
