"""A `Server-Timing` header read."""


def stages(header: str) -> dict[str, float]:
    """Milliseconds by stage, in the header's order; what is not a duration is left out."""
    found: dict[str, float] = {}
    for part in header.split(","):
        name, _, rest = part.strip().partition(";")
        for parameter in rest.split(";"):
            key, _, value = parameter.partition("=")
            if key.strip() == "dur":
                found[name] = float(value.strip().strip('"'))
    return found
