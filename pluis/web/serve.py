"""Start the web process: python -m pluis.web.serve

Asked to stop (TERM) it finishes what it is answering and refuses the rest with a sentence; after LONGEST it stops
anyway. What was typed is kept before it is answered, so that nothing is lost then either.
"""

import gc
import os
import time
from types import FrameType

import uvicorn

from pluis import quiet_log
from pluis.web.door import Door

LONGEST = 4.0
"""Seconds that a running turn gets. The supervisor of the processes waits a little longer (pluis.supervise.PATIENCE)."""


class Server(uvicorn.Server):
    """Closes the door at the first signal, and leaves when nobody is inside."""

    def __init__(self, config: uvicorn.Config, door: Door) -> None:
        super().__init__(config)
        self._door = door
        self._until: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The handler of TERM and INT. The first of them counts; the second one does not wait."""
        self._captured_signals.append(sig)
        if self._until is not None:
            self.should_exit = True
        self._until = time.monotonic() + LONGEST

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to end."""
        if self._until is not None:
            self._door.close()
            if not self._door.busy or time.monotonic() > self._until:
                self.should_exit = True
        return await super().on_tick(counter)


def main() -> None:
    """Run until stopped."""
    quiet_log.begin("web")
    from pluis.web.app import create_app

    door = Door(create_app())
    gc.freeze()  # what was loaded stays; to look through it again takes a tenth of a second in the middle of an answer
    config = uvicorn.Config(
        door, host=os.environ.get("PLUIS_HOST", "127.0.0.1"), port=int(os.environ.get("PLUIS_PORT", "8000")),
        log_config=None, log_level="warning", access_log=False, server_header=False, lifespan="on",
        timeout_keep_alive=75, timeout_graceful_shutdown=1,
    )  # fmt: skip
    Server(config, door).run()


if __name__ == "__main__":
    main()
