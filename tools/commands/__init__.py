"""Commands of both programs that judge, check and sample: reached by name, imported when they run."""
