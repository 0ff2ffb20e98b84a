"""The lexicon as people change it: at once, everywhere, and with who, when and why."""

from service.lexicon.changes import LexiconError, change, undo
from service.lexicon.effective import effective_lexicon

__all__ = ["LexiconError", "change", "effective_lexicon", "undo"]
