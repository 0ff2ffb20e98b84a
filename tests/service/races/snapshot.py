"""All rows of the database, saved once and put back often: cheaper than to make them anew."""

from __future__ import annotations

from sqlalchemy import text

from service.database import Sessions

_USED = """
    FOR one IN SELECT tablename AS name FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', one.name) INTO used;
        IF used THEN
            EXECUTE format('{statement}', one.name, one.name);
        END IF;
    END LOOP;
"""
_SAVE = f"""
    DO $$ DECLARE one record; used boolean; BEGIN
        DROP SCHEMA IF EXISTS saved CASCADE;
        CREATE SCHEMA saved;
        {_USED.format(statement="CREATE TABLE saved.%I AS TABLE public.%I")}
    END $$
"""
_RESTORE = f"""
    DO $$ DECLARE one record; used boolean; BEGIN
        SET LOCAL session_replication_role = replica;  -- no trigger and no foreign key looks
        {_USED.format(statement="DELETE FROM public.%I")}
        FOR one IN SELECT tablename AS name, string_agg(quote_ident(attname), ', ') AS columns
            FROM pg_tables JOIN pg_attribute ON attrelid = format('public.%I', tablename)::regclass
            WHERE schemaname = 'saved' AND attnum > 0 AND attgenerated = '' AND NOT attisdropped
            GROUP BY 1
        LOOP
            EXECUTE format('INSERT INTO public.%I (%s) SELECT %s FROM saved.%I',
                one.name, one.columns, one.columns, one.name);
        END LOOP;
    END $$
"""  # noqa: S608  # put together from constants of this file alone


def save(sessions: Sessions) -> None:
    """Remember every row there is, in place of what was remembered before."""
    with sessions.begin() as session:
        session.execute(text(_SAVE))


def restore(sessions: Sessions) -> None:
    """Leave the rows that were remembered and no others. Sequences go on where they are."""
    with sessions.begin() as session:
        session.execute(text(_RESTORE))


def forget(sessions: Sessions) -> None:
    """Remove what was remembered."""
    with sessions.begin() as session:
        session.execute(text("DROP SCHEMA IF EXISTS saved CASCADE"))
