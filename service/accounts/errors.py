"""Why an account cannot be created, changed or opened."""

from __future__ import annotations


class AccountError(Exception):
    """Something cannot be done with an account.

    ``code`` is for pages that say it in another language; the text says why and what to do.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
