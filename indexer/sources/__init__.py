"""Where real suppliers come from: public sources, fetched and made into canonical records, one
module each.
"""
