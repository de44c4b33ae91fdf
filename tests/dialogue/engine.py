"""The real engine as a process, and an action server that only writes down what it is asked."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import jwt

ROOT = Path(__file__).resolve().parents[2]
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
KEY = "a key of the tests, forty bytes or so long"
READY_SECONDS = 90.0


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Call:
    """One request to the action server."""

    action: str
    body: dict[str, Any]

    @property
    def intent(self) -> str | None:
        name = self.body["tracker"]["latest_message"]["intent"].get("name")
        return name if name is None else str(name)


@dataclass
class Recorder:
    """Speaks the action-server protocol. `reply` and `status` may be changed by a test."""

    port: int = field(default_factory=free_port)
    calls: list[Call] = field(default_factory=list)
    status: int = 200
    raw: bytes | None = None
    done: bool = False
    _server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                recorder.calls.append(Call(body["next_action"], body))
                answer = recorder.answer(body) if recorder.raw is None else recorder.raw
                self.send_response(recorder.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True
            open: ClassVar[set[socket.socket]] = set()

            def process_request_thread(self, request: Any, client_address: Any) -> None:
                self.open.add(request)
                super().process_request_thread(request, client_address)
                self.open.discard(request)

            def server_close(self) -> None:
                """Cut the connections too, as the end of a process would."""
                super().server_close()
                for connection in list(self.open):
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)

            def handle_error(self, request: Any, client_address: Any) -> None:
                """An engine that hangs up is no error."""

        self._server = Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, body: dict[str, Any]) -> bytes:
        action = body["next_action"]
        said = {
            "text": f"heard {action}",
            "kind": "question",
            "buttons": [{"title": "Ja", "value": "A1=yes"}],
        }
        value = "done" if self.done else None
        events = [{"event": "slot", "timestamp": None, "name": "answer", "value": value}]
        return json.dumps(
            {"events": events if action.startswith("validate_") else [], "responses": [{"custom": said}]}
        ).encode()

    def reset(self) -> None:
        self.calls.clear()
        self.status, self.raw, self.done = 200, None, False


def token(conversation: str, text: str, *, key: str = KEY, kind: str = "text", **claims: Any) -> str:
    """What the web process would sign; `claims` replace single ones, None removes one."""
    now = int(time.time())
    payload: dict[str, Any] = {
        "sub": conversation, "turn": "t-1", "user": "u-1", "role": "counselor", "lang": "nl", "kind": kind,
        "digest": hashlib.sha256(text.encode()).hexdigest(), "iat": now, "exp": now + 60,
    } | claims  # fmt: skip
    return jwt.encode({name: value for name, value in payload.items() if value is not None}, key, "HS256")


@dataclass
class Engine:
    """bot.serve in a process of its own, talking to a Recorder."""

    actions: Recorder
    log: Path
    model: Path
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {
            **os.environ,
            "PLUIS_BOT_PORT": str(self.port),
            "PLUIS_ACTIONS_PORT": str(self.actions.port),
            "PLUIS_CHANNEL_KEY": KEY,
        }
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(BOT_PYTHON), "-m", "bot.serve", "--model", str(self.model)],
                cwd=ROOT, env=environment, stdout=log, stderr=log,
            )  # fmt: skip

    def wait(self) -> None:
        """Until the engine can take a turn; it only listens then."""
        assert self._process is not None
        limit = time.monotonic() + READY_SECONDS
        poll = threading.Event()
        while time.monotonic() < limit:
            if self._process.poll() is not None:
                raise RuntimeError(f"The engine stopped:\n{self.log.read_text(errors='replace')[-4000:]}")
            try:
                with urllib.request.urlopen(self.url + "/", timeout=2):
                    return
            except OSError:
                poll.wait(0.1)
        raise RuntimeError("The engine did not answer in time.")

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)

    def post(self, body: bytes) -> tuple[int, Any]:
        """Status and JSON of a raw request to the channel."""
        request = urllib.request.Request(self.url + "/webhooks/pluis/turn", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def say(
        self, text: str, *, conversation: str = "d-1", kind: str = "text", signed: str | None = None
    ) -> tuple[int, Any]:
        """One turn, signed as the web process would unless `signed` is given."""
        given = token(conversation, text, kind=kind) if signed is None else signed
        return self.post(json.dumps({"token": given, "text": text}).encode())

    def verb(self, text: str, *, conversation: str = "d-1", kind: str = "text") -> str:
        """The one action that a message led to; fails when there was none, or more than one."""
        self.actions.calls.clear()
        status, _ = self.say(text, conversation=conversation, kind=kind)
        assert status == 200
        assert len(self.actions.calls) == 1, [call.action for call in self.actions.calls]
        return self.actions.calls[0].action


def running(log: Path, model: Path) -> Iterator[Engine]:
    """An engine with its recorder, stopped at the end."""
    recorder = Recorder()
    recorder.start()
    engine = Engine(recorder, log, model)
    engine.start()
    try:
        engine.wait()
        yield engine
    finally:
        engine.stop()
        recorder.stop()
