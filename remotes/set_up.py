"""Tests a DVC remote, and writes it into DVC's configuration where the test passes.

Reads from stdin `{"name", "shared", "local", "default"}` as JSON: the options for .dvc/config, which
Git keeps, and for .dvc/config.local, which it does not; and whether to make it the default remote.
Options that the remote has already, and that stand in neither, stay. Where the test fails, the last
line on stderr says why, the exit code is 1, and nothing was written.
"""

import io
import json
import sys
import uuid

from dvc.repo import Repo


def use(remote):
    """Writes a small file as DVC would, reads it and deletes it."""
    content = uuid.uuid4().hex.encode()
    path = remote.fs.join(remote.path, f"test-{uuid.uuid4().hex}")
    remote.fs.upload_fobj(io.BytesIO(content), path, size=len(content))
    try:
        found = remote.fs.cat_file(path)
    finally:
        remote.fs.rm_file(path)
    if found != content:
        raise OSError(f"{path} was written, but something else was read")


def main():
    request = json.load(sys.stdin)
    name, shared, local = request["name"], request["shared"], request["local"]
    with Repo(config={"remote": {name: {**shared, **local}}}) as repo:
        try:
            use(repo.cloud.get_remote(name))
        except Exception as error:
            # What a plugin wraps an error in says less than the error itself.
            while error.__cause__ is not None:
                error = error.__cause__
            print(" ".join(f"{type(error).__name__}: {error}".split()), file=sys.stderr)
            sys.exit(1)
        if shared or request["default"]:
            with repo.config.edit("repo") as config:
                if shared:
                    config["remote"].setdefault(name, {}).update(shared)
                if request["default"]:
                    config["core"]["remote"] = name
        if local:
            with repo.config.edit("local") as config:
                config["remote"].setdefault(name, {}).update(local)


main()
