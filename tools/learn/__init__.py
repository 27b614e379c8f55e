"""How the trade reader learns: what analysts own and real titles → weights. Nothing here is needed
to serve.
"""
