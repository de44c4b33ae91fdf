"""What the trainer's pages show, in words: blind spots, what was asked of whom, where a team agrees and where not."""

from collections.abc import Mapping, Sequence
from typing import Any

from pluis.protocol.read import Protocol
from pluis.store.training_group import Assignment
from pluis.training.blind_spots import BlindSpots, Figure
from pluis.training.calibration import Agreement, Alpha, Split
from pluis.training.library import Library
from pluis.training.outcome import Outcome
from pluis.web.texts import say
from pluis.web.training_progress import strand_name
from pluis.web.training_words import signal_name


def marked(library: Library) -> dict[tuple[str, int], frozenset[str]]:
    """Visit → the signals that the experts see there."""
    return {
        (vignette.id, number): frozenset(one.id for one in visit.marking.signals)
        for vignette in library.values()
        for number, visit in enumerate(vignette.visits)
    }


def spots(protocol: Protocol, found: BlindSpots, language: str) -> dict[str, list[dict[str, Any]]]:
    """Only what somebody overlooked; a list of everything that went well shows nothing to talk about."""

    def figures(all: Sequence[Figure], name: Any) -> list[dict[str, Any]]:
        return [{"name": name(one.name), "of": one.of, "missed": one.missed} for one in all if one.missed]

    return {
        "strands": figures(found.strands, lambda one: strand_name(protocol, one, language)),
        "signals": figures(found.signals, lambda one: signal_name(protocol, one, language))[:8],
    }


def assignments(
    asked: Sequence[Assignment],
    consenting: set[int],
    outcomes: Mapping[int, Sequence[Outcome]],
    library: Library,
    language: str,
) -> list[dict[str, Any]]:
    """Per vignette whom it was asked of. Whether it was done is shown of those alone who let the trainers see along."""
    found: dict[str, dict[str, Any]] = {}
    for one in asked:
        vignette = library.get(one.vignette)
        row = found.setdefault(
            one.vignette,
            {"id": one.vignette, "title": vignette.title[language] if vignette else one.vignette, "people": []},
        )
        done = one.account_id in consenting and any(
            o.vignette == one.vignette and o.at >= one.at for o in outcomes.get(one.account_id, ())
        )
        until = one.until.isoformat() if one.until else None
        row["people"].append({"name": one.account.name, "until": until, "done": done})
    return list(found.values())


def agreed(protocol: Protocol, library: Library, found: Agreement, language: str) -> dict[str, Any]:
    """Agreement in words and figures: the level, each signal (what parted most first), each visit."""
    return {
        "people": found.people,
        "level": _alpha(found.level, language) if found.level else None,
        "signals": [
            {**_alpha(one, language), "name": signal_name(protocol, one.name, language)} for one in found.signals
        ],
        "visits": [_split(protocol, library, one, language) for one in found.visits],
    }


def _alpha(one: Alpha, language: str) -> dict[str, Any]:
    value = "" if one.value is None else f"{one.value:.2f}".replace(".", "." if language == "en" else ",")
    return {"value": value, "word": say(f"agreed_{one.word}", language), "visits": one.visits}


def _split(protocol: Protocol, library: Library, one: Split, language: str) -> dict[str, Any]:
    vignette = library[one.place[0]]
    visit = vignette.visits[one.place[1]]
    experts = {signal.id for signal in visit.marking.signals}
    fair = experts | set(visit.marking.either)
    counts = dict(one.signals) | dict.fromkeys(experts - dict(one.signals).keys(), 0)
    # What half of the people named parts a team most; what all or none named, least.
    signals = [
        {
            "name": signal_name(protocol, signal, language),
            "count": count,
            "experts": "yes" if signal in experts else "may" if signal in fair else "no",
        }
        for signal, count in sorted(counts.items(), key=lambda item: (abs(item[1] - one.people / 2), item[0]))
    ]
    return {
        "title": vignette.title[language],
        "number": one.place[1] + 1 if vignette.story else None,
        "people": one.people,
        "levels": [
            {"level": level, "name": protocol.rules.levels[level][language], "count": count}
            for level, count in one.levels
        ],
        "experts": f"{visit.marking.level} {protocol.rules.levels[visit.marking.level][language]}",
        "signals": signals,
    }
