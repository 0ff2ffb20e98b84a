"""Erasing files: owed in the transaction that makes them superfluous, tried until they are gone."""

from service.erasure.erase import erase, erase_due
from service.erasure.owe import call_off, hurry, owe_erasure

__all__ = ["call_off", "erase", "erase_due", "hurry", "owe_erasure"]
