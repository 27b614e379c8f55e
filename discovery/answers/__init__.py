"""Answers written down: JSON, GeoJSON, CSV, XLSX, feeds; and the texts that people read, in two
languages.
"""
