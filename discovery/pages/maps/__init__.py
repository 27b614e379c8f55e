"""Maps without scripts: departments' outlines as SVG."""
