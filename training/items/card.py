"""The item bundle's card: what it learned from, what it is worth, and where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.items.evaluate import RecallRow, table

_TEXT = """# {name}

Makes one vector of 256 numbers of an item's title, text, tags, year and pictures. Items whose
vectors are close are liked by the same people and share a group of genres.

- Text: words of English and nouns of Korean ({terms} terms), latent semantic analysis.
- Pictures: embeddings by the classifier `{pictures_by}`, {pooled}.
- Fusion: weighted concatenation plus one hidden layer, supervised contrastive loss.
- Licence: {licence}.

## Learned from

{films} films with {posters} posters ({korean} with a Korean text), and who rated them. The bundle
holds words and weights; no text, poster or rating is in it.

## Measured

On {test} films that an encoder of the same recipe never saw ({learn} to learn from, {stop} to stop
by; split by film). Similar are films that share a group of genres, and of which one is among the 20
of all that are most liked by the people who like the other. A film is asked for among the held-back
films. The first three columns are the share of films with a similar one among the nearest k (the
thesis's recall), the next two the share of its similar films that are among them (the field's); in
brackets 95 % bootstrap intervals. The bundle itself then learned from all films, for
as many epochs ({epochs}) as were best for that encoder.

{rows}

Not learned, on the same films:

{baselines}

## Limits

- Genres are half of what "similar" means here: the rows without genres are the harder test.
- Few of the films have a Korean text: of Korean words it knows {korean_terms}.
- It learned from posters and plots of films. Photographs and captions of posts are another world:
  until somebody measures it there, take what it says of posts as a guess.
"""


@dataclass(frozen=True)
class Facts:
    """What the card tells."""

    name: str
    pictures_by: str
    pooled: str
    licence: str
    terms: int
    korean_terms: int
    films: int
    posters: int
    korean: int
    learn: int
    stop: int
    test: int
    epochs: int


def write_card(facts: Facts, rows: Sequence[RecallRow], baselines: Sequence[RecallRow]) -> str:
    """The card as Markdown."""
    return _TEXT.format(**vars(facts), rows=table(rows), baselines=table(baselines))
