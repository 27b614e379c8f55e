"""`/programme`: a purchasing programme, answered line by line."""
