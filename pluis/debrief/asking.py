"""Put a question into words: names filled in, buttons made, a list to tick where it is about several people."""

from pluis.debrief import summary
from pluis.debrief.found import ask, ask_upgrade
from pluis.debrief.reply import Button, Item, Message
from pluis.debrief.work import Work
from pluis.protocol.facts import Facts, rank
from pluis.protocol.order import CONFIRM, DANGER, Asked, Step, in_order, next_step, progress
from pluis.protocol.read import fill
from pluis.protocol.schema import Question
from pluis.protocol.told_before import AS_TOLD, told_before

# After these the open question comes again as it was, so that its summary need not.
_ASIDE = ("unclear", "why", "help", "thanks", "my_cases", "open_alerts", "are_you_a_bot", "want_contact", "summary")


def put_next(work: Work) -> Step:
    """Ask what comes next and remember that it is open. Closing is up to the caller: then the key is None."""
    facts = work.facts()
    every = list(in_order(work.protocol.blocks, facts))
    step, work.progress = next_step(work.protocol.blocks, facts, every), progress(facts, every)
    again = step.key == work.debrief.open_question and work.verb in _ASIDE
    work.debrief.open_question = step.key
    if step.key is not None and step.key == work.unclear:
        work.say("did_not_understand")
    if step.key is not None:
        work.messages.append(message_for(work, step, facts, again))
    return step


def message_for(work: Work, step: Step, facts: Facts, again: bool = False) -> Message:
    """The message that asks this step."""
    if step.key == CONFIRM:
        return ask(work, step.findings)
    if step.key == DANGER:
        return Message(
            work.text("danger_continue"),
            kind="question",
            key=DANGER,
            buttons=(Button(work.text("button_continue"), f"{DANGER}=continue"),),
        )
    if step.asked is None:
        assert step.key is not None
        return ask_upgrade(work, step.key.partition("/")[2])
    return question(work, step.asked, facts, again)


def question(work: Work, asked: Asked, facts: Facts, again: bool = False) -> Message:
    """A question of the questionnaire as a message. `again`: it stood open already, and nothing has changed."""
    entry, language = asked.question, work.language
    together = entry.together
    wording = together.ask if asked.all and together and len(asked.all) > 1 else entry.ask
    subject = asked.subject or (asked.all[0] if len(asked.all) == 1 else None)
    text = wording_for(wording[language], asked, subject.name if subject else "", facts)
    if entry.shows == "summary" and not again:
        text = f"{summary.text(work, facts)}\n\n{text}"
    buttons = _buttons(work, asked, facts)
    if known := told_before(asked, facts):
        text = f"{work.text('told_before', words=' / '.join(one.words for one in known))}\n\n{text}"
        if entry.text:
            buttons = (Button(work.text("button_as_told"), f"{asked.key}={AS_TOLD}"), *buttons)
    hint = wording_for(entry.hint[language], asked, subject.name if subject else "", facts) if entry.hint else ""
    return Message(
        text,
        kind="summary" if entry.shows == "summary" else "question",
        key=asked.key,
        hint=hint,
        buttons=buttons,
        items=_items(work, asked),
        several=entry.several,
        preselect=bool(asked.all and together and together.preselect),
    )


def wording_for(text: str, asked: Asked, name: str, facts: Facts) -> str:
    """Fill in who or what a question is about."""
    names = [subject.name for subject in asked.all] or [s.name for s in facts.subjects if s.kind == "agreement"]
    parents = [s.name for s in facts.adults if s.parent] or [s.name for s in facts.adults]
    return fill(text, child=name, adult=name, name=name, list=", ".join(names), parents=", ".join(parents))


def _buttons(work: Work, asked: Asked, facts: Facts) -> tuple[Button, ...]:
    entry, language = asked.question, work.language
    if asked.all and entry.together and len(asked.all) > 1:
        return tuple(Button(title[language], f"{asked.key}={choice}") for choice, title in entry.together.same.items())
    offered = [choice for choice in entry.choices if not _too_low(entry, choice.id, facts)]
    return tuple(Button(choice.title[language], f"{asked.key}={choice.id}") for choice in offered)


def _too_low(entry: Question, choice: str, facts: Facts) -> bool:
    """Raising offers only what is higher than the level now."""
    return entry.records == "raise" and rank(as_level(choice)) <= rank(facts.level)


def as_level(choice: str) -> str:
    """Choices cannot hold a plus sign as an id everywhere, so `l2plus` stands for L2+."""
    return choice.upper().replace("_", "").replace("PLUS", "+")


def _items(work: Work, asked: Asked) -> tuple[Item, ...]:
    entry, language = asked.question, work.language
    if not asked.all or entry.together is None or not entry.choices:
        return ()
    choices = tuple(Button(choice.title[language], choice.id) for choice in entry.choices)
    items = [Item(subject.id, subject.name, choices=choices) for subject in asked.all]
    if entry.together.stranger:
        no_yes = (Button(work.text("button_no_plain"), "no"), Button(work.text("button_yes_plain"), "yes"))
        items.append(Item("stranger", entry.together.stranger[language], choices=no_yes))
    return tuple(items)
