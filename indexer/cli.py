"""`indexer`: feed the store and keep the index in step with it.

Exit codes: 0 all well; 1 done, with rejected rows or differences; 2 could not.
"""

import click

from discovery.terminal.lazy import LazyGroup

_COMMANDS = {
    "alerts": (
        "alerts:alerts",
        "Searches that are followed by e-mail: run a pass, list, erase, or note a bounce.",
    ),
    "beat": (
        "work:beat",
        "Send workers their ticks: one process for all those started with --no-beat.",
    ),
    "check": ("indices:check_command", "Compare store and index, whole; exit 1 when they differ."),
    "corrections": (
        "alerts:corrected",
        "What suppliers say of their own records: list, approve, refuse, withdraw.",
    ),
    "dead-letters": (
        "changes:dead_letters",
        "Changes that the index refused for good: list, replay or drop them.",
    ),
    "delist": (
        "store:delist",
        "Take a supplier out of the answers; its address then says that it is gone.",
    ),
    "duplicates": (
        "store:duplicates",
        "Suppliers of different sources that may be one structure: pairs for `merge`.",
    ),
    "generate": (
        "tools.commands.generate:generate_command",
        "Write invented suppliers as canonical JSONL.",
    ),
    "import": ("import_files:import_command", "Read supplier files into the store."),
    "merge": ("store:merge_command", "Make one supplier of two; `split` gives both back."),
    "migrate": ("store:migrate", "Make or upgrade the store's tables and triggers."),
    "pull": ("sources:pull_command", "Fetch public sources of suppliers and import them."),
    "rebuild": (
        "indices:rebuild_command",
        "Build a new index from the current mappings, verify it, let it serve.",
    ),
    "restore": ("store:restore", "Undo `delist`."),
    "rollback": (
        "indices:rollback_command",
        "Let the previous index serve again, with the changes it missed.",
    ),
    "sources": (
        "sources:sources",
        "List public sources: which are enabled, what the last pulls found.",
    ),
    "split": ("store:split", "Undo `merge`."),
    "status": (
        "indices:status_command",
        "Say what the store holds, what waits, what serves, and what was done.",
    ),
    "sync": ("changes:sync", "Index all that has changed, once."),
    "worker": (
        "work:worker",
        "Index changes as they come: a loop, or with a broker Celery's worker and beat.",
    ),
}
"""Name → module:command, within `indexer.commands` unless it names a package, and its line of help.
"""

COMMANDS = {
    name: (where if where.startswith("tools.") else f"indexer.commands.{where}", about)
    for name, (where, about) in _COMMANDS.items()
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    help=__doc__,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="inclusive-discovery")
def main() -> None:
    pass
