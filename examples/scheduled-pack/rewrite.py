"""Writes the same page of text twenty times, as editors do: the first nineteen are superseded."""
import re
import transaction
import ZEO

port = int(re.search(r"address 127\.0\.0\.1:(\d+)", open("server.conf").read()).group(1))
connection = ZEO.connection(("127.0.0.1", port), storage="main", wait_timeout=30)
root = connection.root()
for revision in range(20):
    root["page"] = f"revision {revision} " + "word " * 10_000
    transaction.commit()
print(root["page"][:11])
connection.close()
