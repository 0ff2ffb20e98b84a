"""The model card: what was measured on which videos, what it allows to say, and what not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.engagement.effect import Effect
from training.engagement.looks import VisualTrait
from training.engagement.numbers import Numbers

_TEXT = """# {name}: what a thumbnail does for {target}

**{verdict}**

{videos} videos of {channels} channels. What is predicted is log(1 + {target}). Each model is
measured on channels that it was not fitted to (ten folds; five where a network was fine-tuned). In
brackets: 95 % bootstrap intervals over channels.

{table}

*Own effect* is the R² of both minus the R² of {known} alone: what the picture adds. *Factor* is by
how much {target} are multiplied, beyond what {known} say, where the thumbnail's score is one
standard deviation higher.

![predicted and counted](plot.png)

## Looks

By how much {target} are multiplied, beyond what {known} say, where a thumbnail has one standard
deviation more of a look. The intervals hold together with 95 % (Bonferroni, {count} looks).

{looks}

`more.jpg` and `fewer.jpg` show the thumbnails of both ends of the score, each beside its
class-activation map (red: where the score comes from). They show other people's pictures: keep them
where the data is kept. They are no part of the bundle.

## How

- Embedding: `{embedding}`. Frozen: its first principal components, ridge regression; the ridge is
  chosen by channels that are left out. The thumbnail's part of both models is fitted to what
  {known} leave unexplained.
- *squared* is the mean squared error, *Huber* the robust loss.
- The bundle holds the weights of the thumbnail's part, by squared error, fitted to all videos with
  the network frozen.
{tuned}
## Limits

- Videos were observed, nothing was tried out: what goes with {target} need not cause them. A look
  can stand for a topic, a format or a language.
- The interval tells of channels like these. Other channels and other years are other data.
- The score is no forecast of {target}: it says nothing of a channel's size or a video's age.
"""


_TUNED = """\
- A fine-tuned network (by squared error) starts with the heads of the frozen one. A fifth of the
  channels that it may learn from say after which epoch it is best, which may be before the first.
"""


@dataclass(frozen=True)
class Measured:
    """All that the card tells. ``tuned`` are the effects by fine-tuned networks, if there are."""

    name: str
    numbers: Numbers
    embedding: str
    effects: Sequence[Effect]
    looks: Sequence[VisualTrait]
    tuned: Sequence[Effect] = ()

    @property
    def found(self) -> bool:
        """Whether every loss finds an effect of the picture's own."""
        return all(effect.found for effect in self.effects)

    @property
    def verdict(self) -> str:
        """The one sentence that counts."""
        known, target = " and ".join(self.numbers.known), self.numbers.target
        first = self.effects[0]
        if not self.found:
            return (
                f"No effect found: beside {known}, the thumbnail tells nothing of {target} that "
                f"could not be chance (R² {first.own})."
            )
        return (
            f"An effect was found: beside {known} (R² {first.context}), the thumbnail adds "
            f"{first.own} to R²."
        )


def write_card(told: Measured) -> str:
    """The card as Markdown."""
    return _TEXT.format(
        name=told.name,
        target=told.numbers.target,
        verdict=told.verdict,
        videos=len(told.numbers.counted),
        channels=int(told.numbers.channel.max()) + 1,
        known=" and ".join(told.numbers.known),
        table=_table(told),
        count=len(told.looks),
        looks=_looks(told.looks),
        embedding=told.embedding,
        tuned=_TUNED if told.tuned else "",
    )


def _table(told: Measured) -> str:
    known = " and ".join(told.numbers.known)
    lines = [
        f"| network | loss | R² of {known} | R² of the thumbnail | R² of both | own effect "
        "| factor | |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.network} | {one.loss} | {one.context} | {one.picture} | {one.both} | {one.own} "
        f"| {one.factor} | {'effect found' if one.found else 'no effect found'} |"
        for one in (*told.effects, *told.tuned)
    ]
    return "\n".join(lines)


def _looks(looks: Sequence[VisualTrait]) -> str:
    rows = [f"| {one.name} | {one.factor} | {one.says} |" for one in looks]
    return "\n".join(["| look | factor | |", "| --- | --- | --- |", *rows])
