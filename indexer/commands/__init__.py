"""The commands of `indexer`, one file for what belongs together. Each module is imported when one
of its own runs.
"""
