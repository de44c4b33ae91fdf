"""Practice in a test: goes on a made-up visit, asks there, debriefs, looks back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import httpx

from pluis.runtime import Runtime
from pluis.settings import ROOT
from pluis.store.training import Practice
from pluis.training import again, library, practice
from pluis.training.feedback import Feedback, compare
from pluis.training.noted import noted
from pluis.training.vignette import Vignette, Visit
from pluis.web.app import create_app
from tests.support.databases import NOW
from tests.support.families import account
from tests.support.quiet import answer
from tests.support.talk import Talk


class Trainee(Talk):
    """A debrief about a made-up visit, without web and Rasa."""

    def __init__(
        self,
        runtime: Runtime,
        vignette: str,
        visit: int = 0,
        *,
        who: str = "trainee",
        language: str = "nl",
        asks: Sequence[tuple[str, str]] = (),
        now: datetime = NOW,
        again_of: tuple[str, str | None] | None = None,
    ) -> None:
        self.runtime, self.language, self.now, self.turns = runtime, language, now, 0
        self.vignette: Vignette = library.load(ROOT / "data", runtime.protocol)[vignette]
        self.visit: Visit = self.vignette.visits[visit]
        with runtime.store.transaction() as session:
            me = account(session, who)
            if again_of:
                old = session.get_one(Practice, again_of[0])
                attempt = again.again(session, runtime.protocol, self.vignette, old, me, again_of[1], now)
            else:
                attempt = practice.begin(session, self.vignette, visit, me, language, now)
            for person, question in asks:
                assert practice.ask(attempt, self.vignette, person, question) is not None
            debrief, self.reply = practice.debrief(session, runtime.protocol, self.vignette, attempt, me, now)
            self.practice, self.id, self.account_id = attempt.id, debrief.id, me.id
            self.people = {member: f"p{row}" for member, row in attempt.people.items()}

    def debriefs(self, given: Mapping[str, str] | None = None) -> Feedback:
        """Answer to the end; returns the feedback. Keys of `given` may name a member: `B1/son`."""
        told = {self._key(key): value for key, value in (given or {}).items()}
        for _ in range(120):
            if self.reply.state != "open":
                return self.feedback()
            self.say(self._each(answer(self.question, self.language, told), told))
        raise AssertionError("not finished")

    def feedback(self) -> Feedback:
        with self.runtime.store.reading() as session:
            attempt = session.get_one(Practice, self.practice)
            assert attempt.debrief is not None
            return compare(self.vignette, self.visit, noted(session, attempt, attempt.debrief))

    def row(self) -> Any:
        with self.runtime.store.reading() as session:
            return session.get_one(Practice, self.practice)

    def _key(self, key: str) -> str:
        head, _, member = key.partition("/")
        return f"{head}/{self.people.get(member, member)}" if member else head

    def _each(self, said: str, told: Mapping[str, str]) -> str:
        """At a question about several people at once: what is told of each, else what was about to be said."""
        message = self.question
        head, _, rest = str(message["key"]).partition("/")
        named = {key.partition("/")[2]: value for key, value in told.items() if key.startswith(f"{head}/")}
        if rest != "all" or not named or not said.startswith(f"{head}/all="):
            return said
        usual = said.partition("=")[2]
        pairs = [
            f"{item['id']}:{named.get(item['id'], usual).lstrip('=')}"
            for item in message["items"]
            if item["id"] != "stranger"
        ]
        return f"{head}/all={','.join(pairs)}"


class Client:
    """The web application in this process, without the assistant: enough to begin, to ask and to be refused."""

    def __init__(self, runtime: Runtime) -> None:
        self.transport = httpx.ASGITransport(create_app(runtime))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self._run("GET", path, more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self._run("POST", path, more)

    def _run(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        # In a thread of its own: the browser tests leave an event loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(self._send(method, path, more))).result()

    async def _send(self, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(transport=self.transport, base_url="http://pluis") as client:
            return await client.request(method, path, **more)


def sign_in(client: Client, username: str) -> dict[str, str]:
    token = client.post("/api/session", json={"username": username, "password": f"demo-{username}"}).json()["token"]
    return {"Authorization": f"Bearer {token}"}
