"""`/widget/figures`: what the visitors of a key's site search."""
