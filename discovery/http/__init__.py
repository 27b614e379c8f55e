"""What stands around every request: limits, identity, errors, caching, compression, headers, one
log line.
"""
