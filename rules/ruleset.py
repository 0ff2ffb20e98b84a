"""A ruleset: categories with their rules, read from YAML and refused where anything is off."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rules.errors import Place, RulesetError, nearest
from rules.evaluate import evaluate
from rules.expression import Expression, labels
from rules.lexicon import Lexicon, read_lexicon
from rules.parse import parse
from rules.possible import can_be
from rules.sight import Seen

LEXICON = Path(__file__).with_name("lexicon.csv")
DEFAULT = Path(__file__).with_name("default.yaml")
MAX_BYTES = 2**20
FIELDS = frozenset({"title", "parent", "rule", "matches", "not_matches"})


@dataclass(frozen=True)
class Category:
    """What a hashtag can claim. Without a rule its hashtags cannot be verified yet.

    What claims a category claims its ``parent`` too (a cat is a pet), and is judged by the
    category's own rule.
    """

    name: str
    titles: Mapping[str, str]
    rule: Expression | None
    parent: str | None = None
    place: Place | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Ruleset:
    """Categories, the hashtags that claim them, and the labels' names in both languages.

    ``id`` names the content, rules and lexicon together.
    """

    id: str
    categories: Mapping[str, Category]
    lexicon: Lexicon
    titles: Mapping[str, Mapping[str, str]]


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
    return read_ruleset(_read(path), str(path), known, read_lexicon(lexicon_path))


def read_ruleset(
    data: bytes, file: str, known: Collection[str] | None, lexicon: Lexicon
) -> Ruleset:
    """A ruleset from the bytes of a YAML file, with a lexicon that was read before.

    Args:
        data: the file's content.
        file: its name, for what is said of it; the ruleset's id begins with its stem.
        known: the labels that rules may name; None allows any.
        lexicon: the hashtags; each of their categories must be one of the ruleset's.

    Raises:
        RulesetError: the first thing that is wrong, with its place.
    """
    if len(data) > MAX_BYTES:
        raise RulesetError(f"{file} has {len(data)} bytes; at most {MAX_BYTES} are read")
    text = data.decode("utf-8", "replace")
    content, lines = _yaml(text, file), text.split("\n")
    reader = _Reader(file, lines, known)
    found = content.get("categories") if isinstance(content, dict) else None
    if not isinstance(found, dict) or not found:
        raise RulesetError("there are no categories", reader.place("categories"))
    categories = {str(name): reader.category(str(name), body) for name, body in found.items()}
    for category in categories.values():
        _check_parent(category, categories, reader)
    for entry in lexicon.entries.values():
        for name in entry.categories:
            if name not in categories:
                place = Place(lexicon.file, entry.line, 1, entry.text)
                what = f"no category is called {name!r}"
                raise RulesetError(what, place, nearest(name, categories))
    # A guess is nobody's word: one that another ruleset led to is dropped without a complaint.
    guesses = {tag: name for tag, name in lexicon.learned.items() if name in categories}
    if len(guesses) < len(lexicon.learned):
        lexicon = dataclasses.replace(lexicon, learned=guesses)
    digest = hashlib.sha256(data + lexicon.digest.encode()).hexdigest()[:12]
    titles = content.get("labels") or {}
    return Ruleset(f"{Path(file).stem}-{digest}", categories, lexicon, titles)


class _Reader:
    """Reads categories and knows where in the file each stands."""

    def __init__(self, file: str, lines: list[str], known: Collection[str] | None) -> None:
        self._file = file
        self._lines = lines
        self._known = known

    def category(self, name: str, body: Any) -> Category:
        here = self.place(f"{name}:")
        if not isinstance(body, dict):
            raise RulesetError(f"category {name!r} has no content", here)
        for field in body.keys() - FIELDS:
            hint = nearest(str(field), sorted(FIELDS))
            raise RulesetError(f"category {name!r} has an unknown field {field!r}", here, hint)
        titles = body.get("title")
        if not isinstance(titles, dict) or not {"en", "ko"} <= titles.keys():
            raise RulesetError(f"category {name!r} needs a title in en and ko", here)
        parent = None if body.get("parent") is None else str(body["parent"])
        if body.get("rule") is None:
            return Category(name, titles, None, parent, here)
        rule = parse(str(body["rule"]), self._known, self.place(str(body["rule"]), after=here.line))
        for value, word in ((True, "never be true"), (False, "never be false")):
            if not can_be([rule], value=value):
                raise RulesetError(f"the rule of category {name!r} can {word}", here)
        self._check_examples(name, rule, body, here)
        return Category(name, titles, rule, parent, here)

    def _check_examples(
        self, name: str, rule: Expression, body: dict[str, Any], here: Place
    ) -> None:
        for field, wanted in (("matches", True), ("not_matches", False)):
            examples = body.get(field)
            if not isinstance(examples, list) or not examples:
                raise RulesetError(f"category {name!r} needs an example under {field!r}", here)
            for example in examples:
                value = evaluate(rule, example_sight(example, labels(rule)))
                if value is not wanted:
                    what = f"{example!r} under {field!r} makes {str(rule)!r} {_word(value)}"
                    raise RulesetError(what, here)

    def place(self, text: str, after: int = 1) -> Place:
        """Where a text first stands, from a line on; the file's start where it does not."""
        for number, line in enumerate(self._lines[after - 1 :], start=after):
            column = line.find(text)
            if column >= 0:
                return Place(self._file, number, column + 1, line)
        return Place(self._file, after, 1, self._lines[after - 1])


def _check_parent(category: Category, categories: Mapping[str, Category], reader: _Reader) -> None:
    """A category's parents exist and end: nothing is its own grandparent."""
    above, seen = category.parent, {category.name}
    while above is not None:
        here = reader.place(f"{category.name}:")
        if above not in categories:
            raise RulesetError(f"no category is called {above!r}", here, nearest(above, categories))
        if above in seen:
            raise RulesetError(f"category {above!r} is above itself", here)
        seen.add(above)
        above = categories[above].parent


def example_sight(example: Any, asked: Collection[str]) -> dict[str, Seen]:
    """An example: the labels that are seen, as a list or a text of names; the others are not."""
    names = example if isinstance(example, list) else str(example).replace(",", " ").split()
    return {
        label: Seen(score=float(label in names), fact=label in names)
        for label in {*asked, *(str(name) for name in names)}
    }


def _word(value: bool | None) -> str:
    return {True: "true", False: "false", None: "unknown"}[value]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RulesetError(f"{path} cannot be read: {error.strerror}") from None


def _yaml(text: str, file: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        lines = text.split("\n")
        place = Place(file, line + 1, column + 1, lines[min(line, len(lines) - 1)])
        raise RulesetError(f"this is no YAML: {error.problem}", place) from None
    except yaml.YAMLError as error:
        raise RulesetError(f"{file} is no YAML: {error}") from None
