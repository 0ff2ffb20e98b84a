"""Parse the text of a rule into an expression."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from rules.errors import RulesetError, SourcePlace, nearest
from rules.verdicts.expression import And, AtLeast, Compare, Expression, Label, Not, Or

MAX_LETTERS = 2000
MAX_DEPTH = 32

_PARSER = Lark(
    Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8"),
    start="rule",
    parser="lalr",
    maybe_placeholders=False,
)
_WORDS = {
    "NAME": "a label",
    "LPAR": "'('",
    "RPAR": "')'",
    "COMMA": "','",
    "INTEGER": "a number",
    "DECIMAL": "a number",
    "OPERATOR": "a comparison",
    "_OR": "'or'",
    "_AND": "'and'",
    "_NOT": "'not'",
    "_OF": "'of'",
    "$END": "the end",
}


def parse(
    text: str, known: Collection[str] | None = None, place: SourcePlace | None = None
) -> Expression:
    """Read one rule.

    Args:
        text: the rule, at most 2,000 characters and 32 levels deep.
        known: the labels that may be named; None allows any.
        place: where the text begins, for the error's caret.

    Raises:
        RulesetError: the text is no rule, or names an unknown label.
    """
    start = place or SourcePlace("rule", 1, 1, text)
    if len(text) > MAX_LETTERS:
        raise RulesetError(f"the rule has {len(text)} letters; at most {MAX_LETTERS}", start)
    if _depth(text) > MAX_DEPTH:
        raise RulesetError(f"the rule is nested more than {MAX_DEPTH} levels deep", start)
    return _read(text, known, start)


def parse_printed(text: str) -> Expression:
    """Parse the ``str()`` of an expression, without the limits on length and depth.

    Printing adds parentheses, so a rule at the limits is printed beyond them.

    Raises:
        RulesetError: the text is no rule.
    """
    return _read(text, None, SourcePlace("rule", 1, 1, text))


def _read(text: str, known: Collection[str] | None, start: SourcePlace) -> Expression:
    try:
        tree = _PARSER.parse(text)
        expression: Expression = _Build(known, start, text).transform(tree)
    except UnexpectedInput as error:
        raise _unexpected(error, text, start) from None
    except VisitError as error:
        if isinstance(error.orig_exc, RulesetError):
            raise error.orig_exc from None
        raise
    return expression


@v_args(inline=True)
class _Build(Transformer[Token, Expression]):
    """Builds expressions from the parse tree, bottom up."""

    def __init__(self, known: Collection[str] | None, start: SourcePlace, text: str) -> None:
        super().__init__()
        self._known = known
        self._start = start
        self._text = text

    def disjunction(self, *terms: Expression) -> Expression:
        return Or(_flat(Or, terms))

    def conjunction(self, *terms: Expression) -> Expression:
        return And(_flat(And, terms))

    def negated(self, term: Expression) -> Expression:
        return Not(term)

    def any_of(self, *terms: Expression) -> Expression:
        return Or(_flat(Or, terms)) if len(terms) > 1 else terms[0]

    def all_of(self, *terms: Expression) -> Expression:
        return And(_flat(And, terms)) if len(terms) > 1 else terms[0]

    def at_least(self, count: Token, *terms: Expression) -> Expression:
        if not 1 <= int(count) <= len(terms):
            what = f"at least {count} of {len(terms)} can never be decided by what is seen"
            raise RulesetError(what, _shift(self._start, self._text, count.start_pos))
        return AtLeast(int(count), terms)

    def label(self, name: Token) -> Expression:
        return Label(self._checked(name))

    def compare(self, name: Token, operator: Token, number: float) -> Expression:
        return Compare(self._checked(name), str(operator), number)

    def number(self, token: Token) -> float:
        value = float(token)
        if value > 1:
            what = f"a score lies between 0 and 1, and {token} does not"
            raise RulesetError(what, _shift(self._start, self._text, token.start_pos))
        return value

    def _checked(self, name: Token) -> str:
        if self._known is not None and name not in self._known:
            place = _shift(self._start, self._text, name.start_pos)
            hint = nearest(name, self._known)
            raise RulesetError(f"no label is called {str(name)!r}", place, hint)
        return str(name)


def _flat(kind: type[And | Or], terms: Sequence[Expression]) -> tuple[Expression, ...]:
    """Flatten ``a or (b or c)`` to ``a or b or c``."""
    flat: list[Expression] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, kind) else (term,))
    return tuple(flat)


def _depth(text: str) -> int:
    """The most parentheses and negations open at once."""
    depth = deepest = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    return deepest + max(0, _longest_chain_of_not(text) - 1)


def _longest_chain_of_not(text: str) -> int:
    longest = chain = 0
    for word in text.replace("(", " ").replace("아닌", " not ").lower().split():
        chain = chain + 1 if word == "not" else 0
        longest = max(longest, chain)
    return longest


def _unexpected(error: UnexpectedInput, text: str, start: SourcePlace) -> RulesetError:
    at = len(text.rstrip()) if error.pos_in_stream in (None, -1) else error.pos_in_stream
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        at, what = len(text.rstrip()), "the rule ends too early"
    else:
        found = str(token) if token is not None else text[at : at + 1]
        what = f"{found!r} cannot stand here"
    expected = set(getattr(error, "expected", ()) or getattr(error, "allowed", ()) or ())
    words = sorted({_WORDS[name] for name in expected if name in _WORDS} - {"the end"})
    hint = f"Expected {', '.join(words)}." if words else ""
    return RulesetError(what, _shift(start, text, at or 0), hint)


def _shift(start: SourcePlace, text: str, position: int | None) -> SourcePlace:
    before = text[: position or 0]
    line = before.count("\n")
    if not line:
        return SourcePlace(start.file, start.line, start.column + len(before), start.text)
    column = len(before) - before.rfind("\n")
    return SourcePlace(start.file, start.line + line, column, text.split("\n")[line])
