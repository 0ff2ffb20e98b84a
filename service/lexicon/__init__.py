"""People's changes to the lexicon: effective at once and everywhere, with who, when and why."""

from service.lexicon.changes import LexiconError, change, undo
from service.lexicon.effective import effective_lexicon

__all__ = ["LexiconError", "change", "effective_lexicon", "undo"]
