"""The YAML of rulesets: texts, lists and mappings, each with its place.

Scalars stay text (``no`` is a word, ``2024-01-01`` is not a date). Anchors, tags and repeated keys
are refused: rulesets need none, and a few lines of anchors can expand to gigabytes.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

import yaml

from rules.errors import RulesetError, SourcePlace

MAX_BYTES = 2**17
MAX_DEPTH = 16
REMEMBERED = 4  # documents: the live ruleset is read anew after each change of the lexicon
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class Value:
    """A text, a list, a mapping or nothing, and where it begins.

    ``exact``: the file has the text letter by letter, so a place in the text is a place in the
    file.
    """

    content: str | list[Value] | dict[str, Value] | None
    place: SourcePlace
    exact: bool = False

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.content, list):
            return [value.plain() for value in self.content]
        if isinstance(self.content, dict):
            return {key: value.plain() for key, value in self.content.items()}
        return self.content


@lru_cache(REMEMBERED)
def read_document(data: bytes, file: str) -> Value:
    """Read the bytes of one YAML document.

    Raises:
        RulesetError: it is too large, no UTF-8, no YAML, or uses what is refused; with the place.
    """
    if len(data) > MAX_BYTES:
        raise RulesetError(f"{file} has {len(data)} bytes; at most {MAX_BYTES} are read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        what = f"byte {error.start + 1} of the file is no UTF-8; save it as UTF-8"
        raise RulesetError(what, Source(file, before).place(len(before))) from None
    source = Source(file, text)
    try:
        loader = _Loader(source)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.index if error.problem_mark else 0
        raise RulesetError(f"this is no YAML: {error.problem}", source.place(at)) from None
    except yaml.reader.ReaderError as error:
        at = error.position
        codes = " ".join(f"U+{ord(letter):04X}" for letter in text[at : at + 1])
        raise RulesetError(f"the character {codes} is not allowed", source.place(at)) from None
    if node is None:
        return Value(None, source.place(0))
    return _value(node, source)


class Source:
    """The text of a file, and the places in it.

    A file has as many places as letters. So its lines are found once, and the places of a line
    share its text: with a copy for each, a line of 128 KiB would take gigabytes.
    """

    def __init__(self, file: str, text: str) -> None:
        self.text = text
        self._file = file
        self._lines = text.split("\n")
        self._begins = [0, *accumulate(len(line) + 1 for line in self._lines[:-1])]

    def place(self, index: int) -> SourcePlace:
        """The place of a letter; its index may also be the text's length."""
        line = bisect_right(self._begins, index)
        column = index - self._begins[line - 1] + 1
        return SourcePlace(self._file, line, column, self._lines[line - 1])


class _Loader(yaml.SafeLoader):
    """Composes nodes, and refuses what could grow without bound."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.text)
        self._source = source
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]  # its stubs lack it
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse("anchors and aliases (& and *) are not read; write it out", event)
        if getattr(event, "tag", None):
            self._refuse("tags (!) are not read; write the text alone", event)
        if self._depth == MAX_DEPTH:
            self._refuse(f"this is nested more than {MAX_DEPTH} levels deep", event)
        self._depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        if isinstance(node, yaml.ScalarNode):
            self._check_letters(node.value, event)
        return node

    def _check_letters(self, text: str, event: yaml.Event) -> None:
        """Refuse what an escape writes (``"\\0"``, ``"\\ud800"``) and YAML does not take as it is:
        neither PostgreSQL nor a page can hold it."""
        found = self.NON_PRINTABLE.search(text)
        if found:
            self._refuse(f"the character U+{ord(found[0]):04X} is not allowed", event)

    @staticmethod
    def _at(event: yaml.Event) -> int:
        return event.start_mark.index if event.start_mark else 0

    def _refuse(self, what: str, event: yaml.Event) -> None:
        raise RulesetError(what, self._source.place(self._at(event)))


def _value(node: yaml.Node, source: Source) -> Value:
    start, end = node.start_mark.index, node.end_mark.index
    place = source.place(start)
    if isinstance(node, yaml.SequenceNode):
        return Value([_value(item, source) for item in node.value], place)
    if isinstance(node, yaml.MappingNode):
        return Value(_mapping(node, source), place)
    if node.tag == _NULL:
        return Value(None, place)
    written = source.text[start:end]
    if written == node.value:
        return Value(node.value, place, exact=True)
    if written[1:-1] == node.value:
        return Value(node.value, source.place(start + 1), exact=True)
    return Value(node.value, place)


def _mapping(node: yaml.MappingNode, source: Source) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in node.value:
        place = source.place(key.start_mark.index)
        if not isinstance(key, yaml.ScalarNode):
            raise RulesetError("a name must be a text", place)
        if key.value in found:
            raise RulesetError(f"{key.value!r} stands here twice", place)
        inner = _value(value, source)
        # Lists and mappings are spoken of by their name, texts are pointed at.
        here = inner.place if isinstance(inner.content, str) else place
        found[key.value] = Value(inner.content, here, inner.exact)
    return found
