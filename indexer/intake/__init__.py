"""Intake: files of suppliers → read, checked, completed, merged into the store; a report for every
row.

    mappings = load_mappings() report = import_files(engine, ["siae.csv"], mappings=mappings,
    gazetteer=gazetteer().naming(mappings.places)) report.created + report.updated +
    report.unchanged + report.rejected == report.rows

`commands.import_files` is the command line.
"""
