"""A ruleset: categories with their rules, read from YAML and refused if anything is wrong."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from rules.errors import RulesetError, SourcePlace, nearest
from rules.hashtags.lexicon import LEXICON, VISIBLE, Lexicon, read_lexicon, shipped_lexicon
from rules.shown import UNSHOWN
from rules.verdicts.document import Value, read_document
from rules.verdicts.evaluate import evaluate
from rules.verdicts.expression import Expression, labels
from rules.verdicts.parse import parse
from rules.verdicts.possible import can_be
from rules.verdicts.sight import Seen

DEFAULT = Path(__file__).resolve().parents[1] / "default.yaml"
PARTS = frozenset({"labels", "categories"})
LONGEST_NAME = 100  # also of a title: verdicts are indexed by names, and pages show both
FIELDS = frozenset({"title", "parent", "rule", "matches", "not_matches"})


@dataclass(frozen=True)
class Category:
    """What a hashtag can claim. Without a rule its hashtags cannot be verified yet.

    A hashtag of a category also claims the category's ``parent`` (a cat is a pet), but the
    category's own rule judges it.
    """

    name: str
    titles: Mapping[str, str]
    rule: Expression | None
    parent: str | None = None
    place: SourcePlace | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Ruleset:
    """Categories, the hashtags that claim them, and the labels' names in both languages.

    ``name`` is made of the file's stem and a digest of its bytes, and stays the same wherever the
    text is used.
    """

    name: str
    categories: Mapping[str, Category]
    lexicon: Lexicon
    titles: Mapping[str, Mapping[str, str]]

    @property
    def id(self) -> str:
        """An id of rules and lexicon together; it changes with either."""
        return f"{self.name}+{self.lexicon.digest[:6]}"


def load_ruleset(
    path: Path, known: Collection[str] | None, lexicon_path: Path = LEXICON
) -> Ruleset:
    """Read a ruleset and its lexicon.

    Args:
        path: the YAML file.
        known: the labels that rules may name; None allows any.
        lexicon_path: the CSV file of hashtags.

    Raises:
        RulesetError: the first thing that is wrong, with its place.
    """
    is_shipped = lexicon_path == LEXICON
    lexicon = shipped_lexicon() if is_shipped else read_lexicon(lexicon_path)
    return read_ruleset(_read(path), str(path), known, lexicon)


def read_ruleset(
    data: bytes, file: str, known: Collection[str] | None, lexicon: Lexicon
) -> Ruleset:
    """A ruleset from the bytes of a YAML file, with a lexicon that was read before.

    Args:
        data: the file's bytes.
        file: its name in errors; the ruleset's name begins with its stem.
        known: the labels that rules may name; None allows any.
        lexicon: the hashtags; each of their categories must be one of the ruleset's.

    Raises:
        RulesetError: the first thing that is wrong, with its place.
    """
    content = read_document(data, file)
    fields = content.content if isinstance(content.content, dict) else {}
    found = fields.get("categories", Value(None, content.place))
    if not isinstance(found.content, dict) or not found.content:
        raise RulesetError("there are no categories", found.place)
    reader = _Reader(known)
    categories = {name: reader.category(name, body) for name, body in found.content.items()}
    titles = _label_titles(fields.get("labels"))
    for name, body in fields.items():
        if name not in PARTS:
            # Most likely a category that is not indented, which would do nothing.
            what = f"{name!r} stands beside the categories, where it has no effect"
            raise RulesetError(what, body.place, nearest(name, sorted(PARTS)))
    for category in categories.values():
        _check_parent(category, categories)
    for key, claims in lexicon.claims.items():
        for name in claims:
            if name not in categories:
                entry = lexicon.entries[key]
                place = SourcePlace(lexicon.file, entry.line, 1, entry.text)
                what = f"no category is called {name!r}"
                raise RulesetError(what, place, nearest(name, categories))
    # A guess is not a person's entry: one with a category that this ruleset lacks is dropped
    # silently.
    guesses = {tag: name for tag, name in lexicon.learned.items() if name in categories}
    if len(guesses) < len(lexicon.learned):
        lexicon = dataclasses.replace(lexicon, learned=guesses)
    digest = hashlib.sha256(data).hexdigest()[:12]
    return Ruleset(f"{Path(file).stem}-{digest}", categories, lexicon, titles)


class _Reader:
    """Reads categories, with the labels that rules may name."""

    def __init__(self, known: Collection[str] | None) -> None:
        self._known = known

    def category(self, name: str, body: Value) -> Category:
        here, fields = body.place, body.content
        _check_shown(name, "the name of a category", here)
        if name == VISIBLE:
            what = f"no category can be called {name!r}: it says that no category covers a hashtag"
            raise RulesetError(what, here)
        if not isinstance(fields, dict):
            raise RulesetError(f"category {name!r} has no content", here)
        for field in fields.keys() - FIELDS:
            hint = nearest(field, sorted(FIELDS))
            raise RulesetError(f"category {name!r} has an unknown field {field!r}", here, hint)
        titles = _titles(fields.get("title"), f"category {name!r}", here)
        above = fields.get("parent", Value(None, here))
        if not isinstance(above.content, str | None):
            raise RulesetError(f"the parent of category {name!r} must be a name", above.place)
        written = fields.get("rule", Value(None, here))
        if written.content is None:
            return Category(name, titles, None, above.content, here)
        rule = self._rule(name, written)
        self._check_examples(name, rule, fields, here)
        return Category(name, titles, rule, above.content, here)

    def _rule(self, name: str, written: Value) -> Expression:
        if not isinstance(written.content, str):
            raise RulesetError(f"the rule of category {name!r} must be a text", written.place)
        try:
            rule = parse(written.content, self._known, written.place)
        except RulesetError as error:
            if written.exact:
                raise
            # Folded over lines, or with escapes: only where it begins can be shown.
            raise RulesetError(error.what, written.place, error.hint) from None
        for value, word in ((True, "never be true"), (False, "never be false")):
            if not can_be([rule], value=value):
                raise RulesetError(f"the rule of category {name!r} can {word}", written.place)
        return rule

    def _check_examples(
        self, name: str, rule: Expression, fields: Mapping[str, Value], here: SourcePlace
    ) -> None:
        for field, wanted in (("matches", True), ("not_matches", False)):
            examples = fields.get(field)
            if examples is None or not isinstance(examples.content, list) or not examples.content:
                raise RulesetError(f"category {name!r} needs an example under {field!r}", here)
            for example in examples.content:
                value = evaluate(rule, self._sight(example, labels(rule)))
                if value is not wanted:
                    what = f"{example.plain()!r} under {field!r} makes {str(rule)!r} {_word(value)}"
                    raise RulesetError(what, example.place)

    def _sight(self, example: Value, asked: Collection[str]) -> dict[str, Seen]:
        names = example.plain()
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise RulesetError("an example lists the labels that are seen", example.place)
        for name in names:
            if self._known is not None and name not in self._known:
                what = f"no label is called {name!r}"
                raise RulesetError(what, example.place, nearest(name, self._known))
        return example_sight(names, asked)


def _titles(value: Value | None, whose: str, here: SourcePlace) -> Mapping[str, str]:
    """A name in both languages."""
    titles = value.plain() if value is not None else None
    if not isinstance(titles, dict) or not {"en", "ko"} <= titles.keys():
        raise RulesetError(f"{whose} needs a title in en and ko", here)
    if not all(isinstance(title, str) and title for title in titles.values()):
        raise RulesetError(f"the titles of {whose} must be texts", here)
    for title in titles.values():
        _check_shown(title, f"a title of {whose}", here)
    return titles


def _check_shown(text: str, what: str, here: SourcePlace) -> None:
    """Check that a name or title can be shown on any page."""
    if len(text) > LONGEST_NAME:
        raise RulesetError(f"{what} has {len(text)} characters; at most {LONGEST_NAME}", here)
    if found := UNSHOWN.search(text):
        raise RulesetError(f"{what} contains U+{ord(found[0]):04X}, which no page shows", here)


def _label_titles(value: Value | None) -> Mapping[str, Mapping[str, str]]:
    if value is None or value.content is None:
        return {}
    if not isinstance(value.content, dict):
        raise RulesetError("'labels' holds a title in en and ko for each label", value.place)
    for name, one in value.content.items():
        _check_shown(name, "the name of a label", one.place)
    return {name: _titles(one, f"label {name!r}", one.place) for name, one in value.content.items()}


def _check_parent(category: Category, categories: Mapping[str, Category]) -> None:
    """Check that a category's parents exist and form no circle."""
    above, seen = category.parent, {category.name}
    while above is not None:
        if above not in categories:
            what = f"no category is called {above!r}"
            raise RulesetError(what, category.place, nearest(above, categories))
        if above in seen:
            raise RulesetError(f"category {above!r} is above itself", category.place)
        seen.add(above)
        above = categories[above].parent


def example_sight(names: Collection[str], asked: Collection[str]) -> dict[str, Seen]:
    """An image in which the named labels are seen, and the others that are asked about are not."""
    return {
        label: Seen(score=float(label in names), fact=label in names) for label in {*asked, *names}
    }


def _word(value: bool | None) -> str:
    return {True: "true", False: "false", None: "unknown"}[value]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RulesetError(f"{path} cannot be read: {error.strerror}") from None
