"""A word that nobody else uses is said wherever people say things; afterwards it stands nowhere in the open."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from pluis.backup.copying import back_up
from pluis.escalation.messages import Writer
from pluis.protocol.read import Protocol
from pluis.runtime import Runtime
from pluis.store import access_log
from pluis.store.cases import Case
from pluis.store.debriefs import Turn
from pluis.store.outgoing import Delivery, Reminder
from tests.support.api import Client
from tests.support.databases import settings_for
from tests.support.system import System

ACUTE = "Hij dreigde de kinderen iets aan te doen met een mes, {}."
CALM = "Ze speelden rustig met {} op de mat."


@pytest.fixture(scope="module")
def canary(system: System) -> str:
    """The word, after it was said in every place."""
    system.wait_until_ready()
    with Client(system, "counselor") as counselor, Client(system, "supervisor") as supervisor:
        return _said_everywhere(system, counselor, supervisor)


def _said_everywhere(system: System, counselor: Client, supervisor: Client) -> str:
    word = f"kanarie{secrets.token_hex(6)}"
    acute, calm = ACUTE.format(word), CALM.format(word)
    case = _family(counselor, word)
    _visit(counselor, supervisor, case, acute, calm)
    _practice(system, calm, acute)
    for said in (calm, acute):
        assert counselor.http.post("/api/chat", json={"text": said}).status_code == 200
    _mistakes(system, counselor, case, calm)
    return word


def _family(counselor: Client, word: str) -> int:
    """A family of this name."""
    case = counselor.family(agreements=[(f"Moeder belt {word}", True)])
    with counselor.system.store() as store, store.transaction() as session:
        row = session.get_one(Case, case)
        row.family, row.one_parent_reason = f"Familie {word}", f"Vader van {word} is niet bekend."
        for person in row.people:
            person.name = f"{person.name} {word}"
    return case


def _visit(counselor: Client, supervisor: Client, case: int, acute: str, calm: str) -> None:
    """An alarming visit with a wish to talk, that is decided on."""
    visit = counselor.begin(case)
    visit.say(acute)
    free = dict.fromkeys(("C1", "D1", "D2", "F3", "F4", "G2", "G3", "H1a", "B1a"), calm)
    visit.finish({**free, "confirm": "yes"})
    assert visit.reply["state"] == "done"
    for path in ("", "/conversation"):
        assert counselor.http.get(f"/api/debriefs/{visit.id}{path}").status_code == 200
    alert = next(one["id"] for one in supervisor.get("/api/escalations") if one["debrief_id"] == visit.id)
    supervisor.http.post(f"/api/escalations/{alert}/acknowledge", json={})
    decided = supervisor.http.post(
        f"/api/escalations/{alert}/decision",
        json={"level": "L3", "reason": calm, "action": "safety_plan", "tell_family": calm, "spoke": True,
              "check_on": datetime.now(UTC).date().isoformat()},
    )  # fmt: skip
    assert decided.status_code == 200, decided.text
    supervisor.http.post(f"/api/escalations/{alert}/check", json={"note": calm})
    for kind in ("pdf", "json"):
        assert counselor.http.get(f"/api/cases/{case}/dossier.{kind}").status_code == 200


def _practice(system: System, calm: str, acute: str) -> None:
    """A made-up visit and some of its debrief."""
    with Client(system, "trainee") as trainee:
        listed = trainee.get("/api/training/vignettes")[0]["id"]
        scene = trainee.http.post(f"/api/training/vignettes/{listed}").json()
        asked = trainee.http.post(
            f"/api/training/visits/{scene['id']}/ask", json={"who": scene["ask"][0]["who"], "text": calm}
        )
        assert asked.status_code == 200, asked.text
        begun = trainee.http.post("/api/debriefs", json={"mode": "training", "vignette_id": listed}).json()
        for said in (calm, acute):
            assert trainee.http.post(f"/api/debriefs/{begun['id']}/messages", json={"text": said}).status_code == 200


def _mistakes(system: System, counselor: Client, case: int, calm: str) -> None:
    """What goes wrong is written down somewhere; not what was said then."""
    http = counselor.http
    for body in (f'{{"text": "{calm}', f'["{calm}"]', f'{{"text": 7, "{calm}": 1}}'):
        http.post("/api/chat", content=body, headers={"Content-Type": "application/json"})
    http.post("/api/chat", json={"text": calm * 400})
    http.post("/api/session", json={"username": calm, "password": calm})
    http.post("/sign-in", data={"username": calm, "password": calm})
    http.get("/cases/0", headers={"User-Agent": calm, "Referer": f"http://localhost/{calm}"})
    visit = counselor.begin(case)
    system.kill("actions")
    assert visit.post(calm).status_code in (200, 502, 503)
    system.wait_until_ready()


@pytest.fixture
def places(system: System, protocol: Protocol, canary: str, tmp_path: Path) -> dict[str, bytes]:
    """Everything that somebody without a key can get hold of, by name."""
    found = {str(path.relative_to(system.home)): path.read_bytes() for path in system.home.rglob("*") if path.is_file()}
    for path in ("/metrics", "/healthz"):
        found[path] = httpx.get(f"{system.url}{path}", trust_env=False).content
    for name in ("web", "bot", "actions", "courier"):
        process = psutil.Process(system.pid(name))
        found[f"command line of {name}"] = repr((process.cmdline(), process.environ())).encode()
        for number in Path(f"/proc/{process.pid}/fd").iterdir():
            path = number.resolve()
            if path.is_file() and not path.is_relative_to("/proc") and path.stat().st_size < 50_000_000:
                found[f"{name} has open: {path}"] = path.read_bytes()
    with system.store() as store:
        runtime = Runtime(settings_for(system.database_url, system.home), store, protocol)
        writer = Writer(runtime)
        with store.reading() as session:
            assert session.query(Turn).filter(Turn.text.is_not(None)).count() > 10
            for row in (*session.query(Delivery), *session.query(Reminder)):
                found[f"message {row.key}"] = repr(writer(session, row)).encode()
            found["access log"] = repr([vars(line) for line in access_log.in_order(session)]).encode()
        back_up(store, tmp_path / "backup", datetime.now(UTC))
        found["backup"] = (tmp_path / "backup").read_bytes()
    return found


def test_the_canary_is_found_nowhere(canary: str, places: dict[str, bytes]) -> None:
    assert {"pluis.db", "pluis.db-wal", "/metrics", "backup"} <= set(places)
    assert any(name.endswith(".log") for name in places)
    assert any(name.startswith("message e") for name in places)
    assert b"counselor" in places["pluis.db"] + places["pluis.db-wal"], "what is plain is found, so the search works"
    forms = [canary.encode(), canary.encode("utf-16-le"), canary.encode("utf-16-be")]

    leaks = [name for name, content in places.items() if any(form in content.lower() for form in forms)]

    assert leaks == []


def test_what_was_said_is_still_there_for_who_may_read_it(canary: str, counselor: Client, supervisor: Client) -> None:
    assert any(canary in case["family"] for case in counselor.get("/api/cases"))
    assert any(canary in str(one) for one in supervisor.get("/api/escalations?state=decided,closed"))
