"""Random rules and random sights of them."""

from __future__ import annotations

from hypothesis import strategies as st

from rules.verdicts.expression import And, AtLeast, Compare, Expression, Label, Not, Or
from rules.verdicts.sight import Seen

NAMES = ("food", "drink", "adult", "child", "sea")

truths = st.sampled_from([True, False, None])
scores = st.floats(0, 1).map(lambda score: round(score, 3)) | st.sampled_from(
    [0.000000001, 0.00001, 0.999999999, 0.1, 0.9]
)
names = st.sampled_from(NAMES)
leaves: st.SearchStrategy[Expression] = st.builds(Label, names) | st.builds(
    Compare, names, st.sampled_from([">=", "<=", ">", "<"]), scores
)


def _flat(kind: type[And | Or], terms: list[Expression]) -> Expression:
    """As the parser builds them: no conjunction directly within a conjunction."""
    flat: list[Expression] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, kind) else (term,))
    return kind(tuple(flat))


def _grow(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=4)
    counted = several.flatmap(
        lambda terms: st.integers(1, len(terms)).map(lambda n: AtLeast(n, tuple(terms)))
    )
    return (
        st.builds(Not, inner)
        | several.map(lambda terms: _flat(And, terms))
        | several.map(lambda terms: _flat(Or, terms))
        | counted
    )


expressions: st.SearchStrategy[Expression] = st.recursive(leaves, _grow, max_leaves=8)
seen: st.SearchStrategy[Seen] = st.builds(
    Seen, score=scores, fact=truths, true_at=st.none() | scores, false_at=st.none() | scores
)
sights = st.dictionaries(names, seen)
