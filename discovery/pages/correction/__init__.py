"""`/corriger/<id>`: a supplier corrects its record."""
