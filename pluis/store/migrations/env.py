"""How Alembic reaches the database: by the address that `pluis.store.migrate` hands it."""

from alembic import context
from sqlalchemy import text

from pluis.store import Base, Store

config = context.config
store = Store(config.attributes["url"], config.attributes["keys"])
with store.engine.execution_options(sqlite_begin="IMMEDIATE").connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=store.sqlite)
    with context.begin_transaction():
        if not store.sqlite:
            # Several units may start at once on one database: the second waits, and finds the work done.
            connection.execute(text("select pg_advisory_xact_lock(hashtext('pluis migrations'))"))
        context.run_migrations()
store.engine.dispose()
