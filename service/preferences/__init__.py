"""How each person likes to work: keys, photographs, breaks. Stored with the account."""

from service.preferences.keys import ACTIONS, KeyProblem
from service.preferences.preferences import Preferences
from service.preferences.stored import save, seen_today

__all__ = ["ACTIONS", "KeyProblem", "Preferences", "save", "seen_today"]
