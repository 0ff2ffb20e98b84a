"""All rows of the database, saved once and put back often: cheaper than to make them anew.

Functions in the database do it, so that PostgreSQL plans their statements once. They have a
connection of their own on which no trigger and no foreign key looks.
"""

from __future__ import annotations

from sqlalchemy import Engine, create_engine, text

_COLUMNS = text("""
    SELECT relname, string_agg(quote_ident(attname), ', ' ORDER BY attnum)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
        AND attnum > 0 AND attgenerated = '' AND NOT attisdropped
    GROUP BY 1 ORDER BY 1
""")
_COPY = """
    IF EXISTS (SELECT FROM {to}.{name}) THEN DELETE FROM {to}.{name}; END IF;
    IF EXISTS (SELECT FROM {of}.{name}) THEN
        INSERT INTO {to}.{name} ({columns}) SELECT {columns} FROM {of}.{name};
    END IF;
"""
_FUNCTION = """
    CREATE FUNCTION {schema}.{name}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {body} END $$;
"""
_TABLE = "CREATE TABLE {schema}.{name} (LIKE public.{name});"


class Snapshot:
    """What ``save`` found is what ``restore`` leaves. Sequences go on where they are.

    Several may be there at once, each in a ``schema`` of its own.
    """

    def __init__(self, engine: Engine, schema: str = "saved") -> None:
        self._schema = schema
        self._engine = create_engine(
            engine.url,
            pool_size=1,
            connect_args={"options": "-c session_replication_role=replica"},
        )
        with self._engine.begin() as connection:
            tables = connection.execute(_COLUMNS).all()
            statements = [f"CREATE SCHEMA {schema};"]
            statements += [_TABLE.format(schema=schema, name=name) for name, _ in tables]
            for function, of, to in (("save", "public", schema), ("restore", schema, "public")):
                body = [
                    _COPY.format(of=of, to=to, name=n, columns=columns) for n, columns in tables
                ]
                made = _FUNCTION.format(schema=schema, name=function, body="".join(body))
                statements.append(made)
            connection.execute(text("".join(statements)))

    def save(self) -> None:
        """Remember every row there is, in place of what was remembered before."""
        with self._engine.begin() as connection:
            connection.execute(text(f"SELECT {self._schema}.save()"))

    def restore(self) -> None:
        """Leave the rows that were remembered and no others."""
        with self._engine.begin() as connection:
            connection.execute(text(f"SELECT {self._schema}.restore()"))

    def close(self) -> None:
        """Remove what was remembered."""
        with self._engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {self._schema} CASCADE"))
        self._engine.dispose()
