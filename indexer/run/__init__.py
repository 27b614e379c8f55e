"""Who runs the indexing, and when: a loop, Celery, several processes; and the gauges of it."""
