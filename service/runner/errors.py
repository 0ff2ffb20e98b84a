"""Errors that keep the service from starting, each with a sentence that says what to do."""


class StartError(Exception):
    """The service cannot start; the text says why and what to do, and is shown as it is."""
