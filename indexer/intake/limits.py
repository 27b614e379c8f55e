"""How much a record may hold. Stated here once; longer texts are cut with a warning, unless said
otherwise.
"""

# Characters.
ID = 100  # longer is rejected: a cut id would be another id
NAME = 200
BRAND = 200
DESCRIPTION = 20_000
OFFER_NAME = 200
OFFER_DESCRIPTION = 5_000
CLIENT_REFERENCE = 200
JOB_TITLE = 200
CONTRACT_OBJECT = 1_000
BUYER = 200
STREET = 300
CITY = 100
WEBSITE = 500
EMAIL = 254  # RFC 5321, 4.5.3.1.3
PHONE = 40
MARKUP = 10
"""A text is read up to so many times its limit: with HTML it is longer than what will be left of
it.
"""

# Entries of a list; what comes after is left out, with a warning.
ACTIVITIES = 200  # there are 154 sectors
OFFERS = 100
CODES = 100  # certifications, networks, service types
PLACES = 2_000  # of a zone
# of all zones; more is rejected: an index would refuse it, and 154 sectors of 101 departments fit
ALL_PLACES = 20_000
CLIENT_REFERENCES = 200
JOBS = 200
CONTRACTS = 200

# Numbers.
RADIUS_KM = 500
EMPLOYEES = 1_000_000
TURNOVER = 10**12
FIRST_YEAR = 1500

RECORD_CHARACTERS = 1_000_000
"""One record of a JSON file. Beyond it the file is taken for broken: an unclosed bracket would fill
the memory.
"""

CONTRADICTION_KM = 50.0
"""A point farther than this from its commune's own contradicts the post code."""

REPORTED_VALUE = 100
"""Characters of a faulty value that a report repeats."""
