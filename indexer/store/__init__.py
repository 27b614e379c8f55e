"""The store: suppliers in SQLite or PostgreSQL, and the ledger of what the index has yet to learn.

engine = open_store("sqlite:///store.db")
migrate(engine)
with engine.begin() as connection:
    repository.save(connection, suppliers, now)
for claim in ledger.claim(engine, 500, 300, now): ...
"""
