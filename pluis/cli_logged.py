"""Commands stand in the access log like people do: under the name that somebody has on this machine."""

import getpass
from datetime import UTC, datetime


def logged(command: str, action: str, object: str, object_id: object = "", case_id: int | None = None) -> None:
    """Write that a command was carried out. `action`: read | list | export | change."""
    from pluis.access.log import AccessLog, Line
    from pluis.settings import Settings
    from pluis.store import Store

    settings = Settings.load()
    store = Store.of(settings)
    line = Line(
        at=datetime.now(UTC), actor="command", who=getpass.getuser(), action=action, object=object,
        object_id=str(object_id), case_id=case_id, route=f"pluis {command}",
    )  # fmt: skip
    AccessLog(settings, store).record([line])
    store.engine.dispose()
