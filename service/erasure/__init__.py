"""Erasing files: an erasure is recorded in the transaction that makes a file superfluous, and
retried until the file is gone.
"""

from service.erasure.erase import erase, erase_due
from service.erasure.owe import call_off, hurry, owe_erasure

__all__ = ["call_off", "erase", "erase_due", "hurry", "owe_erasure"]
