"""A real HTTP receiver for tests, which answers what it is told to answer."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Hook:
    """`answers`: the status of each next answer, the last one for ever. `slow`: seconds before an answer."""

    answers: list[int] = field(default_factory=lambda: [200])
    slow: float = 0.0
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def __enter__(self) -> Hook:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                hook.calls.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                status = hook.answers.pop(0) if len(hook.answers) > 1 else hook.answers[0]
                time.sleep(hook.slow)
                try:
                    self.send_response(status)
                    if 300 <= status < 400:
                        self.send_header("Location", f"http://127.0.0.1:{hook.port}/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    pass

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/alerts"
