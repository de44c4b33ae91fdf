"""Write one message: level, case number, link, phone number. Never a name, never words from a case."""

from sqlalchemy.orm import Session

from pluis.escalation import links
from pluis.escalation.channels import Message
from pluis.escalation.raising import moment
from pluis.protocol.messages import Messages, load_messages
from pluis.protocol.read import fill
from pluis.runtime import Runtime
from pluis.store.escalations import Escalation
from pluis.store.outgoing import Delivery, Reminder


class Writer:
    """Writes messages with the texts and settings of this installation."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._texts: Messages = load_messages(runtime.settings.data)

    def __call__(self, session: Session, row: Delivery | Reminder) -> Message:
        return self._alert(session, row) if isinstance(row, Delivery) else self._reminder(row)

    def _alert(self, session: Session, row: Delivery) -> Message:
        escalation = session.get_one(Escalation, row.escalation_id)
        protocol, language = self._runtime.protocol, row.account.language
        case = escalation.case.number if escalation.case else self._texts.words["no_case"][language]
        phone = escalation.raised_by.phone or self._texts.words["no_phone"][language]
        link = links.make(self._runtime.settings, escalation, row.account_id, row.created_at)
        by = escalation.acknowledge_by or row.created_at
        values = {
            "level": escalation.level,
            "level_name": protocol.rules.levels[escalation.level][language],
            "case": case,
            "number": escalation.id,
            "time": moment(protocol, escalation.raised_at, row.created_at),
            "by": moment(protocol, by, row.created_at),
            "link": link,
            "phone": phone,
        }
        text = self._texts.alerts.first if row.step == 0 else self._texts.alerts.next
        data = {
            "kind": "alert",
            "escalation": escalation.id,
            "level": escalation.level,
            "case": escalation.case.number if escalation.case else None,
            "to": row.account.username,
            "step": row.step,
            "raised_at": escalation.raised_at.isoformat(),
            "acknowledge_by": by.isoformat(),
            "phone": escalation.raised_by.phone,
            "link": link,
        }
        title, body, short = (fill(one[language], **values) for one in (text.title, text.body, text.short))
        return Message(row.key, title, body, short, data)

    def _reminder(self, row: Reminder) -> Message:
        texts, language = self._texts.reminders, row.account.language
        lines = []
        for item in row.items:
            no_case = self._texts.words["no_case"][language]
            line = fill(texts.items[item["kind"]][language], about=item.get("case") or no_case, number=item["number"])
            lines.append(f"- {line}")
        title = (texts.title_one if len(lines) == 1 else texts.title)[language]
        closing = fill(texts.closing[language], link=self._runtime.settings.public_url)
        opening = texts.opening[language]
        body = "\n".join([opening, "", *lines, "", closing])
        short = " ".join([fill(title, count=len(lines)) + ".", closing])
        data = {"kind": "reminder", "to": row.account.username, "items": row.items}
        return Message(row.key, fill(title, count=len(lines)), body, short, data)
