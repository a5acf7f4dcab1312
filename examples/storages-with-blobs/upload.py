"""Stores a picture as a blob, and stores a better one in its place: the first is superseded."""
import re
import transaction
import ZEO
import ZODB
from ZODB.blob import Blob

port = int(re.search(r"address 127\.0\.0\.1:(\d+)", open("server.conf").read()).group(1))


def connect(storage):
    """Blobs that were read or written are kept in a folder of the client."""
    client = ZEO.client(("127.0.0.1", port), storage=storage, wait_timeout=30, blob_dir=f"cache-{storage}")
    return ZODB.DB(client)


uploads, pages = connect("uploads"), connect("pages")
with uploads.transaction() as connection:
    connection.root()["picture"] = Blob()
for quality in [b"blurred", b"sharp"]:
    with uploads.transaction() as connection:
        with connection.root()["picture"].open("w") as picture:
            picture.write(quality * 100_000)
with pages.transaction() as connection:
    connection.root()["welcome"] = "see the picture"
with uploads.transaction() as connection:
    with connection.root()["picture"].open() as picture:
        print("the picture is", picture.read(5).decode())
for database in [uploads, pages]:
    database.close()
