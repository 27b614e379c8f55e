"""The one source of the trigger SQL that feeds the change ledger, whoever writes to the suppliers.

In the same transaction as the data, each real change of a supplier or of its children gives the
supplier's ledger row a new revision. Rules that the SQL below keeps, on both databases:

* triggers write the ledger and its counter, never a supplier: no recursion;
* revisions come from one store-wide counter that never goes back, so a supplier deleted and made
again is not stale;
* an UPDATE that sets equal values queues nothing (comparison is NULL-safe); a new id queues both
ids; a child moved
  to another supplier queues both suppliers;
* `deleted` is read from the supplier table, so the order in which a cascade reaches the children
does not matter;
* a change wakes a dead row and forgets its attempts, but leaves an open lease alone: two workers
never hold one id.

Column lists are read from the database, not from the models: `install` suits every migration, older
ones included. Alembic's batch mode drops a table's triggers without a word, so the migrations'
environment installs after each step.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, inspect, text

from discovery.model import dataclass
from indexer.store.models import METADATA


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose changes are queued: its primary key, and the column that holds the supplier's
    id.
    """

    table: str
    key: str
    owner: str


SUPPLIER = Watched("supplier", "id", "id")
CHILDREN = tuple(
    Watched(table.name, next(column.name for column in table.primary_key), "supplier_id")
    for table in METADATA.tables.values()
    if any(key.column.table.name == SUPPLIER.table for key in table.foreign_keys)
)
"""Every table that refers to the supplier."""
WATCHED = (SUPPLIER, *CHILDREN)
PREFIX = "ledger_"

# A table on SQLite, a sequence on PostgreSQL: a counter row there would make every writer wait for
# every other.
COUNTER_TABLE = "change_counter"
COUNTER_SEQUENCE = "change_revision"

# What a change does to the rest of its ledger row; `{now}` is the database's clock.
REFRESH = """queued_at = CASE WHEN change_ledger.settled_revision < change_ledger.revision AND NOT change_ledger.dead
             THEN change_ledger.queued_at ELSE {now} END,
             not_before = NULL, attempts = 0, error = NULL, dead = false"""
SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
POSTGRESQL_NOW = "clock_timestamp()"


def install(connection: Connection) -> None:
    """(Re)create the counter and every trigger for the tables that exist; nothing when there is no
    ledger yet.
    """
    remove(connection)
    tables = set(inspect(connection).get_table_names())
    if "change_ledger" not in tables:
        return
    watched = [each for each in WATCHED if each.table in tables]
    sqlite = connection.dialect.name == "sqlite"
    for statement in _sqlite(connection, watched) if sqlite else _postgresql(connection, watched):
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Drop every trigger (and trigger function) of ours. The counter stays: it never goes back."""
    if connection.dialect.name == "sqlite":
        for name in present(connection):
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        return
    rows = connection.execute(
        text(
            "SELECT p.oid::regprocedure::text FROM pg_proc p "
            "WHERE p.pronamespace = current_schema()::regnamespace AND starts_with(p.proname, :prefix)"
        ),
        {"prefix": PREFIX},
    )
    for (function,) in rows.all():
        connection.exec_driver_sql(f"DROP FUNCTION {function} CASCADE")


def present(connection: Connection) -> set[str]:
    """The names of our triggers found in the database."""
    if connection.dialect.name == "sqlite":
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 7) = :prefix"
        )
    else:
        query = (
            "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal "
            "AND c.relnamespace = current_schema()::regnamespace AND starts_with(t.tgname, :prefix) "
            "AND t.tgenabled IN ('O', 'A')"
        )
    return set(connection.execute(text(query), {"prefix": PREFIX}).scalars())


def expected(connection: Connection) -> set[str]:
    """The names of the triggers that the tables of this database call for."""
    tables = set(inspect(connection).get_table_names())
    names: set[str] = set()
    for each in WATCHED:
        if each.table not in tables:
            continue
        if connection.dialect.name == "sqlite":
            events = ["insert", "update", "delete"] + (
                ["replace", "displace"] if each in CHILDREN else []
            )
        else:
            events = ["insert", "update", "delete", "truncate"] + (
                ["truncated"] if each == SUPPLIER else []
            )
        names |= {f"{PREFIX}{each.table}_{event}" for event in events}
    return names


def missing(connection: Connection) -> set[str]:
    """Triggers that ought to be there and are not: changes would go unseen. `indexer migrate`
    restores them.
    """
    return expected(connection) - present(connection)


# --- SQLite: row-level triggers
#   -----------------------------------------------------------------------------------


def _sqlite_queue(supplier_id: str, condition: str = "true") -> str:
    """Statements that queue `supplier_id`, an SQL expression over OLD and NEW, where the condition
    holds.

    UPDATE then INSERT rather than an upsert: inside a trigger the conflict policy of the outer
    statement takes over (`INSERT OR REPLACE`, `OR IGNORE`), and would erase the row's lease or lose
    the change.
    """
    return f"""
      UPDATE {COUNTER_TABLE} SET value = value + 1 WHERE {condition};
      UPDATE change_ledger SET revision = (SELECT value FROM {COUNTER_TABLE}),
             deleted = NOT EXISTS (SELECT 1 FROM supplier WHERE id = {supplier_id}),
             {REFRESH.format(now=SQLITE_NOW)}
       WHERE supplier_id = {supplier_id} AND {condition};
      INSERT INTO change_ledger (supplier_id, revision, deleted, queued_at)
      SELECT {supplier_id}, (SELECT value FROM {COUNTER_TABLE}),
             NOT EXISTS (SELECT 1 FROM supplier WHERE id = {supplier_id}), {SQLITE_NOW}
       WHERE {condition} AND NOT EXISTS (SELECT 1 FROM change_ledger WHERE supplier_id = {supplier_id});
    """


def sqlite_requeue() -> tuple[str, ...]:
    """Statements that do for the ids of the JSON array `:ids` what `ledger_queue(ids)` does on
    PostgreSQL.
    """
    given = "SELECT DISTINCT value AS id FROM json_each(:ids)"
    return (
        f"UPDATE {COUNTER_TABLE} SET value = value + (SELECT count(*) FROM ({given}))",
        f"""
        INSERT INTO change_ledger (supplier_id, revision, deleted, queued_at)
        SELECT id, (SELECT value FROM {COUNTER_TABLE}) + 1 - row_number() OVER (ORDER BY id DESC),
               NOT EXISTS (SELECT 1 FROM supplier WHERE supplier.id = given.id), {SQLITE_NOW}
          FROM ({given}) AS given WHERE true
        ON CONFLICT (supplier_id) DO UPDATE SET revision = excluded.revision, deleted = excluded.deleted,
               {REFRESH.format(now=SQLITE_NOW)}
        """,
    )


def _sqlite(connection: Connection, watched: list[Watched]) -> Iterator[str]:
    yield (
        f"CREATE TABLE IF NOT EXISTS {COUNTER_TABLE} (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL)"
    )
    # Also when the counter was lost and the ledger was not: it never goes back.
    highest = "(SELECT coalesce(max(revision), 0) FROM change_ledger)"
    yield f"INSERT OR IGNORE INTO {COUNTER_TABLE} (id, value) VALUES (1, 0)"
    yield f"UPDATE {COUNTER_TABLE} SET value = max(value, {highest})"
    for each in watched:
        name, table, key, owner = f"{PREFIX}{each.table}", each.table, each.key, each.owner
        columns = [column["name"] for column in inspect(connection).get_columns(table)]
        changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
        yield f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {_sqlite_queue(f'NEW.{owner}')} END"
        yield f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {_sqlite_queue(f'OLD.{owner}')} END"
        yield (
            f"CREATE TRIGGER {name}_update AFTER UPDATE ON {table} WHEN {changed} BEGIN "
            + _sqlite_queue(f"NEW.{owner}")
            + _sqlite_queue(f"OLD.{owner}", f"OLD.{owner} IS NOT NEW.{owner}")
            + " END"
        )
        if each in CHILDREN:
            # OR REPLACE removes the row in the way without firing its delete trigger, unless
            # recursive_triggers is on: another program's connection may take a child from its
            # supplier in silence. A supplier in the way has the new row's own id, so the insert
            # trigger is enough there.
            other = f"(SELECT {owner} FROM {table} WHERE {key} = NEW.{key})"
            taken = f"{other} IS NOT NULL AND {other} IS NOT NEW.{owner}"
            yield (
                f"CREATE TRIGGER {name}_replace BEFORE INSERT ON {table} WHEN {taken} BEGIN {_sqlite_queue(other)} END"
            )
            yield (
                f"CREATE TRIGGER {name}_displace BEFORE UPDATE OF {key} ON {table} "
                f"WHEN OLD.{key} IS NOT NEW.{key} AND {taken} BEGIN {_sqlite_queue(other)} END"
            )


# --- PostgreSQL: statement-level triggers with transition tables
#   --------------------------------------------------


def _postgresql(connection: Connection, watched: list[Watched]) -> Iterator[str]:
    schema = connection.execute(text("SELECT quote_ident(current_schema())")).scalar_one()
    yield f"CREATE SEQUENCE IF NOT EXISTS {COUNTER_SEQUENCE} AS bigint CACHE 1 NO CYCLE"
    yield (
        f"SELECT setval('{COUNTER_SEQUENCE}', highest) FROM (SELECT max(revision) AS highest FROM change_ledger) l "
        f"WHERE highest > (SELECT last_value FROM {COUNTER_SEQUENCE})"
    )
    # - Ids are queued in one order (code points), so that two statements over the same suppliers
    #   cannot deadlock.
    # - The revision is drawn again in DO UPDATE, hence after the row's lock is won: it is above the
    #   one a concurrent
    # transaction has just committed. CACHE 1 for the same reason: a session that draws ahead would
    #   draw low.
    # - The triggers are SECURITY DEFINER with a pinned search_path: a program that may write
    #   suppliers needs
    #   no right to the ledger.
    yield f"""
    CREATE FUNCTION {PREFIX}queue(ids text[]) RETURNS void LANGUAGE sql
    SET search_path = {schema}, pg_temp AS $$
      INSERT INTO change_ledger AS change_ledger (supplier_id, revision, deleted, queued_at)
      SELECT touched.id, nextval('{COUNTER_SEQUENCE}'),
             NOT EXISTS (SELECT 1 FROM supplier WHERE supplier.id = touched.id), {POSTGRESQL_NOW}
        FROM (SELECT DISTINCT id COLLATE "C" AS id FROM unnest(ids) AS given (id) WHERE id IS NOT NULL
               ORDER BY 1) AS touched
      ON CONFLICT (supplier_id) DO UPDATE SET revision = nextval('{COUNTER_SEQUENCE}'), deleted = excluded.deleted,
             {REFRESH.format(now=POSTGRESQL_NOW)}
    $$"""
    for each in watched:
        name, table, key, owner = f"{PREFIX}{each.table}", each.table, each.key, each.owner
        both = (
            f"old_rows AS o FULL JOIN new_rows AS n ON o.{key} = n.{key} WHERE o IS DISTINCT FROM n"
        )
        touched = {
            "insert": f"SELECT {owner} FROM new_rows",
            "delete": f"SELECT {owner} FROM old_rows",
            "update": f"SELECT o.{owner} FROM {both} UNION SELECT n.{owner} FROM {both}",
            # TRUNCATE has no transition tables: the rows are read before it.
            "truncate": f"SELECT {owner} FROM {schema}.{table}",
        }
        fires = {
            "insert": "AFTER INSERT ON {} REFERENCING NEW TABLE AS new_rows",
            "delete": "AFTER DELETE ON {} REFERENCING OLD TABLE AS old_rows",
            "update": "AFTER UPDATE ON {} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
            "truncate": "BEFORE TRUNCATE ON {}",
        }
        if each == SUPPLIER:
            # Only after TRUNCATE are the suppliers gone for all to see: the ledger's own rows say
            # which they were.
            touched["truncated"] = (
                f"SELECT supplier_id FROM {schema}.change_ledger WHERE NOT deleted"
            )
            fires["truncated"] = "AFTER TRUNCATE ON {}"
        for event, query in touched.items():
            yield f"""
            CREATE FUNCTION {name}_{event}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = {schema}, pg_temp AS $$
            DECLARE ids text[] := ARRAY({query});
            BEGIN
              IF ids <> '{{}}' THEN PERFORM {schema}.{PREFIX}queue(ids); END IF;
              RETURN NULL;
            END $$"""
            yield (
                f"CREATE TRIGGER {name}_{event} {fires[event].format(table)} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}_{event}()"
            )
