"""The report: tables, the thesis's figures beside ours, and what replicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from training.items.evaluate import RecallRow
from training.items.losses import LOSSES
from training.items.split import Split
from training.items.thesis.experiments import CONV, MLP
from training.items.thesis.published import PUBLISHED

Done = Mapping[str, Mapping[str, Any]]

NOTHING = "nothing learned: no epoch was better than the start"

_HEAD = """| | recall@1 | @10 | @20 | field's @20 | mAP | best epoch |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |"""
# The thesis's names of losses, in its order from best to worst.
_ORDER = ("z-sigmoid", "vse++", "triplet-hard", "triplet-semi-hard", "contrastive")


def page(
    plain: Sequence[RecallRow], done: Done, missing: Sequence[str], split: Split, width: float
) -> str:
    """The report as Markdown; ``missing`` names the rows that are not finished yet."""
    parts = [
        f"{len(split.learn)} films to learn from, {len(split.stop)} to stop by, {len(split.test)} "
        "to test with. A film is its title, its first text and its poster: no genres, no year. "
        f"The convolutions have {width:g} times the thesis's filters.",
        "### The thesis's figures beside ours",
        _beside(plain, done),
        "### All rows",
        "\n".join(
            [_HEAD, *(_line(one, "–") for one in plain), *(_trained(d) for d in done.values())]
        ),
        "### What replicates",
        _verdicts(plain, done),
    ]
    if missing:
        parts.append(f"Not finished: {'; '.join(missing)}.")
    return "\n\n".join(parts) + "\n"


def _line(one: RecallRow, epochs: str) -> str:
    low, high = one.intervals["recall"][2]
    return (
        f"| {one.name} | {one.recall[0]:.1f} | {one.recall[1]:.1f} | {one.recall[2]:.1f} "
        f"[{low:.1f}, {high:.1f}] | {one.recall_field[2]:.1f} | {one.map:.1f} | {epochs} |"
    )


def _trained(data: Mapping[str, Any]) -> str:
    still = "" if data["epochs"] else NOTHING
    said = "; ".join(note for note in (data["note"], data["weights"], still) if note)
    found = RecallRow(**data["row"])
    named = RecallRow(
        f"{found.name} ({said})" if said else found.name,
        found.recall,
        found.recall_field,
        found.map,
        found.intervals,
    )
    return _line(named, str(data["epochs"]))


def _beside(plain: Sequence[RecallRow], done: Done) -> str:
    convolved, fused = _by_loss(done, CONV), _by_loss(done, MLP)
    ours = {
        "VSE++": "vse++",
        "triplet, hard negatives": "triplet-hard",
        "triplet, semi-hard negatives": "triplet-semi-hard",
        "contrastive": "contrastive",
        "KoBERT × EfficientNet-B7, Z·σ(Z)": "z-sigmoid",
    }
    untrained = {
        "k-nearest neighbours": plain[2],
        "untrained concatenation": plain[0],
    }
    lines = [
        "| | thesis @1 / 10 / 20 | ours, convolutions | ours, MLP |",
        "| --- | ---: | ---: | ---: |",
    ]
    for one in PUBLISHED:
        told = " / ".join("–" if value is None else f"{value:.1f}" for value in one.recall)
        if one.name in ours:
            loss = ours[one.name]
            cells = [_three(rows.get(loss)) for rows in (convolved, fused)]
        else:
            cells = [_three(untrained[one.name]), "–"]
        lines.append(f"| {one.name} | {told} | {cells[0]} | {cells[1]} |")
    cells = [_three(rows.get("info-nce")) for rows in (convolved, fused)]
    lines.append(f"| supervised contrastive (not in the thesis) | – | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def _three(found: RecallRow | None) -> str:
    return "–" if found is None else " / ".join(f"{value:.1f}" for value in found.recall)


def _by_loss(done: Done, fusion: str) -> dict[str, RecallRow]:
    """The rows of each loss, with the first text and image network."""
    first = next(iter(done.values()))["experiment"]
    return {
        data["experiment"]["loss"]: RecallRow(**data["row"])
        for data in done.values()
        if data["experiment"] | {"loss": "", "fusion": ""} == first | {"loss": "", "fusion": ""}
        and data["experiment"]["fusion"] == fusion
    }


def _verdicts(plain: Sequence[RecallRow], done: Done) -> str:
    each = {fusion: _by_loss(done, fusion) for fusion in (CONV, MLP)}
    lines = []
    for name, every in each.items():
        rows = each[name] = {k: one for k, one in every.items() if done[one.name]["epochs"]}
        if still := [loss for loss in every if loss not in rows]:
            lines.append(f"- {NOTHING.capitalize()}, {name}: {', '.join(still)}.")
        known = [loss for loss in LOSSES if loss in rows]
        if not known:
            continue
        ranked = sorted(known, key=lambda loss: -rows[loss].recall[2])
        lines.append(f"- Losses by recall@20, {name}: {_ranking(ranked, rows)}.")
        lines += [_order(name, rows)] if all(loss in rows for loss in _ORDER) else []
    learned = [rows["z-sigmoid"] for rows in each.values() if "z-sigmoid" in rows]
    if learned:
        top = max(learned, key=lambda one: one.recall[2])
        low, high = top.intervals["recall"][2]
        ours = plain[0].recall[2]
        verdict = "replicates" if low > ours else "does not replicate here"
        lines.append(
            f"- That learning by Z·σ(Z) beats the untrained concatenation ({ours:.1f} at 20) "
            f"{verdict}: {top.recall[2]:.1f} [{low:.1f}, {high:.1f}]; in the thesis 81.9 and 5.1."
        )
    lines.append(f"- Best of all at 10: {best_of(done)}.")
    lines.append(
        "- The absolute figures are of other films, another relation and another number of films "
        "to look through, and cannot be compared; the order of the losses can."
    )
    return "\n".join(lines)


def best_of(done: Done) -> str:
    """The name of the row with the highest recall@10."""
    return max(done, key=lambda name: float(done[name]["row"]["recall"][1]))


def _ranking(ranked: Sequence[str], rows: Mapping[str, RecallRow]) -> str:
    return ", ".join(f"{loss} {rows[loss].recall[2]:.1f}" for loss in ranked)


def _order(name: str, rows: Mapping[str, RecallRow]) -> str:
    """How many of the ten pairs of losses have the thesis's order, and which surely."""
    pairs = [(rows[a], rows[b]) for at, a in enumerate(_ORDER) for b in _ORDER[at + 1 :]]
    agree = sum(better.recall[2] > worse.recall[2] for better, worse in pairs)
    surely = sum(
        better.intervals["recall"][2][0] > worse.intervals["recall"][2][1]
        for better, worse in pairs
    )
    return (
        f"- Of the thesis's {len(pairs)} pairs of losses {agree} have the same order here, "
        f"{surely} with intervals that do not overlap ({name})."
    )
