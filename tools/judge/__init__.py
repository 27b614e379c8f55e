"""Judged queries: measures, comparisons, the gate that refuses what harms. A tool beside the
service.
"""
