"""What keeps the service from starting, said in a sentence."""


class StartError(Exception):
    """The service cannot start; the text says why and what to do, and is shown as it is."""
