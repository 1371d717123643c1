"""The printed forms, read back as text and as pages.

What they look like is judged by eye; these tests hold what must never break: the words arrive whole, hostile input
stays text, pages number themselves, and the same data give the same file.
"""

import dataclasses
import datetime
import io
import re
import shutil
import subprocess
import time
from pathlib import Path

import pypdf
import pytest

from jizhi.prints import forms, glyphs, pdf
from tests.prints import samples

A4 = (595, 842)
A3 = (842, 1191)
HOSTILE = [
    "#panic()",
    "$x^2$",
    "*粗体* _斜体_",
    '#read("/etc/passwd")',
    "= 标题",
    "\\u{202e}",
    "]#[",
    "${jndi:x}",
    "<label> @ref",
    "`raw`",
]


def read(printed: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(printed))


def words(printed: bytes) -> str:
    """All text without spaces: a PDF puts them where it likes between Chinese and digits."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in read(printed).pages))


def size(page: pypdf.PageObject) -> tuple[int, int]:
    return round(page.mediabox.width), round(page.mediabox.height)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("template", sorted(forms.FORMS))
def test_every_template_prints_in_both_languages(template: str, lang: str) -> None:
    printed = pdf.print_form(template, samples.every_form(lang)[template])
    reader = read(printed.pdf)
    assert printed.missing == ()
    assert len(reader.pages) >= 1
    assert reader.metadata is not None
    assert reader.metadata.title


@pytest.mark.parametrize("template", sorted(forms.FORMS))
def test_fonts_are_embedded(template: str) -> None:
    fonts = read(pdf.render(template, samples.every_form("zh")[template])).pages[0]["/Resources"]["/Font"]
    for font in fonts.values():
        descriptor = font.get_object()["/DescendantFonts"][0]["/FontDescriptor"]
        assert "NotoSansSC" in str(descriptor["/FontName"])
        assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))


@pytest.mark.parametrize("template", sorted(forms.FORMS))
def test_english_pages_have_no_chinese_of_their_own(template: str) -> None:
    """Whatever is Chinese on an English page came with the data."""
    form = samples.every_form("en")[template]
    given = set(str(dataclasses.asdict(form)))
    printed = words(pdf.render(template, form))
    assert {sign for sign in printed if "一" <= sign <= "鿿"} <= given


def test_notice_says_what_a_villager_needs() -> None:
    text = words(pdf.render("notice", samples.notice(contact="监督委员会 000-00000000")))
    for part in ("石桥村村民委员会", "2022年3月积分公示", "2022年4月8日至2022年4月17日", "沈**", "欧阳**", "书面答复",
                 "000-00000000", "N-2022-03", "4f2a9c11", "超限未计"):  # fmt: skip
        assert part in text


def test_notice_shows_entries_only_when_asked() -> None:
    assert "参加志愿服务" not in words(pdf.render("notice", samples.notice()))
    text = words(pdf.render("notice", samples.notice(entries_shown=True)))
    assert "3月5日参加志愿服务+3" in text
    assert "乱倒垃圾-2（异议处理中）" in text


def test_notice_of_a_large_village_repeats_its_header_and_numbers_its_pages() -> None:
    pages = read(pdf.render("notice", samples.notice(400))).pages
    assert len(pages) > 5
    for number, page in enumerate(pages, 1):
        text = re.sub(r"\s+", "", page.extract_text())
        assert f"{number}/{len(pages)}" in text
        assert "N-2022-03" in text
        if "0399" not in text and number < len(pages):
            assert "超限未计" in text
    whole = "".join(page.extract_text() for page in pages)
    assert all(f"{number:04d}" in whole for number in range(1, 401))


def test_notice_of_four_hundred_households_is_quick() -> None:
    """About 0.2 s on an idle core; the bound leaves room for a busy one."""
    pdf.render("notice", samples.notice(1))
    form = samples.notice(400)
    started = time.process_time()
    pdf.render("notice", form)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(("paper", "expected"), [("a4", A4), ("a3", A3)])
def test_notice_fits_the_paper_on_the_wall(paper: str, expected: tuple[int, int]) -> None:
    assert size(read(pdf.render("notice", samples.notice(paper=paper))).pages[0]) == expected


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_a_notice_of_tables_says_every_cell_and_nothing_of_households(paper: str) -> None:
    table = forms.NoticeTable(
        "各户积分",
        ("户号", "户主", "加分"),
        (2,),
        (("0001", "周**", "3"), ("0002", "—", "-2")),
        note="只计公示的事项。",
    )
    empty = forms.NoticeTable("星级文明户", note="名单不在公示中列出。")
    text = words(
        pdf.render(
            "notice",
            samples.notice(
                rows=(),
                households_shown=False,
                tables=(table, empty),
                remark="替换已经撤下的一期。",
                paper=paper,
            ),
        )
    )
    for part in (
        "各户积分", "户号户主加分", "0001周**3", "0002—-2", "只计公示的事项。", "星级文明户", "名单不在公示中列出。",
        "替换已经撤下的一期。",
    ):  # fmt: skip
        assert part in text
    assert "没有积分记录" not in text
    assert "未张贴" not in text


def test_a_draft_is_marked_on_every_page() -> None:
    pages = read(pdf.render("notice", samples.notice(100, draft=True))).pages
    assert len(pages) > 1
    assert all("未张贴" in re.sub(r"\s+", "", page.extract_text()) for page in pages)


def test_empty_notice_says_so() -> None:
    assert "没有积分记录" in words(pdf.render("notice", samples.notice(rows=())))


def test_minutes_name_the_absent_the_recused_and_the_reason() -> None:
    text = words(pdf.render("minutes", samples.minutes("zh")))
    for part in (
        "欧阳**（村民代表，请假）",
        "回避：蒋**",
        "理由：照片地点不清",
        "同意2反对0",
        "2022年3月25日14:30",
    ):
        assert part in text


def test_claim_sheet_of_a_whole_scheme_fits_one_page() -> None:
    items = samples.claim_sheet("zh").items[:1] * 22
    printed = pdf.render("claim_sheet", dataclasses.replace(samples.claim_sheet("zh"), items=items))
    assert len(read(printed).pages) == 1
    assert words(printed).count("志愿服务一百元以内1、") == 22


def test_receipt_comes_as_a_slip_or_on_a6() -> None:
    slip = read(pdf.render("receipt", samples.receipt("zh")))
    assert len(slip.pages) == 1
    assert size(slip.pages[0])[0] == 227
    assert size(read(pdf.render("receipt", samples.receipt("zh", paper="a6"))).pages[0]) == (298, 420)


def test_cards_come_eight_to_a_sheet_and_never_carry_the_pin() -> None:
    printed = pdf.render("cards", samples.cards("zh", count=17))
    assert len(read(printed).pages) == 3
    assert "482913" not in words(printed)
    assert words(pdf.render("pin_letters", samples.cards("zh", count=3))).count("482913") == 3


def test_table_carries_every_row_and_the_sums() -> None:
    reader = read(pdf.render("table", samples.table("zh", rows=90)))
    assert len(reader.pages) > 1
    text = "".join(page.extract_text() for page in reader.pages)
    assert all(f"{number:04d}" in text for number in range(90))
    assert "合计" in reader.pages[-1].extract_text()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_people_type_is_printed_as_text(hostile: str) -> None:
    row = forms.NoticeRow("0001", hostile, "0", "0", "0", "0", "100", hostile)
    text = words(pdf.render("notice", samples.notice(rows=(row,), title=hostile, contact=hostile)))
    assert text.count(re.sub(r"\s+", "", hostile)) >= 3


def test_controls_and_direction_marks_are_dropped() -> None:
    row = forms.NoticeRow("0001", "周\u202e\x00*\x07*", "0", "0", "0", "0", "100")
    assert "周**" in words(pdf.render("notice", samples.notice(rows=(row,))))


def test_rare_characters_print_and_what_cannot_print_is_reported() -> None:
    drawable = pdf.print_form("notice", samples.notice(contact="锌 䶮 𬭚 㛃"))
    assert drawable.missing == ()
    assert "䶮𬭚" in words(drawable.pdf)
    missing = pdf.print_form("notice", samples.notice(contact="王\U00020000"))
    assert missing.missing == ("\U00020000",)
    assert f"王{glyphs.GETA}" in words(missing.pdf)
    assert "U+20000" in words(missing.pdf)


def test_the_same_data_give_the_same_file() -> None:
    form = samples.notice(5)
    assert pdf.render("notice", form) == pdf.render("notice", form)
    assert pdf.render("notice", dataclasses.asdict(form)) == pdf.render("notice", form)


def test_times_are_written_in_the_villages_time() -> None:
    form = dataclasses.replace(
        samples.receipt("zh"), redeemed_at=datetime.datetime(2022, 3, 31, 17, 30, tzinfo=datetime.UTC)
    )
    assert "2022年4月1日01:30" in words(pdf.render("receipt", form))


def test_a_mapping_may_leave_out_what_has_a_default() -> None:
    shape = dataclasses.asdict(samples.table("zh", rows=1))
    for name in ("foot", "note", "paper", "landscape", "subtitle", "lang"):
        del shape[name]
    assert "户主名单" in words(pdf.render("table", shape))


def test_a_wrong_shape_is_told_by_name() -> None:
    with pytest.raises(TypeError, match=r"unknown \['head'\], missing \['issuer', 'rows', 'title'\]"):
        pdf.render("table", {"head": "x", "columns": []})
    with pytest.raises(pdf.UnknownTemplateError, match="claim_sheet"):
        pdf.render("../notice", {})


def test_pages_are_archive_files_that_screen_readers_can_follow() -> None:
    metadata = pdf.render("notice", samples.notice())
    assert b"pdfaid:part>2<" in metadata
    assert b"pdfuaid:part>1<" in metadata
    assert b"pdfaid:conformance>A<" in metadata


def test_pages_can_be_drawn_by_another_program(tmp_path: Path) -> None:
    drawer = shutil.which("pdftoppm")
    if drawer is None:
        pytest.skip("poppler-utils is not installed")
    for template, form in samples.every_form("zh").items():
        file = tmp_path / f"{template}.pdf"
        file.write_bytes(pdf.render(template, form))
        drawn = subprocess.run(
            [drawer, "-r", "40", "-png", file, tmp_path / template], capture_output=True, check=True
        )
        assert drawn.stderr == b""
        assert list(tmp_path.glob(f"{template}*.png"))
