"""What pages and API of the training share: the library, one's own attempts, feedback on one of them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from babel.lists import format_list
from sqlalchemy.orm import Session

from pluis.protocol.read import fill
from pluis.protocol.schema import Question
from pluis.runtime import Runtime
from pluis.store import debriefs, training
from pluis.store.debriefs import Answer
from pluis.store.people import Account
from pluis.store.training import Practice
from pluis.training import library, own
from pluis.training.feedback import Feedback, compare
from pluis.training.noted import noted
from pluis.training.vignette import Vignette, Visit
from pluis.web.problems import Problem
from pluis.web.texts import say
from pluis.web.training_words import level_name, sections, signal_name, who_name


def vignettes(runtime: Runtime) -> library.Library:
    """Those of data/vignettes, and the approved ones of the organisation."""
    with runtime.store.reading() as session:
        return own.with_own(session, library.current(runtime.settings.data, runtime.protocol))


def find_vignette(runtime: Runtime, id: str, visit: int) -> Vignette:
    """The vignette, if it exists and has such a visit (from 0). Raises Problem."""
    vignette = vignettes(runtime).get(id)
    if vignette is None or not 0 <= visit < len(vignette.visits):
        raise Problem(404, "no_such_vignette")
    return vignette


def parse(vignette_id: str) -> tuple[str, int]:
    """`ash` is the first visit of a vignette, `ash.2` the second."""
    id, _, number = vignette_id.partition(".")
    return id, int(number) - 1 if number.isdecimal() and len(number) < 3 else 0 if not number else -1


def find_practice(session: Session, account: Account, id: str) -> Practice:
    """The own attempt. Nobody reads the attempts of somebody else. Raises Problem."""
    practice = session.get(Practice, id)
    if practice is None or practice.account_id != account.id:
        raise Problem(404, "no_such_practice")
    return practice


def feedback_on(session: Session, runtime: Runtime, practice: Practice) -> tuple[Vignette, Visit, Feedback]:
    """Raises Problem while the debrief still runs."""
    vignette = find_vignette(runtime, practice.vignette, practice.visit)
    if practice.debrief is None or practice.debrief.state != "done":
        raise Problem(409, "practice_not_done")
    visit = vignette.visits[practice.visit]
    return vignette, visit, compare(vignette, visit, noted(session, practice, practice.debrief))


def points(session: Session, runtime: Runtime, practice: Practice, vignette: Vignette) -> list[dict[str, Any]]:
    """The debrief question by question, with what was answered: from each of them one can try again."""
    if practice.debrief_id is None:
        return []
    language = practice.language
    names = {
        f"p{row}": who_name(vignette, vignette.visits[practice.visit], id, language)
        for id, row in practice.people.items()
    }
    family = {
        kind: format_list([one.name for one in vignette.family.people if one.kind == kind], "or", locale=language)
        for kind in ("child", "adult")
    }
    answers: dict[str, list[Answer]] = defaultdict(list)
    for row in debriefs.answers(session, practice.debrief_id):
        answers[row.question].append(row)
    return [
        {
            "id": one.id,
            "ask": fill((one.label or one.ask)[language], **family),
            "said": _all_said(one, answers[one.id], names, language),
        }
        for block in runtime.protocol.blocks
        for one in block.questions
        if one.id in answers
    ]


def _all_said(question: Question, rows: list[Answer], names: Mapping[str, str], language: str) -> list[str]:
    """What was answered, each with its person; what was said of all of them at once stands with each of them."""
    apart = [row for row in rows if row.subject in names] or rows
    said = [words for row in apart if (words := _said(question, row, names, language))]
    return said or [say("feedback_skipped", language)]


def _said(question: Question, row: Answer, names: Mapping[str, str], language: str) -> str:
    choices = [question.choice(value) for value in (row.value if isinstance(row.value, list) else [row.value])]
    said = row.text or ", ".join(one.title[language] for one in choices if one is not None)
    who = names.get(row.subject or "", "")
    return ": ".join(part for part in (who, said) if part) if said else ""


def feedback_json(session: Session, runtime: Runtime, practice: Practice, language: str) -> dict[str, Any]:
    vignette, visit, feedback = feedback_on(session, runtime, practice)
    return {
        "vignette_id": f"{vignette.id}.{practice.visit + 1}" if vignette.story else vignette.id,
        "title": vignette.title[language],
        "level": {"own": feedback.level.own, "experts": feedback.level.experts, "gap": feedback.level.gap},
        "signals": {
            "noticed": [one.signal for one in feedback.noticed],
            "missed": [one.signal for one in feedback.missed],
            "over": [one.signal for one in feedback.over],
        },
        "not_asked": [one.ask[language] for one in feedback.not_asked],
        "next": feedback.next,
        "sections": sections(feedback, vignette, visit, runtime.protocol, language),
    }


def listing(session: Session, runtime: Runtime, account: Account) -> list[dict[str, Any]]:
    """All vignettes with what this person did with them. The marking stays out: it would give the answer away."""
    language = "en" if account.language == "en" else "nl"
    attempts = training.of_account(session, account.id)
    shown = []
    for vignette in vignettes(runtime).values():
        mine = [one for one in attempts if one.vignette == vignette.id]
        visits = []
        for number, _visit in enumerate(vignette.visits):
            tries = [one for one in mine if one.visit == number]
            done = [one for one in tries if one.debrief is not None and one.debrief.state == "done"]
            running = tries[-1] if tries and tries[-1] not in done else None
            visits.append(
                {
                    "id": f"{vignette.id}.{number + 1}" if vignette.story else vignette.id,
                    "number": number + 1,
                    "times": len(done),
                    "last": done[-1].id if done else None,
                    "running": running.id if running else None,
                }
            )
        shown.append(
            {
                "id": vignette.id,
                "title": vignette.title[language],
                "about": vignette.about[language],
                "story": vignette.story,
                "visits": visits,
            }
        )
    return shown


def scene_json(practice: Practice, vignette: Vignette, visit: Visit) -> dict[str, Any]:
    """What somebody on this visit may know: never the marking, nor answers that were not asked for."""
    language = practice.language
    return {
        "id": practice.id,
        **scene_of(vignette, visit, language),
        "talk": [{**one, "name": who_name(vignette, visit, one["who"], language)} for one in practice.talk],
        "language": language,
        "debrief": practice.debrief_id,
    }


def before(session: Session, runtime: Runtime, practice: Practice) -> dict[str, Any] | None:
    """What this person noted at the visit before this one in a story; None without one."""
    earlier = training.last_finished(session, practice.account_id, practice.vignette, practice.visit - 1)
    if practice.visit == 0 or earlier is None or earlier.debrief is None:
        return None
    own, language = noted(session, earlier, earlier.debrief), practice.language
    return {
        "level": level_name(runtime.protocol, own.level, language),
        "signals": [(signal_name(runtime.protocol, id, language), words) for id, words in own.signals.items()],
    }


def scene_of(vignette: Vignette, visit: Visit, language: str) -> dict[str, Any]:
    """What everybody on this visit sees and knows, and whom they can ask."""
    return {
        "title": vignette.title[language],
        "family": vignette.family.name[language],
        "known": visit.known[language],
        "agreements": [one.text[language] for one in visit.agreements],
        "scene": visit.scene[language],
        "people": [
            {
                "name": one.name,
                "relation": one.relation[language],
                "kind": one.kind,
                "age": one.age,
                "months": one.months,
            }
            for one in vignette.family.people
        ],
        "ask": [{"who": one.who, "name": who_name(vignette, visit, one.who, language)} for one in visit.talk],
    }
