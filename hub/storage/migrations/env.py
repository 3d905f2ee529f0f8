"""Alembic's entry: runs on the connection that hub.storage.database hands over."""

from alembic import context

from hub.storage.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
