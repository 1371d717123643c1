"""Opening and closing the connection to Spark: a master's address, and the settings on which equal results depend.

pyspark is imported only here and only when a session is asked for. Memory, cores and everything else of the cluster
are the operator's: they come from `spark-defaults.conf` in SPARK_CONF_DIR, never from here.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

from jizhi.engine.document.text import Text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
LOOPBACK = "127.0.0.1"
NO_PACKAGE = Text(
    zh="Spark 后端需要另装：pip install 'jizhi[spark]'，并需要 Java 17（Debian：openjdk-17-jre-headless）",
    en="the Spark backend is an extra: pip install 'jizhi[spark]', and Java 17 (Debian: openjdk-17-jre-headless)",
)
NO_JAVA = Text(
    zh="Spark 后端需要 Java 17：未找到 java，也未设 JAVA_HOME（Debian：apt-get install openjdk-17-jre-headless）",
    en="the Spark backend needs Java 17: no java found and JAVA_HOME not set "
    "(Debian: apt-get install openjdk-17-jre-headless)",
)
NO_MASTER = Text(zh="连不上 Spark", en="Spark cannot be reached")
SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # an overflow is an error, never a silent NULL
    "spark.sql.session.timeZone": "UTC",  # days are days: nothing shifts with the place of a machine
    "spark.sql.cteRecursionLevelLimit": "-1",  # a recursion is as deep as its data
    "spark.sql.cteRecursionRowLimit": "-1",
    "spark.sql.adaptive.enabled": "false",  # it would merge parts and so forget how rows are spread
    # facts are spread by subject once: keep that through caches, and let it serve every narrower window and join
    "spark.sql.optimizer.canChangeCachedPlanOutputPartitioning": "false",
    "spark.sql.requireAllClusterKeysForCoPartition": "false",
    "spark.sql.requireAllClusterKeysForDistribution": "false",
    "spark.sql.maxPlanStringLength": "4000",  # nobody reads the plans, and they are long
    "spark.executorEnv.LC_ALL": "C.UTF-8",  # groups have Chinese names, and results lie in folders of that name
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


class NoSpark(RuntimeError):
    """Spark cannot be used; `text` says why and what to install, in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@contextlib.contextmanager
def opened(master: str = "", **more: str) -> Iterator[SparkSession]:
    """A session on that master, by default all cores of this machine; `more` are further Spark settings."""
    if find_spec("pyspark") is None or find_spec("sqlglot") is None:
        raise NoSpark(NO_PACKAGE)
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        raise NoSpark(NO_JAVA)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master or LOCAL).appName("jizhi")
    if (master or LOCAL).startswith("local"):
        builder = builder.config("spark.driver.host", LOOPBACK).config("spark.driver.bindAddress", LOOPBACK)
        builder = builder.config("spark.ui.enabled", "false")
    for name, value in {**SETTINGS, **more}.items():
        builder = builder.config(name, value)
    os.environ.setdefault("LC_ALL", "C.UTF-8")  # the same for a driver that writes by itself
    try:
        session = builder.getOrCreate()
    except Exception as error:
        reason = str(error).partition("\n")[0]
        raise NoSpark(Text(zh=f"{NO_MASTER.zh}：{reason}", en=f"{NO_MASTER.en}: {reason}")) from error
    try:
        yield session
    finally:
        session.stop()
