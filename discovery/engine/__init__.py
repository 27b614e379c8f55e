"""The engine port (`port.py`), the analysis of text, and two engines behind the port that answer
the same.
"""
