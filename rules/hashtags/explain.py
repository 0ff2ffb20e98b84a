"""How a hashtag was resolved, step by step, for people to read."""

from __future__ import annotations

from collections.abc import Iterator

from rules.hashtags.resolve import Resolution, Step, steps
from rules.verdicts.ruleset import Ruleset

WIDTH = 14
MOST_TRIED = 6
NOTHING = "nothing that can be seen"


def explain(found: Resolution, ruleset: Ruleset) -> Iterator[str]:
    """One line per way that was tried, up to the one that held, with who wrote its entry."""
    yield _line("written", found.normalised or "nothing is left of it")
    for step in steps(found.normalised, found.segments, ruleset.lexicon):
        yield _line(step.way, _outcome(step, ruleset))
        if step.found:
            implied = [name for name in found.categories if name not in step.claims]
            if implied:
                yield _line("implies", ", ".join(implied))
            return


def _outcome(step: Step, ruleset: Ruleset) -> str:
    if step.found is None:
        tried = ", ".join(dict.fromkeys(step.tried[:MOST_TRIED]))
        more = " …" if len(step.tried) > MOST_TRIED else ""
        return f"no: {tried}{more}" if tried else "no: nothing to try"
    entry = ruleset.lexicon.entries.get(step.found)
    is_visible = step.found in ruleset.lexicon.visible
    nothing = "something one can see, which no category covers" if is_visible else NOTHING
    claims = ", ".join(step.claims) or nothing
    source = f" ({entry.who}, {entry.when}{': ' + entry.why if entry.why else ''})" if entry else ""
    return f"{step.found}: {claims}{source}"


def _line(name: str, text: str) -> str:
    return f"  {name:<{WIDTH}}{text}"
