"""A standalone Spark cluster on loopback: one master, two workers with one core each, started and stopped by pid.

The workers know Java and Spark and nothing else: no Python of ours or of the system is on their path.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pyspark

HOME = Path(pyspark.__file__).parent
SPARK_CLASS = HOME / "bin" / "spark-class"
LOOPBACK = "127.0.0.1"
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # short runs: compile little, collect simply
PATIENCE = 120  # seconds that a busy machine may take


@contextmanager
def cluster(logs: Path) -> Iterator[str]:
    """The address of the master, with two workers registered."""
    logs.mkdir(parents=True, exist_ok=True)
    (logs / "tools").mkdir(exist_ok=True)
    for tool in (
        "bash",
        "chmod",
        "dirname",
        "id",
        "java",
        "ls",
        "nice",
        "ps",
        "readlink",
        "rm",
        "setsid",
        "stat",
        "uname",
    ):
        if found := shutil.which(tool):
            (logs / "tools" / tool).symlink_to(found)
    port = _free_port()
    address = f"spark://{LOOPBACK}:{port}"
    started: list[subprocess.Popen[bytes]] = []
    try:
        master = ["org.apache.spark.deploy.master.Master", "--host", LOOPBACK, "--port", str(port)]
        started.append(_start(logs, "master", [*master, "--webui-port", "0"]))
        _wait(logs / "master.log", "I have been elected leader", 1)
        for number in (1, 2):
            worker = ["org.apache.spark.deploy.worker.Worker", address, "--host", LOOPBACK, "--cores", "1"]
            folder = str(logs / f"work-{number}")
            started.append(
                _start(
                    logs, f"worker-{number}", [*worker, "--memory", "1g", "--webui-port", "0", "-d", folder]
                )
            )
        _wait(logs / "master.log", "Registering worker", 2)
        yield address
    finally:
        _stop(started)


def _start(logs: Path, name: str, command: list[str]) -> subprocess.Popen[bytes]:
    tools = str(logs / "tools")
    environment = {
        "PATH": tools,
        "LC_ALL": "C.UTF-8",
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_LOCAL_DIRS": str(logs / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": QUICK,
        "SPARK_CONF_DIR": str(_settings(logs)),
        "PYSPARK_PYTHON": "/no/python/here",
    }
    if "JAVA_HOME" in os.environ:
        environment["JAVA_HOME"] = os.environ["JAVA_HOME"]
    with (logs / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(SPARK_CLASS), *command], env=environment, stdout=log, stderr=subprocess.STDOUT
        )


def _settings(logs: Path) -> Path:
    """A folder with the logging of master and workers: what `_wait` looks for, on one stream."""
    folder = logs / "conf"
    folder.mkdir(exist_ok=True)
    (folder / "log4j2.properties").write_text(
        "rootLogger.level = info\nrootLogger.appenderRef.stdout.ref = console\n"
        "appender.console.type = Console\nappender.console.name = console\n"
        "appender.console.layout.type = PatternLayout\nappender.console.layout.pattern = %m%n\n",
        encoding="utf-8",
    )
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _wait(log: Path, text: str, times: int) -> None:
    """Until the log says the text so many times."""
    for _ in range(PATIENCE * 10):
        if log.read_text(errors="replace").count(text) >= times:
            return
        time.sleep(0.1)
    raise AssertionError(f"no “{text}” ×{times} in {log}:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(started: list[subprocess.Popen[bytes]]) -> None:
    """Workers before their master, with all that they started; nothing may be left."""
    families = [psutil.Process(one.pid).children(recursive=True) for one in started if one.poll() is None]
    for one in reversed(started):
        one.terminate()
        try:
            one.wait(20)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait(20)
    orphans = [child for family in families for child in family]
    _, alive = psutil.wait_procs(orphans, 20)
    for child in alive:
        child.kill()
    psutil.wait_procs(alive, 20)
