"""Visits that should reach a level by a named cluster: what is said at which question of an otherwise quiet visit.

Words go to the question where a person would say them; `=choice` is a tap. The same visits are run through the service
on both databases and through the API with the real Rasa.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.families import Child


@dataclass(frozen=True)
class Story:
    """One visit. `rule` must fire; `level` is what the debrief ends with. `before`: signals of an earlier visit."""

    name: str
    rule: str
    level: str
    language: str
    given: dict[str, str]
    children: tuple[Child, ...] = (Child("Sem", 100),)
    before: tuple[tuple[str, str], ...] = ()
    agreements: tuple[tuple[str, bool], ...] = ()


NL, EN = "nl", "en"
BABY = (Child("Sem", 5, speaks=False),)
TODDLER = (Child("Sem", 11, speaks=False),)

STORIES = [
    Story(
        "K1", "K1", "L2", NL,
        {"D3": "De scheiding wordt steeds harder, ze praten alleen nog via advocaten en er is ruzie over de omgang.",
         "E2": "=move,new_partner"},
    ),
    Story(
        "K1", "K1", "L2", EN,
        {"D3": "The separation is getting nastier, they only talk through solicitors and argue about contact.",
         "E2": "=move,new_partner"},
    ),
    Story(
        "K1 and D1a not asked", "K1_plus", "L2+", NL,
        {"D3": "De scheiding wordt steeds harder, ze praten alleen nog via advocaten en er is ruzie over de omgang.",
         "E2": "=move,separation,new_partner", "D1a": "=not_asked"},
    ),
    Story(
        "K1 and D1a not asked", "K1_plus", "L2+", EN,
        {"D3": "The separation is getting nastier, they only talk through solicitors and argue about contact.",
         "E2": "=move,separation,new_partner", "D1a": "=not_asked"},
    ),
    Story(
        "K1 and a parent who does not want to live", "K1_acute", "L3", NL,
        {"D3": "De scheiding wordt steeds harder, ze praten alleen nog via advocaten en er is ruzie over de omgang.",
         "E2": "=move,separation,new_partner", "D1a": "=yes"},
    ),
    Story(
        "K1 and a parent who does not want to live", "K1_acute", "L3", EN,
        {"D3": "The separation is getting nastier, they only talk through solicitors and argue about contact.",
         "E2": "=move,separation,new_partner", "D1a": "=yes_children"},
    ),
    Story(
        "K2", "K2", "L2+", NL,
        {"D3": "Vader slaat moeder, dat zei ze zelf.", "D3a": "=control,physical", "E2": "=separation"},
    ),
    Story(
        "K2", "K2", "L2+", EN,
        {"D3": "Dad hits mum, she told me herself.", "D3a": "=control,physical", "E2": "=separation"},
    ),
    Story(
        "K2 and strangling", "K2_acute", "L3", NL,
        {"D3": "Vader slaat moeder, dat zei ze zelf.", "D3a": "=control,physical,strangled", "E2": "=separation"},
    ),
    Story(
        "K2 and a threat to kill", "K2_acute", "L3", EN,
        {"D3": "Dad hits mum, she told me herself.", "D3a": "=control,physical,death_threat", "E2": "=separation"},
    ),
    Story(
        "K3", "K3", "L2+", NL,
        {"B2": "=with_parent", "F1": "Ze zeggen overal ja op maar er gebeurt niets.", "E1": "=not_all", "E1a": "=refused"},
    ),
    Story(
        "K3", "K3", "L2+", EN,
        {"B2": "=with_parent", "F1": "=yes_but_nothing", "E1": "=not_all", "E1a": "=refused"},
    ),
    Story("K4", "K4", "L2+", NL, {"E2": "=new_partner"}, TODDLER),
    Story("K4", "K4", "L2+", EN, {"E2": "=new_partner"}, TODDLER),
    Story(
        "K4 and a mark on a baby", "K4_acute", "L3", NL,
        {"C1": "Er zat een blauwe plek op zijn wang, moeder wist niet hoe dat kwam."}, BABY,
    ),
    Story(
        "K4 and a mark on a baby", "K4_acute", "L3", EN,
        {"C1": "There was a bruise on his cheek, mum didn't know how it got there."}, BABY,
    ),
    Story(
        "K5", "K5", "L2", NL,
        {"D1": "Ik merk dat ik erg met moeder meega en alles van haar kant bekijk.", "G1": "=doubt"},
    ),
    Story(
        "K5", "K5", "L2", EN,
        {"D1": "I notice I completely take mum's side in everything.", "G1": "=doubt"},
    ),
    Story(
        "K6", "K6", "L2", NL,
        {"F3": "De hulp stopt volgende maand, het traject wordt afgesloten."},
        before=(("child_left_unsupervised", "serious"),),
    ),
    Story(
        "K6", "K6", "L2", EN,
        {"F3": "The support is ending next month, the case is being closed."},
        before=(("child_left_unsupervised", "serious"),),
    ),
]  # fmt: skip
