"""What can be asked of a supplier, declared once."""
