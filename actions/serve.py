"""Start the action server: python -m actions.serve

rasa-sdk's own server on 127.0.0.1:PLUIS_ACTIONS_PORT (5055). Its command line listens on every address and starts
a second process, which outlives a first one that was killed; here it is one process and the loopback address. No
gRPC, no tracing, no reading of endpoints.yml.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings

from sanic.request import Request
from sanic.response import HTTPResponse, text

HOST = "127.0.0.1"


async def _metrics(_request: Request) -> HTTPResponse:
    """Figures for the web process beside it, which adds them to its own."""
    from actions.turn import SERVICE
    from pluis.signals.finder import READING

    return text("\n".join([*SERVICE.lines(), *READING.lines()]) + "\n")


def main() -> None:
    """Run until stopped."""
    os.environ.setdefault("OTEL_SDK_DISABLED", "true")
    # Rasa ended at 3.6; rasa-sdk goes on and says at every call that the two differ. They speak the same protocol.
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk might not be compatible")
    from pluis import quiet_log

    quiet_log.begin("actions")
    if not os.environ.get("PLUIS_CHANNEL_KEY"):
        sys.exit("PLUIS_CHANNEL_KEY must be set.")

    from rasa_sdk.endpoint import create_app
    from rasa_sdk.executor import ActionExecutor

    from pluis import runtime

    _ = runtime.current().finder  # loaded before the port opens, or the first turn would wait for it

    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=[])
    app.config.KEEP_ALIVE_TIMEOUT = 60
    app.add_route(_metrics, "/metrics")
    gc.freeze()  # what was loaded stays, and need not be looked through again and again
    app.run(
        host=HOST,
        port=int(os.environ.get("PLUIS_ACTIONS_PORT", "5055")),
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
