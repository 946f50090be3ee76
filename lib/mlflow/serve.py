"""Runs `mlflow server` on the loopback interface for as long as stdin stays open.

Usage: serve.py STORE_URI ARTIFACTS_FOLDER PORT

Whoever starts this holds its stdin. When that process ends, even by SIGKILL, so does the server.
"""

import os
import signal
import subprocess
import sys
import threading
import time

WINDOWS = os.name == "nt"
SQLITE = "sqlite:///"


def stop_with_stdin():
    """Ends this process and the server below it when stdin is closed."""
    while os.read(0, 4096):
        pass
    if WINDOWS:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(os.getpid())], check=False)
        return
    os.killpg(0, signal.SIGTERM)
    time.sleep(5)
    os.killpg(0, signal.SIGKILL)


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


if __name__ == "__main__":
    store, artifacts, port = sys.argv[1:]
    if not WINDOWS:
        os.setsid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    threading.Thread(target=stop_with_stdin, daemon=True).start()
    if store.startswith(SQLITE) and not os.path.exists(store.removeprefix(SQLITE)):
        create_store(store.removeprefix(SQLITE))

    from mlflow.cli import cli

    arguments = {
        "--backend-store-uri": store,
        "--artifacts-destination": artifacts,
        "--host": "127.0.0.1",
        "--port": port,
        "--workers": "1",
        "--uvicorn-opts": "--log-level warning",
    }
    cli(["server", *(word for option in arguments.items() for word in option)])
