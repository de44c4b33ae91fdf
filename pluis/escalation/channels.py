"""The channels: one address template each, and what it takes to hand a message over.

Apprise knows the services behind the templates: mail servers, SMS gateways, chat systems.
"""

import logging
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from pluis.escalation.mail import send_mail
from pluis.escalation.refusals import NotNow, Refused
from pluis.escalation.webhook import send_webhook
from pluis.settings import Settings
from pluis.store.base import Json
from pluis.store.people import Account

_log = logging.getLogger("pluis.courier")
_EXAMPLES = {"mail": "somebody@example.org", "sms": "0612345678", "chat": "somebody"}


@dataclass(frozen=True)
class Message:
    """What is sent. `key` names the message wherever it goes, however often it is tried; `data` is for programs."""

    key: str
    title: str
    body: str
    short: str
    data: Json = field(default_factory=dict)


class Channels:
    """The channels that the settings set up."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._templates = {
            "mail": settings.mail_url,
            "sms": settings.sms_url,
            "chat": settings.chat_url,
            "webhook": settings.webhook_url,
        }

    def prepare(self) -> None:
        """Load what sending needs, so that the first alert does not wait for it; say which address cannot be used."""
        import apprise

        # What it logs of an address that it cannot read may hold a password.
        logging.getLogger("apprise").propagate = False
        for channel in ("mail", "sms", "chat"):
            template = self._templates[channel].replace("{to}", _EXAMPLES[channel]).replace("{id}", "0")
            if template and apprise.Apprise.instantiate(template) is None:
                _log.error("PLUIS_%s_URL is no address that can be used", channel.upper())

    def configured(self, channel: str) -> bool:
        """Whether this channel is set up."""
        return bool(self._templates.get(channel))

    def address(self, channel: str, account: Account) -> str | None:
        """Where this person is reached: the channel's template filled in. None: not set up, or no address known."""
        template = self._templates.get(channel)
        if not template:
            return None
        own = {"mail": account.mail, "sms": account.phone, "chat": account.chat}.get(channel, account.username)
        if "{to}" not in template:
            return template
        bare = own.replace(" ", "").replace("-", "") if channel == "sms" else own.strip()
        return template.replace("{to}", quote(bare, safe="")) if bare else None

    def send(self, channel: str, address: str, message: Message) -> None:
        """Hand a message over. Raises NotNow when it may work later, Refused when it never will."""
        match channel:
            case "mail":
                send_mail(address, message.key, message.title, message.body)
            case "webhook":
                send_webhook(address, self._settings.webhook_key, message.key, message.data, datetime.now(UTC))
            case _:
                _notify(address, message)


def _notify(address: str, message: Message) -> None:
    import apprise

    asset = apprise.AppriseAsset(app_id="Pluis", app_desc="Pluis", http_redirects=False, secure_logging=True)
    service = apprise.Apprise.instantiate(address.replace("{id}", quote(message.key, safe="")), asset=asset)
    if not isinstance(service, apprise.NotifyBase):
        raise Refused("settings", "the address of this channel cannot be used")
    with _Reasons() as reasons:
        try:
            done = service.notify(body=message.short, title="")
        except Exception as error:
            # Any of a hundred plugins: whatever goes wrong in one must not stop the courier.
            raise NotNow("fault", type(error).__name__) from None
    if not done:
        raise NotNow("other", reasons.last or "the service did not take it")


class _Reasons(logging.Handler):
    """Catches why Apprise did not succeed, which it only logs, in this thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.last = record.getMessage()[:200]

    def __enter__(self) -> "_Reasons":
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)
