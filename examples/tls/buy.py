"""Counts its own runs in the database of a client's conf, or says that it was not let in."""
import logging
import sys
import ZODB.config
from ZEO.Exceptions import ClientDisconnected

logging.disable()
try:
    database = ZODB.config.databaseFromURL(sys.argv[1])
except ClientDisconnected:
    sys.exit(print("not let in"))
with database.transaction() as connection:
    root = connection.root()
    root["bought"] = root.get("bought", 0) + 1
    print("bought:", root["bought"])
database.close()
