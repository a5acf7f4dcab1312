"""Counts its own runs in the database of the server."""
import transaction
import ZEO

connection = ZEO.connection(("127.0.0.1", 8100), storage="main", wait_timeout=30)
root = connection.root()
root["visits"] = root.get("visits", 0) + 1
transaction.commit()
print("visits:", root["visits"])
connection.close()
