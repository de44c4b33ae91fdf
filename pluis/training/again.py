"""Go back and try again from any question: the answers before it are kept, nothing of the first attempt is lost."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pluis.debrief import asking
from pluis.debrief.level import judge
from pluis.debrief.reply import Message
from pluis.debrief.work import Work
from pluis.protocol.read import Protocol
from pluis.store import debriefs
from pluis.store.cases import Sighting
from pluis.store.debriefs import Answer, Debrief, Found, Turn
from pluis.store.people import Account
from pluis.store.training import Practice
from pluis.training.practice import begin, debrief
from pluis.training.vignette import Vignette


def again(
    session: Session,
    protocol: Protocol,
    vignette: Vignette,
    old: Practice,
    account: Account,
    question: str | None,
    now: datetime,
) -> Practice:
    """The same visit once more. With a question: the debrief goes on there, with the earlier answers kept.

    What was asked in the scene stays asked; more can be asked.
    """
    new = begin(session, vignette, old.visit, account, old.language, now)
    new.again_of, new.talk = old.id, list(old.talk)
    if question is not None and old.debrief_id is not None:
        made, _ = debrief(session, protocol, vignette, new, account, now)
        _copy(
            session,
            protocol,
            session.get_one(Debrief, old.debrief_id),
            made,
            _renamed(session, old, new),
            question,
            now,
        )
    return new


def _copy(
    session: Session,
    protocol: Protocol,
    old: Debrief,
    new: Debrief,
    renamed: dict[str, str],
    question: str,
    now: datetime,
) -> None:
    """Answers before `question`, and what was found in them, go into the new debrief; then that question is asked."""
    order = [q.id for block in protocol.blocks for q in block.questions]
    kept = set(order[: order.index(question)]) if question in order else set()

    def name(key: str) -> str:
        head, _, subject = key.partition("/")
        return f"{head}/{renamed.get(subject, subject)}" if subject else head

    for row in debriefs.answers(session, old.id):
        head = row.key.partition("/")[0]
        if head in kept or (head == "upgrade" and _found_before(session, old, row.key.partition("/")[2], kept)):
            session.add(
                Answer(
                    debrief_id=new.id, key=name(row.key), question=row.question, value=row.value, text=row.text, at=now,
                    subject=renamed.get(row.subject, row.subject) if row.subject else None,
                )
            )  # fmt: skip
    for one in debriefs.findings(session, old.id):
        if one.key.partition("/")[0] in kept:
            session.add(
                Found(
                    case_id=new.case_id, debrief_id=new.id, key=name(one.key), signal=one.signal, kind=one.kind,
                    severity=one.severity, status=one.status, start=one.start, end=one.end, words=one.words,
                    sentence=one.sentence, score=one.score, source=one.source, facets=list(one.facets),
                    subject=renamed.get(one.subject, one.subject) if one.subject else None,
                    confirmation=one.confirmation, confirmed_at=one.confirmed_at, at=now,
                )
            )  # fmt: skip
    if "B1" in kept:
        for sighting in session.scalars(select(Sighting).where(Sighting.debrief_id == old.id)):
            target = renamed.get(f"p{sighting.person_id}")
            if target is not None:
                session.add(
                    Sighting(
                        person_id=int(target[1:]), debrief_id=new.id, on=sighting.on, seen=sighting.seen,
                        spoken=sighting.spoken, alone=sighting.alone,
                    )
                )  # fmt: skip
    session.flush()
    turn = Turn(id="", conversation=new.id, account_id=new.account_id, client_id="", text="", received_at=now)
    work = Work(session, protocol, None, new, turn, now)
    judge(work)
    work.messages.append(Message(work.text("greeting_again")))
    asking.put_next(work)
    new.greeting = [message.as_json() for message in work.messages]


def _found_before(session: Session, old: Debrief, signal: str, kept: set[str]) -> bool:
    return any(one.signal == signal and one.key.partition("/")[0] in kept for one in debriefs.findings(session, old.id))


def _renamed(session: Session, old: Practice, new: Practice) -> dict[str, str]:
    """Keys of people and agreements in the old debrief → those in the new one."""
    assert old.debrief is not None
    fresh = session.get_one(Debrief, new.debrief_id)
    people = {f"p{row}": f"p{new.people[member]}" for member, row in old.people.items() if member in new.people}
    asked = [a for a in old.debrief.case.agreements if a.made_in is None]
    agreements = {f"a{a.id}": f"a{b.id}" for a, b in zip(asked, fresh.case.agreements, strict=False)}
    return {**people, **agreements}
