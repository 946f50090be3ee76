"""Runs `mlflow server` on the loopback interface for as long as stdin stays open.

Usage: serve.py STORE_URI ARTIFACTS_FOLDER PORT read|write

"write" refuses a store that cannot be written, in one line that starts with "error: ".

Whoever starts this holds its stdin. When that process ends, even by SIGKILL, so does the server.
All is one process, so that nothing stays behind when this one is killed.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from urllib.request import url2pathname

WINDOWS = os.name == "nt"
SQLITE = "sqlite:///"
FILE = "file://"


def stop_with_stdin():
    """Ends this process, and what it may have started, when stdin is closed."""
    while os.read(0, 4096):
        pass
    if WINDOWS:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(os.getpid())], check=False)
        return
    os.killpg(0, signal.SIGTERM)
    time.sleep(5)
    os.killpg(0, signal.SIGKILL)


def require_writable(store, artifacts):
    """Ends this process, and says why, where the store or the artifacts cannot be written."""
    if store.startswith(SQLITE):
        database = store.removeprefix(SQLITE)
        # sqlite keeps a journal beside the file.
        paths = [database, os.path.dirname(database)]
    else:
        paths = [url2pathname(store.removeprefix(FILE))]
    for path in [*paths, artifacts]:
        # What is missing is made, in the folder that is there.
        while not os.path.exists(path) and path != os.path.dirname(path):
            path = os.path.dirname(path)
        if not os.access(path, os.W_OK):
            sys.exit(
                f"error: {path} cannot be written, which MLflow needs to log: make it writable for "
                "this user, or give another store with --tracking-uri."
            )


def create_store(path):
    """Makes a new sqlite store in a temporary file, then renames it to `path`.

    The file in place is thus whole: MLflow cannot use one whose migrations were interrupted. And
    nothing has to be synced to the disk in between, which is most of the time they take.
    """
    from mlflow.store.db.utils import _initialize_tables
    from sqlalchemy import create_engine, event

    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    temporary = f"{path}-{os.getpid()}.tmp"
    engine = create_engine(SQLITE + temporary)
    event.listen(engine, "connect", lambda link, _: link.execute("PRAGMA synchronous=OFF"))
    try:
        _initialize_tables(engine)
        engine.dispose()
        if not os.path.exists(path):
            os.replace(temporary, path)
    finally:
        for leftover in (temporary, f"{temporary}-journal"):
            if os.path.exists(leftover):
                os.remove(leftover)


def serve_here(command, *, extra_env, **_):
    """Runs uvicorn in this process, where MLflow would start another one that outlives it."""
    os.environ.update(extra_env)
    uvicorn.main(command[command.index("uvicorn") + 1 :])


if __name__ == "__main__":
    store, artifacts, port, access = sys.argv[1:]
    if access == "write":
        require_writable(store, artifacts)
    if not WINDOWS:
        os.setsid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    threading.Thread(target=stop_with_stdin, daemon=True).start()
    if store.startswith(SQLITE) and not os.path.exists(store.removeprefix(SQLITE)):
        create_store(store.removeprefix(SQLITE))

    # First: where MLflow finds no web server, it leaves out some of its guard against other sites.
    import uvicorn
    from mlflow import server
    from mlflow.cli import cli

    # MLflow has no option for it.
    server._exec_cmd = serve_here
    arguments = {
        "--backend-store-uri": store,
        "--artifacts-destination": artifacts,
        "--host": "127.0.0.1",
        "--port": port,
        "--workers": "1",
        "--uvicorn-opts": "--log-level warning",
    }
    cli(["server", *(word for option in arguments.items() for word in option)])
