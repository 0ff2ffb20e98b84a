"""Alembic's way in: the connection comes from upgrade.py, the models from tables/."""

from alembic import context

from service.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
