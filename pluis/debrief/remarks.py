"""Short words: a remark about the conversation, a call for help, or an answer? Pure.

A lost answer is worse than a remark that is not understood, and a call that nobody hears is worse than both.
"""

import re

from pluis.protocol.words import denies, plain

# Below these confidences short words are taken as an answer: a lost answer is worse than a remark not understood.
SURE_ENOUGH = 0.6
ASKS_DANGER = "A1"
_SURE = {"danger": 0.8, "raise_level": 0.7, "correct": 0.75}
PERHAPS_DANGER = 0.6
# A call for help names danger, help or a number; a story of a blow is a story, and the finder reads those.
_CALL = re.compile(
    r"\b(?:112|999|911|help|gevaar|nood\w*|spoed|politie|ambulance|bel|alarm|achterwacht|danger\w*|emergency|police|call|urgent|nu|now|bedreig\w*|ademt|breath\w*|veilig|safe)\b"
)
# Single words that can hardly mean anything else.
_COMMANDS = {
    "help": "help",
    "waarom": "why",
    "why": "why",
    "terug": "back",
    "back": "back",
    "pauze": "pause",
    "pause": "pause",
}
_ANSWERED_FIRST = {"goodbye", "thanks", "want_contact", "my_cases", "open_alerts", "are_you_a_bot", "switch_language"}
_ABOUT_ME = re.compile(
    r"\b(?:\w*bot|bots|robots?|mens|program\w*|computer\w*|machine|ai|gpt|chatgpt|human|person|persoon|echt|echte|real|jij|jou|je|u|you"
    r"|pluis|\w*automat\w*|achter|kant|praat|spreek|typing|talking|speaking|chatting|behind|name|ur|intelligence)\b"
)
_FAREWELL = re.compile(
    r"\b(?:doei\w*|dag|daag|tot|later|laters|bye|byebye|goodbye|see|cheers|ciao|houdoe|hoi|joe|fijne|welterusten|goedenavond|night|evening"
    r"|weekend|stop|stoppen|klaar|naar huis|take care|ttyl|cya|ik ga|i'm off|im off|gotta go|have to go|moet gaan|done"
    r"|sluit|hang op|log|logging|signing|bed|groet\w*|prettige|slaap|mazzel|was het|that's me|heading|until|till"
    r"|nice day|good one)\b"
)
# How somebody begins who takes words back.
CORRECTION = re.compile(
    r"\W*(?:(?:oh?|ow|nee|no|ja|yes)\W+)?(?:wacht|wait|correctie|correction)\b(?!\W+(?:even|tot|op|op een|for|until)\b)",
    re.IGNORECASE,
)
UNKNOWN = re.compile(
    r"\b(?:weet (?:ik |het |t |ik het )?niet|geen idee|niet gezien|(?:don't|dont|do not) know|no idea|not sure|not seen)\b"
)


def settle(verb: str, confidence: float | None, text: str, open_question: str | None) -> str:
    """Whether short words are a remark about the conversation or an answer.

    "Er is niemand in gevaar" answers the question about danger, and calls nobody.
    """
    said = plain(text)
    if said in _COMMANDS:
        return _COMMANDS[said]
    if verb in ("answer", "correct") and CORRECTION.match(said):
        return "correct"
    if verb in _ANSWERED_FIRST and re.match(r"(?:ja|nee|yes|no|yeah|nope)\b", said) and " " in said:
        # "Nee, ik wil naar huis" answers first and says goodbye after that.
        return "answer"
    if verb == "goodbye" and len(said.split()) > 3 and not _FAREWELL.search(said):
        # "Ik bel hem volgende week" is a plan and no goodbye.
        return "answer"
    if verb == "are_you_a_bot" and said and not _ABOUT_ME.search(said):
        return "answer"
    if verb == "answer":
        return verb
    if verb == "danger" and (open_question == ASKS_DANGER or denies(text)):
        return "answer"
    sure = 1.0 if confidence is None else confidence
    if verb == "danger" and (sure < _SURE["danger"] or not _CALL.search(said)):
        return "perhaps_danger" if sure >= PERHAPS_DANGER else "answer"
    return verb if sure >= _SURE.get(verb, SURE_ENOUGH) else "answer"
