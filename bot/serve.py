"""Start the engine: python -m bot.serve

Listens on 127.0.0.1:PLUIS_BOT_PORT (5005) and calls the actions at 127.0.0.1:PLUIS_ACTIONS_PORT (5055).
PLUIS_CHANNEL_KEY must hold the key that the web process signs with. `--model` names another model.
Rasa's HTTP API stays off; `GET /` answers as soon as the engine can take a turn.

The log holds warnings and errors. Rasa writes what was typed at the level DEBUG, so no other level can be chosen.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "models" / "assistant.tar.gz"
DEFAULTS = {
    "PLUIS_BOT_PORT": "5005",
    "PLUIS_ACTIONS_PORT": "5055",
}
FIXED = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SANIC_REQUEST_MAX_SIZE": "1000000",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def prepare() -> None:
    """Settings that Rasa reads while it is imported."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ.update(FIXED)
    logging.captureWarnings(True)
    # Rasa's libraries switch each other's deprecation warnings on again, so filters do not hold.
    shown = warnings.showwarning

    def show(message: Any, category: Any, *where: Any, **more: Any) -> None:
        if not issubclass(category, (DeprecationWarning, PendingDeprecationWarning, FutureWarning)):
            shown(message, category, *where, **more)

    warnings.showwarning = show


def main() -> None:
    """Run until stopped."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--model", type=Path, default=MODEL, help="the trained assistant")
    model: Path = options.parse_args().model.resolve()
    prepare()
    from bot.signature import key_from_environment

    if not model.is_file():
        sys.exit(f"There is no model at {model}. Train one with: python -m bot.train")
    try:
        key_from_environment()
    except RuntimeError as error:
        sys.exit(str(error))
    os.chdir(ROOT)

    import rasa.core.run
    import rasa.utils.common
    import rasa.utils.log_utils
    from rasa.core.utils import AvailableEndpoints

    from bot import action_call, graph_runner, intents, quiet_log, tracker_store  # noqa: F401 - a store that cannot be imported must stop us here

    rasa.utils.log_utils.configure_structlog(logging.WARNING)
    rasa.utils.common.configure_logging_and_warnings(logging.WARNING, warn_only_once=True, filter_repeated_logs=False)
    quiet_log.begin()
    action_call.install()
    graph_runner.install()
    intents.install()

    async def close(app: Any, loop: Any) -> None:
        await action_call.connection.close()

    rasa.core.run.serve_application(
        model_path=str(model),
        interface="127.0.0.1",
        port=int(os.environ["PLUIS_BOT_PORT"]),
        credentials="credentials.yml",
        endpoints=AvailableEndpoints.read_endpoints("endpoints.yml"),
        enable_api=False,
        server_listeners=[(close, "before_server_stop")],
    )


if __name__ == "__main__":
    main()
