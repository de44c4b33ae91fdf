"""What feedback says about a debrief, for every visit, without a database."""

from __future__ import annotations

import pytest

from pluis.content import LANGUAGES
from pluis.protocol.read import Protocol
from pluis.settings import ROOT
from pluis.training import library
from pluis.training.feedback import Noted, compare
from pluis.training.vignette import Vignette, Visit
from pluis.web.texts import say
from pluis.web.training_words import sections


@pytest.fixture(scope="module")
def visits(protocol: Protocol) -> list[tuple[Vignette, Visit]]:
    return [(one, visit) for one in library.load(ROOT / "data", protocol).values() for visit in one.visits]


def perfect(visit: Visit) -> Noted:
    marking = visit.marking
    asked = [(one.who, one.answer) for one in marking.had_to_ask]
    shown = [a.seen for talk in visit.talk for a in talk.answers if (talk.who, a.id) in asked]
    return Noted(
        signals={one.id: one.evidence.nl for one in marking.signals},
        seen=marking.seen | {who: how for more in shown for who, how in more.items()},
        asked=frozenset(asked),
        level=marking.level,
    )


def test_who_does_as_the_experts_hears_so(visits: list[tuple[Vignette, Visit]]) -> None:
    for vignette, visit in visits:
        told = compare(vignette, visit, perfect(visit))
        assert (told.not_asked, told.missed, told.over, told.seen) == ((), (), (), ()), vignette.id
        assert (told.level.gap, told.next) == ("same", "keep")
        assert len(told.noticed) == len(visit.marking.signals)


def test_who_notes_nothing_hears_what_was_not_asked(visits: list[tuple[Vignette, Visit]]) -> None:
    for vignette, visit in visits:
        told = compare(vignette, visit, Noted())
        assert len(told.not_asked) == len(visit.marking.had_to_ask)
        assert [one.signal for one in told.missed] == [one.id for one in visit.marking.signals]
        assert told.level.gap == ("same" if visit.marking.level == "L0" else "lower")
        assert told.next != "keep"


def test_who_names_everything_hears_what_the_words_meant(
    visits: list[tuple[Vignette, Visit]], protocol: Protocol
) -> None:
    everything = {signal.id: "van alles" for signal in protocol.taxonomy.signals}
    for vignette, visit in visits:
        told = compare(vignette, visit, Noted(signals=everything, level="L3"))
        over = {one.signal for one in told.over}
        assert told.missed == ()
        assert not over & {one.id for one in visit.marking.signals}
        assert not over & set(visit.marking.either)
        assert "worker_gut_feeling" not in over
        explained = {one.signal for one in told.over if one.why is not None}
        assert explained >= {one.id for one in visit.marking.mimics} & over


def test_a_doubt_of_ones_own_is_never_too_much(visits: list[tuple[Vignette, Visit]]) -> None:
    vignette, visit = visits[0]
    told = compare(vignette, visit, Noted(signals={"worker_gut_feeling": "niet pluis"}, level="L1"))
    assert told.over == ()
    assert (told.level.gap, told.level.parted) == ("higher", ())


def test_a_child_said_to_be_alone_that_was_not(visits: list[tuple[Vignette, Visit]]) -> None:
    vignette, visit = next((a, b) for a, b in visits if a.id == "at_the_kitchen_table")
    told = compare(vignette, visit, Noted(seen={"daughter": "alone", "father": "spoken", "mother": "spoken"}))
    assert [(one.who, one.was) for one in told.seen] == [("father", "unseen"), ("daughter", "seen")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_in_which_it_is_told(visits: list[tuple[Vignette, Visit]], protocol: Protocol, language: str) -> None:
    for vignette, visit in visits:
        for noted in (Noted(), perfect(visit), Noted(signals={"hazardous_home": "gas"}, level="L2")):
            parts = sections(compare(vignette, visit, noted), vignette, visit, protocol, language)
            kinds = [part["kind"] for part in parts]
            assert kinds[:2] == ["noticed", "not_asked"]
            assert [k for k in ("missed", "over", "seen", "level", "todo", "learn", "next") if k in kinds] == kinds[2:]
            said = " ".join([*(part["lead"] for part in parts), *(i["text"] for part in parts for i in part["items"])])
            assert "{" not in said
            assert not any(mark in said for mark in ("%", "/10", " punten", " points", "score"))


def test_who_asks_to_speak_alone_has_spoken_alone(protocol: Protocol) -> None:
    vignette = library.load(ROOT / "data", protocol)["five_coats"]
    visit = vignette.visits[0]
    noted = Noted(seen={"second": "alone"}, asked=frozenset({("upstairs", "thijs")}))
    missed = {one.signal for one in compare(vignette, visit, noted).missed}
    assert "child_not_seen_alone" not in missed
    assert compare(vignette, visit, noted).seen == ()
    not_asked = compare(vignette, visit, Noted(seen={"second": "alone"}))
    assert [one.who for one in not_asked.seen] == ["second"]
    assert "child_not_seen_alone" in {one.signal for one in not_asked.missed}


def test_whoever_rang_a_parent_may_note_either(protocol: Protocol) -> None:
    vignette = library.load(ROOT / "data", protocol)["nobody_home"]
    visit, asked = vignette.visits[0], frozenset({("father", "contact")})
    assert compare(vignette, visit, Noted(seen={"father": "spoken"}, asked=asked)).seen == ()
    assert len(compare(vignette, visit, Noted(seen={"father": "spoken"})).seen) == 1


def test_what_was_told_on_asking_is_missed_and_not_hidden(protocol: Protocol) -> None:
    vignette = library.load(ROOT / "data", protocol)["fresh_flowers"]
    visit = vignette.visits[0]
    for asked, hidden in ((frozenset({("mother", "dying")}), False), (frozenset[tuple[str, str]](), True)):
        missed = {one.signal: one.hidden for one in compare(vignette, visit, Noted(asked=asked)).missed}
        assert missed["escalating_separation_conflict"] is hidden


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_thing_is_said_once(visits: list[tuple[Vignette, Visit]], protocol: Protocol, language: str) -> None:
    everything = {signal.id: "van alles" for signal in protocol.taxonomy.signals}
    for vignette, visit in visits:
        for noted in (Noted(), perfect(visit), Noted(signals=everything, level="L3", raised=True)):
            parts = sections(compare(vignette, visit, noted), vignette, visit, protocol, language)
            said = [
                *(part["lead"] for part in parts),
                *(i["text"] for p in parts for i in p["items"] if not i["scene"]),
            ]
            explained = {one.why[language] for one in visit.marking.mimics}
            twice = {one for one in said if one and said.count(one) > 1} - explained
            assert twice == set(), (vignette.id, twice)
            for item in (i for part in parts for i in part["items"]):
                assert item["scene"].count("“") == item["scene"].count("”"), item["scene"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_raised_the_level_hears_that_this_is_fine(
    visits: list[tuple[Vignette, Visit]], protocol: Protocol, language: str
) -> None:
    vignette, visit = visits[0]
    for raised in (True, False):
        told = compare(vignette, visit, Noted(level="L2", raised=raised))
        level = next(p for p in sections(told, vignette, visit, protocol, language) if p["kind"] == "level")
        assert (say("feedback_raised", language) in level["lead"]) is raised
