"""The people and posts of the tests of cases."""

from tests.service.cases.conftest import ada, mina, session, told

__all__ = ["ada", "mina", "session", "told"]
