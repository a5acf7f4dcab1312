"""Counts its own runs in the database of the server."""
import re
import transaction
import ZEO

port = int(re.search(r"address 127\.0\.0\.1:(\d+)", open("zeo.conf").read()).group(1))
connection = ZEO.connection(("127.0.0.1", port), storage="main", wait_timeout=30)
root = connection.root()
root["visits"] = root.get("visits", 0) + 1
transaction.commit()
print("visits:", root["visits"])
connection.close()
