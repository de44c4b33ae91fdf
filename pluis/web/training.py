"""What pages and API of the training share: the library, one's own attempts, feedback on one of them."""

from typing import Any

from sqlalchemy.orm import Session

from pluis.runtime import Runtime
from pluis.store import debriefs, training
from pluis.store.people import Account
from pluis.store.training import Practice
from pluis.training import library, own
from pluis.training.feedback import Feedback, compare
from pluis.training.noted import noted
from pluis.training.vignette import Vignette, Visit
from pluis.web.problems import Problem
from pluis.web.training_words import sections, who_name


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


def points(session: Session, runtime: Runtime, practice: Practice) -> list[tuple[str, str]]:
    """The questions that were answered, in the order of the debrief: from each of them one can try again."""
    if practice.debrief_id is None:
        return []
    answered = {row.question for row in debriefs.answers(session, practice.debrief_id)}
    asked = [one for block in runtime.protocol.blocks for one in block.questions if one.id in answered]
    return [(one.id, (one.label or one.ask)[practice.language]) for one in asked]


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
        "talk": [{**one, "name": who_name(vignette, visit, one["who"], language)} for one in practice.talk],
        "language": language,
        "debrief": practice.debrief_id,
    }
