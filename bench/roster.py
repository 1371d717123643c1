"""A county's households from one workbook: reading, dry run, writing and a repeat, against reading the file alone.

`python -m bench.roster [HOUSEHOLDS]` in an installation without a database of its own: it starts one in a temporary
directory, makes villages and a shuffled file (3.3 persons a household, numbers that no real person has), and measures.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HEADER = (
    "乡镇",
    "村",
    "网格",
    "户编号",
    "户主",
    "姓名",
    "与户主关系",
    "性别",
    "身份证号码",
    "联系电话",
    "家庭住址",
    "是否党员",
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉兰春梅建国志文海云鹏飞雪莲宁波成龙凤山川"
HOUSEHOLDS_A_VILLAGE = 190
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number(serial: int, birth: dt.date) -> str:
    """An ID number with a region code that was never given out."""
    first = f"{990000 + serial // 30_000_000}{birth:%Y%m%d}{serial % 999 + 1:03d}"
    return first + "10X98765432"[sum(int(a) * b for a, b in zip(first, WEIGHTS, strict=True)) % 11]


def persons(villages: list[tuple[str, str]], households: int) -> Iterator[list[str]]:
    """The rows of the file, a household's rows together, villages one after the other."""
    draw, serial = random.Random(7), 0
    for count in range(households):
        township, village = villages[count // HOUSEHOLDS_A_VILLAGE]
        surname, head = draw.choice(SURNAMES), ""
        for member in range(draw.choice((1, 2, 3, 3, 4, 4, 4, 5, 4, 3))):
            name = surname + "".join(draw.choice(GIVEN) for _ in range(draw.choice((1, 2, 2))))
            head = head or name
            # A day for each 999 persons keeps every number different.
            given = number(serial, dt.date(1930, 1, 1) + dt.timedelta(days=serial // 999))
            serial += 1
            yield [
                township, village, f"第{count % 6 + 1}网格", f"{count % HOUSEHOLDS_A_VILLAGE + 1:04d}", head, name,
                "户主" if not member else "家庭成员", "男" if int(given[16]) % 2 else "女", given,
                f"199{count:08d}" if not member else "", f"{village}{count % 40 + 1}号",
                "是" if serial % 17 == 0 else "否",
            ]  # fmt: skip


def write_file(path: Path, rows: Iterator[list[str]]) -> int:
    """The workbook, its rows shuffled in stretches so that villages are mixed; returns how many persons."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("人员")
    sheet.append(HEADER)
    every = list(rows)
    random.Random(8).shuffle(every)
    for row in every:
        sheet.append(row)
    book.save(path)
    return len(every)


def timed(title: str, job: Callable[[], Any]) -> tuple[Any, float]:
    """Run, print seconds and the peak of memory so far."""
    begin, spent = time.perf_counter(), time.process_time()
    result = job()
    seconds, spent = time.perf_counter() - begin, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{title:28s} {seconds:8.1f} s   processor {spent:7.1f} s   peak {peak:6.0f} MB", flush=True)
    return result, seconds


def main() -> None:
    households = int(sys.argv[1]) if len(sys.argv) > 1 else 150_000
    folder = Path(tempfile.mkdtemp(prefix="jizhi-bench-"))
    folder.chmod(0o755)
    os.environ["JIZHI_DATA"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    from jizhi.cli import console, house

    with house.open_house(share=False):
        console.migrate_if_behind()
        path = folder / "county.xlsx"
        villages = _county(households)
        pid = os.fork()  # writing the file takes memory of its own, which is not to be counted
        if pid == 0:
            print(
                f"{write_file(path, persons(villages, households))} persons, {path.stat().st_size >> 20} MB",
                flush=True,
            )
            os._exit(0)
        os.waitpid(pid, 0)
        _measure(path)


def _county(households: int) -> list[tuple[str, str]]:
    from django.utils import timezone

    from jizhi.areas import rules, services

    at, begin = timezone.now(), dt.date(2020, 1, 1)
    services.define_levels(levels=rules.USUAL_LEVELS, by=None, at=at)
    county = services.create_area(code="c", name="测试县", level="county", from_date=begin, by=None, at=at)
    villages: list[tuple[str, str]] = []
    while len(villages) * HOUSEHOLDS_A_VILLAGE < households:
        n = len(villages)
        if n % 50 == 0:
            name = f"第{n // 50 + 1}镇"
            town = services.create_area(
                code=f"t{n:04d}", name=name, level="township", parent=county, from_date=begin, by=None, at=at
            )
        village = services.create_area(
            code=f"v{n:04d}", name=f"测试{n}村", level="village", parent=town, from_date=begin, by=None, at=at
        )
        villages.append((town.name, village.name))
    return villages


def _measure(path: Path) -> None:
    from jizhi.intake.kinds import KINDS
    from jizhi.sheets import plain

    kind = KINDS["county-households"]
    _rows, alone = timed(
        "reading alone", lambda: sum(1 for _ in plain.open_table(path, path.name, kind.columns))
    )
    for title in ("", "again: "):
        upload, _seconds = timed(f"{title}upload", lambda: _upload(path))
        ready, checked = timed(f"{title}read, stage, dry run", lambda number=upload: _run(number))
        print("   ", ready.state, ready.planned, ready.fault)
        if ready.state != "ready":
            return
        _confirm(upload)
        done, written = timed(f"{title}write", lambda number=upload: _run(number))
        print("   ", done.state, done.counts, f"{(checked + written) / alone:.1f} times reading alone")


def _upload(path: Path) -> int:
    from django.utils import timezone

    from jizhi.areas import selectors
    from jizhi.imports import services
    from jizhi.intake.kinds import KINDS

    with path.open("rb") as file:
        row = services.upload_table(
            kind=KINDS["county-households"],
            area=selectors.area_by_code("c"),
            file_name=path.name,
            content=iter(lambda: file.read(1 << 20), b""),
            request_key=str(time.time()),
            by=None,
            at=timezone.now(),
        )
    return int(row.pk)


def _run(number: int) -> Any:
    from django.utils import timezone

    from jizhi.imports import services
    from jizhi.intake.kinds import KINDS

    return services.run_import(import_id=number, kind=KINDS["county-households"], now=timezone.now)


def _confirm(number: int) -> None:
    from django.utils import timezone

    from jizhi.imports import services
    from jizhi.intake.kinds import KINDS

    kind = KINDS["county-households"]
    services.confirm_import(import_id=number, kind=kind, by=None, at=timezone.now())


if __name__ == "__main__":
    main()
