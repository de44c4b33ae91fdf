"""The second view of a contact note: three columns, as in Signs of Safety. Pure; from a visit as plain data."""

from pluis.store.base import Json


def columns(visit: Json) -> Json:
    """`worries`, `works` and `must_happen`: lines `{"text", "more"}`, where `more` is who says so or what protects.

    Worries are signals that count and what is not known; nothing here is weighed anew.
    """
    signals = [*visit["told_by_others"], *visit["observed"]]
    worries = [{"text": _named(one), "more": one["words"], "source": one["source"]} for one in signals]
    return {
        "worries": worries,
        "works": [{"text": _named(one), "more": one["words"], "source": one["source"]} for one in visit["strengths"]],
        "must_happen": [
            *({"text": text, "more": "", "source": None} for text in visit["agreements_made"]),
            *({"text": text, "more": "", "source": "find_out"} for text in visit["unknowns"]),
        ],
    }


def _named(signal: Json) -> str:
    return f"{signal['name']} ({signal['about']})" if signal["about"] else str(signal["name"])
