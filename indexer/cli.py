"""`indexer`: feed the store and keep the index in step with it.

Exit codes: 0 all well; 1 done, with rejected rows or differences; 2 could not.
"""

from __future__ import annotations

import click

from discovery.terminal.lazy import LazyGroup

COMMANDS = {
    "alerts": (
        "indexer.commands.alerts:alerts",
        "Searches that are followed by e-mail: run a pass, list, erase, or note a bounce.",
    ),
    "beat": (
        "indexer.commands.work:beat",
        "Send workers their ticks: one process for all those started with --no-beat.",
    ),
    "check": ("indexer.commands.indices:check_command", "Compare store and index, whole; exit 1 when they differ."),
    "dead-letters": (
        "indexer.commands.changes:dead_letters",
        "Changes that the index refused for good: list, replay or drop them.",
    ),
    "delist": (
        "indexer.commands.store:delist",
        "Take a supplier out of the answers; its address then says that it is gone.",
    ),
    "duplicates": (
        "indexer.commands.store:duplicates",
        "Suppliers of different sources that may be one structure: pairs for `merge`.",
    ),
    "extend": (
        "indexer.commands.indices:extend_command",
        "Give the serving index new fields, where that needs no rebuild.",
    ),
    "generate": ("tools.commands.generate:generate_command", "Write invented suppliers as canonical JSONL."),
    "import": ("indexer.commands.import_files:import_command", "Read supplier files into the store."),
    "merge": (
        "indexer.commands.store:merge_command",
        "Make one supplier of two; `split` gives both back.",
    ),
    "migrate": ("indexer.commands.store:migrate", "Make or upgrade the store's tables and triggers."),
    "pull": ("indexer.commands.sources:pull_command", "Fetch public sources of suppliers and import them."),
    "rebuild": (
        "indexer.commands.indices:rebuild_command",
        "Build a new index from the current mappings, verify it, let it serve.",
    ),
    "restore": ("indexer.commands.store:restore", "Undo `delist`."),
    "rollback": (
        "indexer.commands.indices:rollback_command",
        "Let the previous index serve again, with the changes it missed.",
    ),
    "sources": (
        "indexer.commands.sources:sources",
        "List public sources, which are enabled and what the last pulls found; check sources.yaml.",
    ),
    "split": ("indexer.commands.store:split", "Undo `merge`."),
    "status": (
        "indexer.commands.indices:status_command",
        "Say what the store holds, what waits, what serves, and what was done.",
    ),
    "sync": ("indexer.commands.changes:sync", "Index all that has changed, once."),
    "worker": (
        "indexer.commands.work:worker",
        "Index changes as they come, until stopped: a loop, or Celery's worker (and beat) when a broker is set.",
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS, help=__doc__, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="inclusive-discovery")
def main() -> None:
    pass
