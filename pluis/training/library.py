"""Read and check all vignettes: each fault with its file, its entry and its cure."""

from collections.abc import Iterator
from pathlib import Path

from pluis.content import LANGUAGES, ContentError, Fault, read_as
from pluis.protocol.read import Protocol
from pluis.training.expected import expected_level
from pluis.training.vignette import Marking, Vignette, Visit

FOLDER = "vignettes"
_cache: dict[Path, tuple[float, "Library"]] = {}


class Library(dict[str, Vignette]):
    """All vignettes by id, in the order of their files."""


def load(data: Path, protocol: Protocol) -> Library:
    """All vignettes below `data`. Raises ContentError with all faults that can be seen at once."""
    faults: list[Fault] = []
    library = Library()
    files = sorted((data / FOLDER).glob("*.yml"))
    for file in files:
        try:
            vignette = read_as(Vignette, file)
        except ContentError as error:
            faults.extend(error.faults)
            continue
        if vignette.id in library:
            faults.append(Fault(str(file), vignette.id, "this id is used twice.", "Give one of the two another id."))
        faults.extend(check(vignette, file, protocol))
        library[vignette.id] = vignette
    if not files:
        faults.append(Fault(str(data / FOLDER), "folder", "holds no vignettes.", "Put the vignette files there."))
    if faults:
        raise ContentError(faults)
    return library


def current(data: Path, protocol: Protocol) -> Library:
    """As `load`, read anew only when a file changed."""
    newest = max((file.stat().st_mtime for file in (data / FOLDER).glob("*.yml")), default=0.0)
    known = _cache.get(data)
    if known is None or known[0] != newest:
        _cache[data] = known = (newest, load(data, protocol))
    return known[1]


def check(vignette: Vignette, file: Path, protocol: Protocol) -> Iterator[Fault]:
    """What the shape alone does not show: everything that is named exists, and evidence can be read in the visit."""
    name = str(file)
    people = [one.id for one in vignette.family.people]
    if len(set(people)) < len(people):
        yield Fault(name, "family > people", "two people have the same id.", "Give each of them an id of their own.")
    if not vignette.family.children:
        yield Fault(name, "family > people", "there is no child.", "Add a person with 'kind: child'.")
    for one in vignette.family.people:
        if one.kind == "child" and one.age is None and one.months is None:
            yield Fault(name, f"family > {one.id}", "has no age.", "Add 'age', or 'months' for the very young.")
    for number, visit in enumerate(vignette.visits, 1):
        entry = f"visits {number}"
        yield from _talk(vignette, visit, name, entry)
        yield from _marking(vignette, visit.marking, visit, name, f"{entry} > marking", protocol)
    days = [visit.days_before for visit in vignette.visits]
    if days != sorted(days, reverse=True) or days[-1] != 0:
        yield Fault(name, "visits", "are not in order of time.", "Let 'days_before' go down to 0 at the last visit.")


def _talk(vignette: Vignette, visit: Visit, file: str, entry: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for talk in visit.talk:
        where = f"{entry} > talk {talk.who}"
        if talk.who in seen:
            yield Fault(file, where, "stands there twice.", "Put the answers together.")
        seen.add(talk.who)
        if vignette.family.member(talk.who) is None and talk.name is None:
            yield Fault(file, where, "is nobody of the family.", "Use the id of a person, or give a place a 'name'.")
        for answer in talk.answers:
            for strange in sorted(answer.seen.keys() - {one.id for one in vignette.family.people}):
                yield Fault(file, f"{where} > {answer.id} > seen", f"'{strange}' is nobody of the family.",
                            "Use the id of a person.")  # fmt: skip
        ids = [answer.id for answer in talk.answers]
        if len(set(ids)) < len(ids):
            yield Fault(file, where, "two answers have the same id.", "Give each answer its own id.")


def _marking(
    vignette: Vignette, marking: Marking, visit: Visit, file: str, entry: str, protocol: Protocol
) -> Iterator[Fault]:
    people = {one.id for one in vignette.family.people}
    for missing in sorted(people - marking.seen.keys()):
        yield Fault(file, f"{entry} > seen", f"'{missing}' is not there.", "Say alone, spoken, seen or unseen.")
    for strange in sorted(marking.seen.keys() - people):
        yield Fault(file, f"{entry} > seen", f"'{strange}' is nobody of the family.", "Use the id of a person.")
    named = [*(m.id for m in marking.signals), *marking.either, *(m.id for m in marking.mimics)]
    known = {signal.id for signal in protocol.taxonomy.signals}
    for signal in named:
        if signal not in known:
            yield Fault(
                file,
                f"{entry} > {signal}",
                f"signal '{signal}' is not known.",
                "Use an id from data/signals/taxonomy.yml.",
            )
    meant = {m.id for m in marking.signals} | set(marking.either)
    for mimic in marking.mimics:
        if mimic.id in meant:
            yield Fault(file, f"{entry} > {mimic.id}", "stands under 'mimics' and is a signal here too.",
                        "Choose one of the two.")  # fmt: skip
    quoted = [(m.id, m.evidence) for m in marking.signals] + [(m.id, m.words) for m in marking.mimics]
    for signal, words in quoted:
        for language in LANGUAGES:
            if words[language] not in visit.words[language]:
                yield Fault(
                    file, f"{entry} > {signal}", f"the words in '{language}' are not in the scene or an answer.",
                    "Quote what the visitor can see or hear, letter by letter.",
                )  # fmt: skip
    for marked in marking.signals:
        if marked.about is not None and marked.about not in people:
            yield Fault(file, f"{entry} > {marked.id}", f"'{marked.about}' is nobody of the family.",
                        "Use the id of a person.")  # fmt: skip
    for asked in marking.had_to_ask:
        talk = visit.talker(asked.who)
        if talk is None or talk.answer(asked.answer) is None:
            yield Fault(file, f"{entry} > had_to_ask", f"{asked.who} has no answer '{asked.answer}'.",
                        "Write that answer under 'talk', or correct the id.")  # fmt: skip
        if asked.question is not None and protocol.question(asked.question) is None:
            yield Fault(file, f"{entry} > had_to_ask", f"question '{asked.question}' does not exist.",
                        "Use the id of a question in data/protocol/questions.")  # fmt: skip
    if all(signal in known for signal in named) and people == marking.seen.keys():
        level = expected_level(vignette, visit, protocol)
        if level != marking.level and marking.beyond_rules is None:
            yield Fault(file, f"{entry} > level", f"the rules come to {level} from these signals, not to {marking.level}.",
                        "Correct the signals or the level, or say under 'beyond_rules' why the experts differ.")  # fmt: skip
