"""A real mail server for tests: it accepts, refuses, dawdles, hangs up in the middle of a message, or greylists."""

from __future__ import annotations

import argparse
import asyncio
import email
import email.policy
import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Mail:
    """One accepted message."""

    id: str
    to: str
    subject: str
    body: str
    at: float


@dataclass
class Mailbox:
    """`mood`: accept | refuse | slow | drop | drop_after | greylist. Used as a context manager."""

    mood: str = "accept"
    slow: float = 0.0
    port: int = 0
    out: Path | None = None
    mails: list[Mail] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Mailbox:
        self._controller = _Controller(self, self.port)
        self._controller.start()
        self.port = self._controller.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=pluis@example.org&to={{to}}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.attempts.append(address)
        if self.mood == "refuse":
            return "550 no such person here"
        if self.mood == "greylist" and address not in self._seen:
            self._seen.add(address)
            return "450 come back later"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.mood == "slow":
            await asyncio.sleep(self.slow)
        parsed = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        body = parsed.get_content()
        for to in envelope.rcpt_tos:
            self._keep(Mail(parsed["Message-ID"], to, parsed["Subject"], body, time.time()))
        if self.mood == "drop_after":
            server.transport.abort()
        return "250 taken"

    def _keep(self, mail: Mail) -> None:
        with self._lock:
            self.mails.append(mail)
            if self.out is not None:
                with self.out.open("a") as file:
                    file.write(json.dumps({"id": mail.id, "to": mail.to, "at": mail.at}) + "\n")
                    file.flush()
                    os.fsync(file.fileno())


class _Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.mood == "drop":
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def __init__(self, mailbox: Mailbox, port: int) -> None:
        super().__init__(mailbox, hostname="127.0.0.1", port=port)

    def factory(self) -> Any:
        return _Server(self.handler, hostname="mail.test", ident="test", loop=self.loop)

    def _trigger_server(self) -> None:
        """The base class would connect to port 0, which is not where the server ended up."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def main() -> None:
    """A mail server as a process of its own, which writes what it accepted to a file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    with Mailbox(port=given.port, out=given.out):
        threading.Event().wait()


if __name__ == "__main__":
    main()
