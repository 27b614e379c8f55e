"""Why a supplier has its score: the parts of one hit's score, and what keeps a supplier out."""
