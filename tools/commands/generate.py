"""`indexer generate`: canonical JSON lines on standard output."""

import json
import os
import sys

import click

from tools.sample.supplier import DEFAULT_SEED, generate


@click.command("generate")
@click.argument("count", type=click.IntRange(min=0))
@click.option(
    "--seed",
    type=int,
    default=DEFAULT_SEED,
    show_default=True,
    help="Another seed, other suppliers.",
)
def generate_command(count: int, seed: int) -> None:
    """Write COUNT invented suppliers as canonical JSON lines; the same for the same seed. The data
    is fictional.
    """
    out = sys.stdout
    try:
        for supplier in generate(count, seed):
            out.write(json.dumps(supplier, ensure_ascii=False, separators=(",", ":")) + "\n")
        out.flush()
    except BrokenPipeError:  # `indexer generate 1000 | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
