"""`discovery`: serve the search, ask it, and see how it reads, scores and is configured.

Exit codes: 0 all well; 1 done, with differences; 2 could not.
"""

import click

from discovery.terminal.lazy import LazyGroup

COMMANDS = {
    "check-suppliers": (
        "discovery.commands.desk:check_suppliers",
        "Say which suppliers of a list are inclusive.",
    ),
    "classifier": (
        "tools.commands.classifier:classifier",
        "Ask the trade classifier, and measure it.",
    ),
    "compare": (
        "tools.commands.compare:compare_command",
        "Ask the judged queries twice, and say what differs.",
    ),
    "config": ("discovery.commands.config:config", "See and check the settings."),
    "crosswalk": (
        "tools.commands.look:crosswalk",
        "Show which sectors a CPV, NAF or ROME code means.",
    ),
    "dump": (
        "discovery.commands.dump:dump",
        "Write open data: JSONL, CSV, GeoJSON, their schema and catalogue.",
    ),
    "evaluate": (
        "tools.commands.evaluate:evaluate_command",
        "Measure the answers to the judged queries.",
    ),
    "explain": ("tools.commands.look:explain", "Say why a supplier has its score for a phrase."),
    "judgments": (
        "tools.commands.judgments:judgments",
        "Judged queries from public contracts, and their measure.",
    ),
    "keys": ("discovery.commands.keys:keys", "Make, list and revoke the keys of widgets."),
    "mappings": ("tools.commands.mappings:mappings", "Check the files that analysts own."),
    "mcp": (
        "discovery.commands.serve:mcp",
        "Let assistants search, over the Model Context Protocol.",
    ),
    "need": ("discovery.commands.desk:need", "Answer a need or a notice, lot by lot."),
    "programme": (
        "discovery.commands.desk:programme",
        "Answer a purchasing programme, line by line.",
    ),
    "queries": (
        "tools.commands.queries:queries",
        "Show what people search, from the service's log.",
    ),
    "search": (
        "discovery.commands.search:search",
        "Search, and print what was understood and found.",
    ),
    "serve": ("discovery.commands.serve:serve", "Serve the page and the API."),
    "texts": ("tools.commands.look:texts", "Check the texts that users read."),
    "tokens": ("tools.commands.look:tokens", "Show the tokens of a text, with their positions."),
    "widget": ("discovery.commands.keys:widget", "Put the search into another site."),
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
