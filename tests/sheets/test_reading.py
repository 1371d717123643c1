"""Files as a whole: formats are told by content, and what cannot be read says why."""

from __future__ import annotations

import base64
import contextlib
import functools
import io
import random
import zipfile
import zlib
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from jizhi.sheets.plain import streamed
from jizhi.sheets.reading import UnreadableFile, read_workbook
from jizhi.sheets.roster import read_roster
from tests.sheets import villages

# A small BIFF8 workbook: title, merged household cells, a date cell, a serial, and an ID stored as a number.
OLD_XLS = (
    "eNrtWFtIFGEUPv/M7EVzL24qaKAiZGUKu2bqUrpmlE8ubi10QSo3Fw1TwzLxQprmQ5hS9FT4kGAPIVT20IVC8i0hMPJBCAQtfJIe"
    "wqKLl+38Z2bWXTNQKEGZM8z5/+/858w5//lvM/NuNHqybzBhCpZRPoiwGIgAfYiM4R2hAitgeyDAq2ppxDug0YaiCCMOpF4HL01v"
    "DXwM+XhPgQCPpWHkAB/xLoUL4K6t8SevIxVSDGWMx5CHnEEvSswQT1HZiJ8lvpX4I9J8RbyAJN3E81B3kp2EUZc7LVeZxceFFGoz"
    "A3/uM7L5QBIHxMIbPotbbzJZVwcH6s6Vnd9gDYlSFPQDDmiRv8Zfx7EF7kMkQCNSRnV1Rnn5JMTgYPfDt0AywFd1Vb9O1uTrK2eA"
    "8h/hcsNf5EYcxOXy24IE0AaBM7RIOnFSP5F4i8gG203eG555GIE4xNG0QbPZBn+lp6LXk+OTm0VgOb641u9HJWAFvlOlntb9lQKX"
    "7XNjMXbC5NUBM7s5vuiZa0GtgZ4F93AXGfzyJNVP+5MqsOptm2vZWz/Rhb7tdrsDJenN4OZPQw+V3p9Nsw02AKfT7nA6Hc7cbHum"
    "IzvXnpuJivXdaFI/1Ij+im9dLglRy3LYcxxZ2fbsLGyLdzN3JD+BaMeyhu1YJlrJUcjLwUL1aFrPVuzy/IMv74t9Ja7TJGmjU0o+"
    "y7bz1EEArnILNDZTiw7UsyyNLHYTb6enbqN6AvEY1MQytSRWqRzuIJ1r1JqKT9hDNObaEVLfifXOGc/zxM5Prl1Yf1g01RTzcNzV"
    "Byl4tpajPb86IJ2ls7t3OL1wqSVT9r0J4vF/7IFGwarEHlAObAss8FWvDD/AEEYNlJ3Qy0CWbAVLRpacy0jNq4wERGIQiYikIJIQ"
    "6YJIh0gfRHryqSIDIqMSvbBCDALFEKHoy2MbGUQ8hi1BJIYhKSQ+gWKIQnRF4EiPueyZwagFfgoYKD8tRey6rZDHwa0MIXEMYVSi"
    "kkW5zigvcl2grHAvIkVgUnyKFIE5iHgEFiUCkbJg/iz3W6J5vOSPa0jkT+2pFNZviXxag0gMQ2q/ed8k8jpyr2p8pHng4DTOMony"
    "JNAl0pgKpK2SAfIFGzzlaceTdIkiQSONNNJII4002hzE3+34Uc/fACTl7VdPbwHyf50FvBe13ySblo5ALV6X8KPyENRgWQeNa5o/"
    "caBj6rPYKm3U/4WcjqH3OqgCH8VRteb5i19ELLQ/qza0/rsltFb/i2uJ8z/7/w0mECb2"
)


def old_xls() -> bytes:
    return zlib.decompress(base64.b64decode(OLD_XLS))


@functools.cache  # the archive carries the time it was made
def xlsx() -> bytes:
    return villages.workbook(
        ("a", [villages.HOUSEHOLD_HEADER, *villages.household_rows(villages.make_village(1), 1)])
    )


def test_old_xls() -> None:
    roster = read_roster(old_xls(), "旧.xls")
    [household] = roster.households
    assert (household.no, household.head, household.size) == ("0001", "周竹石", 2)
    assert [m.birth_date for m in household.members] == [date(1986, 2, 16), date(1941, 7, 14)]
    assert [(r.row, r.column, r.value) for r in roster.refused] == [(5, "F 身份证号", "9.90199E+17")]


def encrypted() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(2000)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(2000)
    )


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def with_sheet_xml(xml: bytes) -> bytes:
    source, buffer = zipfile.ZipFile(io.BytesIO(xlsx())), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, xml if part == "xl/worksheets/sheet1.xml" else source.read(part))
    return buffer.getvalue()


HUGE_MERGE = b'<worksheet><sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "空的"),
        (b"\xef\xbb\xbf\r\n", "空的"),
        (bytes(500), "空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (encrypted(), "密码"),
        (zipped(word__document_xml=b"<a/>"), "不是表格"),
        (zipped(**{"xl/workbook.xml": b"0" * 130_000_000}), "太大"),
        (with_sheet_xml(HUGE_MERGE), "太大"),
        (with_sheet_xml(ENTITIES), "损坏"),
        (b"<html><body>404</body></html>", "网页"),
        (bytes(random.Random(1).randbytes(3000)), "无法识别"),
        (b"x" * (21 * 1024 * 1024), "太大"),
        ("随便写的一段话，没有表头。".encode(), "表头"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, word: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_roster(data, "文件.xlsx")
    assert word in caught.value.message
    assert caught.value.message_en.startswith(("The ", "This ", "No "))


@pytest.mark.parametrize("make", [xlsx, old_xls])
def test_truncated_files(make: object) -> None:
    data = make()  # type: ignore[operator]
    for share in (0.02, 0.3, 0.6, 0.9, 0.99):
        with pytest.raises(UnreadableFile):
            read_roster(data[: int(len(data) * share)], "a.xlsx")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<table>", b"\xff\xfe"]),
)
def test_no_bytes_crash_the_reader(data: bytes, start: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        read_roster(start + data, "a.csv")


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_damaged_workbooks_do_not_crash_the_reader(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([xlsx(), old_xls()])))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=20)):
        content[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(UnreadableFile):
        read_roster(bytes(content), "a.xlsx")


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_workbook(tmp_path / "没有.xlsx", "没有.xlsx")


def test_a_stray_mark_in_the_last_row_costs_nothing() -> None:
    book = load_workbook(io.BytesIO(xlsx()))
    book.worksheets[0].cell(1_048_576, 3).value = " "
    buffer = io.BytesIO()
    book.save(buffer)
    assert len(read_roster(buffer.getvalue(), "a.xlsx").households) == 60


def test_row_numbers_are_those_excel_shows() -> None:
    text = 'sep=;\r\n户编号;户主;住址\r\n\r\n1;赵安;"一\n二"\r\n2;;\r\n'
    roster = read_roster(text.encode("utf-8-sig"), "a.csv")
    assert [(h.row, h.address) for h in roster.households] == [(3, "一 二")]
    assert roster.refused_rows == [("a", 4)]


def test_merged_cells_fill_downwards_only() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["C1"], sheet["C2"], sheet["C3"] = "x", 1, 2, 3
    sheet.merge_cells("A1:B3")
    buffer = io.BytesIO()
    book.save(buffer)
    [read] = read_workbook(buffer.getvalue(), "a.xlsx")
    assert [(row.cell(1).shown, row.cell(1).filled, row.cell(2).is_blank) for row in read.rows] == [
        ("x", False, True),
        ("x", True, True),
        ("x", True, True),
    ]


@pytest.mark.parametrize("since_1904", [False, True])
def test_serial_dates_of_both_epochs(since_1904: bool) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

    epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900
    book = Workbook()
    book.epoch = epoch
    sheet = book.worksheets[0]
    sheet.append(["户编号", "户主", "出生日期"])
    sheet.append(["0001", "赵安", int(to_excel(date(1970, 5, 6), epoch))])
    buffer = io.BytesIO()
    book.save(buffer)
    [household] = read_roster(buffer.getvalue(), "a.xlsx").households
    assert household.members[0].birth_date == date(1970, 5, 6)


def test_large_and_small_workbooks_tell_days_and_times_alike(tmp_path: Path) -> None:
    book = Workbook()
    told = (date(2026, 6, 9), datetime(2026, 6, 9, 9, 30), time(9, 30), time(0, 0), 0.4)  # noqa: DTZ001
    book.active.append(told)
    path = tmp_path / "times.xlsx"
    book.save(path)
    ((_sheet, _number, cells, _since_1904),) = streamed.rows(path)
    shown = [cell.shown for _column, cell in sorted(cells.items())]
    assert shown == ["2026-06-09", "2026-06-09 09:30", "09:30:00", "00:00:00", "0.4"]
    (small,) = read_workbook(path.read_bytes(), path.name)
    assert [small.rows[0].cell(column).shown for column in range(1, 6)] == shown
