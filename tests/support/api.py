"""A person who uses the JSON API of the running system."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import httpx

from pluis.web.texts import say
from tests.support.families import add_family
from tests.support.quiet import Message, answer, open_message
from tests.support.system import System

MOST_TURNS = 80


class Client:
    """Signed in as a demo account; `language` is that of the account."""

    def __init__(self, system: System, username: str = "counselor") -> None:
        self.system, self.username = system, username
        self.http = httpx.Client(base_url=system.url, timeout=30, trust_env=False)
        signed = self.http.post("/api/session", json={"username": username, "password": f"demo-{username}"})
        assert signed.status_code == 200, signed.text
        self.token = signed.json()["token"]
        self.language = str(signed.json()["user"]["language"])
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def get(self, path: str) -> Any:
        """What stands there, which must be readable."""
        got = self.http.get(path)
        assert got.status_code == 200, got.text
        return got.json()

    def family(self, children: int = 1, agreements: Sequence[tuple[str, bool]] = ()) -> int:
        """A new family of this counselor; returns the id of the case."""
        supervisor = {"counselor": "supervisor", "counselor2": "supervisor2"}[self.username]
        with self.system.store() as store, store.transaction() as session:
            case = add_family(
                session,
                datetime.now(UTC),
                children,
                counselor=self.username,
                supervisor=supervisor,
                agreements=agreements,
            )
            return case.id

    def begin(
        self, case: int | None = None, mode: str = "visit", language: str | None = None, children: int = 1
    ) -> Visit:
        """Begin a debrief, with a new family unless one is given."""
        case = self.family(children) if case is None else case
        language = language or self.language
        got = self.http.post("/api/debriefs", json={"case_id": case, "mode": mode, "language": language})
        assert got.status_code == 201, got.text
        return Visit(self, case, language, got.json())


class Visit:
    """One debrief over the API."""

    def __init__(self, client: Client, case: int, language: str, begun: dict[str, Any]) -> None:
        self.client, self.case, self.language = client, case, language
        self.id: str = begun["id"]
        self.reply = begun
        self.turns = 0

    @property
    def path(self) -> str:
        """Where messages go."""
        return f"/api/debriefs/{self.id}/messages"

    @property
    def question(self) -> Message:
        """The message that asks."""
        found = open_message(self.reply["messages"])
        assert found is not None, self.reply
        return found

    @property
    def key(self) -> str:
        """The key of the question that is open."""
        return str(self.question["key"])

    @property
    def texts(self) -> str:
        """All that the last reply says."""
        return "\n".join(message["text"] for message in self.reply["messages"])

    @property
    def kinds(self) -> list[str]:
        """The kinds of the messages of the last reply."""
        return [message["kind"] for message in self.reply["messages"]]

    def post(self, text: str, client_id: str | None = None, question: str | None = None) -> httpx.Response:
        """Send a message, whatever comes back."""
        body = {"text": text, "client_id": client_id or secrets.token_hex(8), "question": question}
        return self.client.http.post(self.path, json=body)

    def say(self, text: str, client_id: str | None = None) -> dict[str, Any]:
        """One turn that must succeed."""
        got = self.post(text, client_id)
        assert got.status_code == 200, got.text
        self.reply = got.json()
        self.turns += 1
        return self.reply

    def go_to(self, question: str, given: Mapping[str, str] | None = None) -> Message:
        """Answer as on a quiet visit until this question, or key, is open; returns its message."""
        for _ in range(MOST_TURNS):
            assert self.reply["state"] == "open", f"{question} was never asked"
            message = self.question
            if question in (message["key"], message["key"].partition("/")[0]):
                return message
            self.say(answer(message, self.language, given or {}))
        raise AssertionError(f"{question} was not reached")

    def finish_one(self, given: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Answer the open question as on a quiet visit."""
        return self.say(answer(self.question, self.language, given or {}))

    def finish(self, given: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Answer as on a quiet visit to the end."""
        for _ in range(MOST_TURNS):
            if self.reply["state"] != "open":
                return self.reply
            self.finish_one(given)
        raise AssertionError("not finished")

    def whole(self) -> dict[str, Any]:
        """Everything that was recorded, as the counselor may see it."""
        return dict(self.client.get(f"/api/debriefs/{self.id}"))

    def conversation(self) -> list[dict[str, Any]]:
        """The conversation as a reloaded page shows it."""
        return list(self.client.get(f"/api/debriefs/{self.id}/conversation")["messages"])

    def said(self) -> list[str]:
        """What the counselor said, as a reloaded page shows it."""
        return [message["text"] for message in self.conversation() if message["from"] == "you"]


def check_problem(got: httpx.Response, status: int, name: str, language: str) -> dict[str, Any]:
    """The answer must be a problem document with a plain sentence in this language; returns it."""
    assert got.status_code == status, got.text
    assert got.headers["content-type"] == "application/problem+json"
    problem = got.json()
    assert problem["status"] == status
    assert problem["type"].endswith(f"/{name}")
    template = say(name, language)
    assert problem["detail"].startswith(template.split("{")[0])
    assert problem["detail"].endswith((".", "?"))
    assert "{" not in problem["detail"]
    assert problem["title"]
    return dict(problem)
