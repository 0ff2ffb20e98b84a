"""Empty tables before each test, for a few milliseconds: some thousand tests begin with them.

A function in the database does it, so that PostgreSQL plans its statements once. It has a
connection of its own on which no trigger looks: those of the audit log refuse to lose a row.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from tenacity import retry, retry_if_exception_type, stop_after_attempt

# DELETE leaves dead rows behind and TRUNCATE makes new files, which costs more where rows are few.
MOST_BYTES = 2**18
# Dead rows make room in the middle, so new ones are not read in the order in which they came. A log
# is, also by a test that forgets to ask for its order.
IN_ORDER = "public.audit_log"

# For thousands of rows whose plans alone are looked at: to keep items and counts in step with each
# takes three quarters of the time. Until the transaction ends.
WITHOUT_TRIGGERS = text("SET LOCAL session_replication_role = replica")

_TABLES = text("""
    SELECT format('%I.%I', schemaname, tablename) AS name, EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = format('%I.%I', schemaname, tablename)::regclass
            AND atttypid = 'vector'::regtype) AS vectors
    FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    ORDER BY tablename
""")
_SEQUENCES = text("""
    SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences
    WHERE schemaname = 'public' ORDER BY sequencename
""")
_CALLED = "(SELECT is_called FROM {name})"
_TABLE = """
    IF used[{number}] THEN
        LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE;  -- who writes to it now comes first
        IF {vectors} OR pg_relation_size('{name}') > {most} THEN
            large := large || '{name}'::text;
        ELSE
            DELETE FROM {name};
        END IF;
    END IF;
"""
_SEQUENCE = """
    IF called[{number}] THEN
        PERFORM setval('{name}', 1, false);
    END IF;
"""
_FUNCTION = """
    CREATE SCHEMA tests;
    CREATE FUNCTION tests.empty_tables() RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        used boolean[] := (SELECT ARRAY[{used}]);
        called boolean[] := (SELECT ARRAY[{called}]);
        large text[] := '{{}}';
    BEGIN
        {tables}
        {sequences}
        IF large <> '{{}}' THEN
            EXECUTE 'TRUNCATE ' || array_to_string(large, ', ') || ' CASCADE';
        END IF;
    END $$
"""


class Emptier:
    """Empties the tables of one database, as often as is asked."""

    def __init__(self, engine: Engine) -> None:
        with engine.begin() as connection:
            connection.execute(text(_function(connection)))
        self._engine = create_engine(
            engine.url,
            pool_size=1,
            pool_pre_ping=True,
            connect_args={"options": "-c session_replication_role=replica"},
        )

    # What the browser of the test before asked for last may still be answered, and of two that
    # wait for each other PostgreSQL ends one.
    @retry(
        retry=retry_if_exception_type(OperationalError), stop=stop_after_attempt(5), reraise=True
    )
    def empty(self) -> None:
        """Leave no row in any table, and sequences that begin at 1."""
        with self._engine.begin() as connection:
            connection.execute(text("SELECT tests.empty_tables()"))

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()


def _function(connection: Connection) -> str:
    tables = connection.execute(_TABLES).all()
    sequences = connection.scalars(_SEQUENCES).all()
    return _FUNCTION.format(
        used=_array([f"EXISTS (SELECT FROM {name})" for name, _ in tables]),
        called=_array([_CALLED.format(name=name) for name in sequences]),
        tables="".join(
            # An index of vectors finds dead rows as well, and fewer living ones.
            _TABLE.format(
                number=number, name=name, vectors=vectors or name == IN_ORDER, most=MOST_BYTES
            )
            for number, (name, vectors) in enumerate(tables, 1)
        ),
        sequences="".join(
            _SEQUENCE.format(number=number, name=name) for number, name in enumerate(sequences, 1)
        ),
    )


def _array(values: Sequence[str]) -> str:
    return ", ".join(values)
