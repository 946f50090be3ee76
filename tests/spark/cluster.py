"""Runs a standalone Spark cluster on the loopback interface for as long as stdin stays open.

Usage: cluster.py FOLDER PORT WEB_PORT WORKERS

One master, and workers with a core each. Whoever starts this holds its stdin: when that process
ends, even by SIGKILL, so does the cluster. Logs go to FOLDER.
"""

import os
import signal
import subprocess
import sys
import threading
import time

import pyspark

HOST = "127.0.0.1"
PACKAGE = "org.apache.spark.deploy"


def stop_with_stdin():
    while os.read(0, 4096):
        pass
    os.killpg(0, signal.SIGTERM)


def stop(*_):
    """Ends all of this process group: executors are in it, and their Python ends with them."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    time.sleep(3)
    os.killpg(0, signal.SIGKILL)


def start(folder, name, *arguments):
    home = pyspark.__path__[0]
    with open(f"{folder}/{name}.log", "w", encoding="utf-8") as log:
        command = [f"{home}/bin/spark-class", *arguments]
        environment = {**os.environ, "SPARK_HOME": home}
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)


def main():
    folder, port, web_port, workers = sys.argv[1:]
    os.setsid()
    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=stop_with_stdin, daemon=True).start()
    address = ["--host", HOST, "--port", port, "--webui-port", web_port]
    processes = [start(folder, "master", f"{PACKAGE}.master.Master", *address)]
    for number in range(1, int(workers) + 1):
        options = ["--host", HOST, "--webui-port", "0", "--cores", "1", "--memory", "2g"]
        options += ["--work-dir", f"{folder}/work{number}", f"spark://{HOST}:{port}"]
        processes.append(start(folder, f"worker{number}", f"{PACKAGE}.worker.Worker", *options))
    while all(process.poll() is None for process in processes):
        time.sleep(0.2)
    stop()


if __name__ == "__main__":
    main()
