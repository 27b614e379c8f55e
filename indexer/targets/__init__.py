"""The indices that changes are written to: their writer, the first of them, who holds the lock, what was done."""
