"""How Alembic reaches the database: by the address that `pluis.store.migrate` hands it."""

from alembic import context

from pluis.store import Base, Store

config = context.config
store = Store(config.attributes["url"], config.attributes["keys"])
with store.engine.execution_options(sqlite_begin="IMMEDIATE").connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=store.sqlite)
    with context.begin_transaction():
        context.run_migrations()
store.engine.dispose()
