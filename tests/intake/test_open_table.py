"""Opening a file as a table: whatever a person uploads gives rows, or one sentence that says what to do."""

import codecs
import csv
import gzip
import hashlib
import io
import multiprocessing
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from tests.intake.measured_reading import read_and_measure
from tracker.intake.separated import CHUNK_BYTES
from tracker.intake.tables import UnreadableFile, open_table

# They come out of a process that has only imported the reader: starting Python anew for each file would take seconds.
SMALL_PROCESSES = multiprocessing.get_context("forkserver")
SMALL_PROCESSES.set_forkserver_preload(["tests.intake.measured_reading"])

PLAIN = "id,stars,comment\nR1,4,Quick\nR2,5,\n"
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
TWO_ROWS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>stars</t></is></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>4</v></c></row>'
)


def read(path):
    with open_table(path) as table:
        return table.headers, list(table.rows())


def refusal(path):
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    return caught.value.sentence


def outcome(path):
    try:
        return *read(path), ""
    except UnreadableFile as error:
        return [], [], error.sentence


def measured(path, megabytes=100):
    """Read a file in a process of its own; fail when it takes more memory than the promise allows."""
    with SMALL_PROCESSES.Pool(1) as pool:
        figures = pool.apply_async(read_and_measure, (path,)).get(timeout=300)
    assert figures["megabytes"] < megabytes, figures
    return figures


@pytest.fixture
def write(tmp_path):
    def file(content, name="file.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return file


@pytest.fixture
def workbook(tmp_path):
    def file(sheet, *, texts=None, **more):
        """Write a minimal workbook around the XML of a sheet, given as text or as an iterable of pieces."""
        path = tmp_path / "made.xlsx"
        relation = '<Relationship Id="{0}" Type="http://x/{1}" Target="{2}"/>'.format
        relations = relation("r1", "worksheet", "worksheets/sheet1.xml") + relation(
            "r2", "sharedStrings", "sharedStrings.xml"
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "xl/workbook.xml",
                '<workbook xmlns:r="http://r"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
            )
            archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>")
            if texts is not None:
                archive.writestr("xl/sharedStrings.xml", texts)
            with archive.open("xl/worksheets/sheet1.xml", "w") as member:
                for piece in [sheet] if isinstance(sheet, str) else sheet:
                    member.write(piece.encode())
            for name, content in more.items():
                archive.writestr(name, content)
        return path

    return file


# What can be read


def test_rows_come_with_the_line_they_start_on(write):
    headers, rows = read(write('id,stars,comment\r\nR1,4,"two\r\nlines"\r\n\r\nR2,5,"say ""hi"""\r\n'))
    assert headers == ["id", "stars", "comment"]
    assert rows == [(2, ["R1", "4", "two\r\nlines"]), (5, ["R2", "5", 'say "hi"'])]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_ending_is_read(write, ending):
    assert read(write(PLAIN.replace("\n", ending)))[1] == [(2, ["R1", "4", "Quick"]), (3, ["R2", "5", ""])]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_survive_the_edge_of_a_chunk(write, ending):
    lines = [f"R{number},{number % 5},{'x' * (number % 97)}" for number in range(30_000)]
    rows = read(write(ending.join(["id,stars,comment", *lines]) + ending))[1]
    assert [",".join(cells) for _, cells in rows] == lines
    assert [line for line, _ in rows] == list(range(2, 30_002))


@pytest.mark.parametrize("offset", range(-3, 3))
def test_a_line_ending_cut_in_two_by_a_chunk_is_one(write, offset):
    first = "id,comment\r\n1,"
    rows = read(write(first + "x" * (CHUNK_BYTES - len(first) + offset) + "\r\n2,b\r\n"))[1]
    assert [(line, cells[0]) for line, cells in rows] == [(2, "1"), (3, "2")]


@pytest.mark.parametrize(
    ("encoding", "mark", "named"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32"),
        ("cp1252", b"", "windows-1252"),
    ],
)
def test_the_encoding_is_found_and_named(write, encoding, mark, named):
    path = write(mark + "id;étoiles\n1;déçu – «mal»\n".encode(encoding))
    with open_table(path) as table:
        assert (table.headers, list(table.rows())) == (["id", "étoiles"], [(2, ["1", "déçu – «mal»"])])
        assert (table.encoding, table.separator) == (named, ";")


def test_latin_1_bytes_after_a_megabyte_of_ascii_are_read(write):
    rows = "".join(f"R{number},4,plain and simple\n" for number in range(50_000))
    with open_table(write(b"id,stars,comment\n" + rows.encode() + "R,5,très bien\n".encode("latin-1"))) as table:
        assert table.encoding == "utf-8"
        assert list(table.rows())[-1] == (50_002, ["R", "5", "très bien"])
        assert table.encoding == "windows-1252"


def test_a_file_that_changes_its_encoding_is_refused_with_the_line(write):
    rows = "".join(f"R{number},4,très bien\n" for number in range(50_000))
    sentence = refusal(write(b"id,stars,comment\n" + rows.encode() + "R,5,très bien\nS,4,\n".encode("latin-1")))
    assert sentence.startswith("Line 50002 is not written in UTF-8")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_though_the_comments_hold_all_of_them(write, separator):
    out = io.StringIO()
    table = [["id", "stars", "comment"], *([f"R{n}", "4", "good, fast; nice | clean\tyes, really"] for n in range(20))]
    csv.writer(out, delimiter=separator).writerows(table)
    headers, rows = read(write(out.getvalue()))
    assert [headers, *(cells for _, cells in rows)] == table


def test_unquoted_commas_in_comments_do_not_fool_the_separator(write):
    headers, rows = read(write("id;stars;comment\n1;4;good, fast, nice\n2;5;well, thanks\n3;5;a, b, c, d\n"))
    assert headers == ["id", "stars", "comment"]
    assert rows[2] == (4, ["3", "5", "a, b, c, d"])


def test_a_first_line_that_announces_the_separator_is_passed_over(write):
    headers, rows = read(write("sep=;\r\nid;stars\r\n1;4\r\n"))
    assert (headers, rows) == (["id", "stars"], [(3, ["1", "4"])])


def test_headers_are_stripped_and_trailing_empty_ones_dropped(write):
    assert read(write("\ufeff id , stars,,\n1,4,,\n"))[0] == ["id", "stars"]


def test_rows_with_too_many_or_too_few_cells_are_left_to_the_reader_of_rows(write):
    assert read(write("id,stars,comment\n1\n1,2,3,4,5\n"))[1] == [(2, ["1"]), (3, ["1", "2", "3", "4", "5"])]


def test_every_call_of_rows_begins_anew(write):
    with open_table(write(PLAIN)) as table:
        next(table.rows())
        assert [line for line, _ in table.rows()] == [2, 3] == [line for line, _ in table.rows()]
        assert table.share_read == 1.0


def test_a_gzipped_file_is_read_like_the_plain_one(write):
    packed = gzip.compress(PLAIN.encode()) + gzip.compress(b"R3,1,second member\n")
    assert read(write(packed, "x.csv.gz"))[1][-1] == (4, ["R3", "1", "second member"])


def test_ten_times_the_rows_take_no_more_memory(write):
    rows = "".join(f"R{number},2026-10-03,{number % 5 + 1},Quick and friendly\n" for number in range(100_000))
    figures = measured(write("id,date,stars,comment\n" + rows * 10), megabytes=30)
    assert figures["rows"] == 1_000_000


# Workbooks


def test_a_workbook_reads_as_the_person_sees_it(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        hidden, sheet = book.add_worksheet("old"), book.add_worksheet("Ratings")
        sheet.activate()
        sheet.set_first_sheet()
        hidden.hide()
        sheet.write_row(1, 0, ["id", "at", "on", "stars", "share", "long", "called", "formula", "comment"])
        formats = [
            book.add_format({"num_format": code}) for code in ("dd/mm/yyyy hh:mm", "[$-409]d mmm yyyy;@", "0.0%")
        ]
        sheet.write(4, 0, "R1")
        sheet.write_datetime(4, 1, datetime.fromisoformat("2026-10-03T14:22"), formats[0])
        sheet.write_datetime(4, 2, date(2026, 10, 3), formats[1])
        sheet.write_number(4, 3, 4.0)
        sheet.write_number(4, 4, 4.1, formats[2])
        sheet.write_number(4, 5, 254712345678)
        sheet.write_boolean(4, 6, True)
        sheet.write_formula(4, 7, "=1+3", None, 4)
        sheet.write_string(4, 8, "=cmd|' /C calc'!A0 & <b>\ttwo\nlines")
    headers, rows = read(path)
    assert headers[0] == "id"
    assert rows == [
        (
            5,
            [
                "R1",
                "2026-10-03T14:22:00",
                "2026-10-03",
                "4",
                "4.1",
                "254712345678",
                "TRUE",
                "4",
                "=cmd|' /C calc'!A0 & <b>\ttwo\nlines",
            ],
        )
    ]


def test_a_workbook_reads_the_same_as_by_another_reader(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, style = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(0, 0, ["a", "b", "c"])
        for row in range(1, 300):
            sheet.write_number(row, 0, row * 7919 / (7 if row % 3 else 1) * 10 ** (row % 9 - 4))
            sheet.write_string(row, 1 if row % 2 else 40, "é'\"<&>" * (row % 9 + 1))
            sheet.write_datetime(
                row, 2, datetime.fromisoformat("2026-01-01") + row * timedelta(hours=7, seconds=11), style
            )
    other = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    mine = read(path)[1]
    assert len(mine) == 299
    for (_, cells), theirs in zip(mine, other[1:], strict=True):
        assert float(cells[0]) == pytest.approx(theirs[0], rel=1e-14)
        assert cells[1] == theirs[1]
        assert datetime.fromisoformat(cells[2]) == datetime.fromisoformat(str(theirs[2]))
        assert (cells[40] if len(cells) > 40 else "") == theirs[40]


def test_prefixed_names_rich_texts_and_cells_without_a_place_are_read(workbook):
    texts = (
        '<x:sst xmlns:x="u"><x:si><x:r><x:t>sta</x:t></x:r><x:r><x:t>rs</x:t></x:r>'
        "<x:rPh><x:t>hint</x:t></x:rPh></x:si></x:sst>"
    )
    rows = (
        '<x:row><x:c t="inlineStr"><x:is><x:t>id</x:t></x:is></x:c><x:c t="s"><x:v>0</x:v></x:c></x:row>'
        "<x:row><x:c><x:v>7</x:v></x:c><x:c><x:f>1+3</x:f><x:v>4</x:v></x:c></x:row>"
    )
    path = workbook(f'<x:worksheet xmlns:x="u"><x:sheetData>{rows}</x:sheetData></x:worksheet>', texts=texts)
    assert read(path) == (["id", "stars"], [(2, ["7", "4"])])


# What is refused, in one sentence each


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "This file is empty."),
        (b"id,stars\n", "This file has column names but no rows."),
        (b"id,Stars, stars \n1,4,5\n", "The column name “stars” stands twice. Give each column a name of its own."),
        (b"id,,stars\n1,4,5\n", "Column 2 has no name in the first line. Name it or delete the column."),
        (b"1,4,2026-10-03\n2,5,2026-10-04\n", "The first line holds values, not names of columns."),
        (b"Thank you for everything\nIt was good\nSee you soon\n", "This file has only one column"),
        (
            b"Dear all, hello\nWe came, we saw, we went, we are back\nAnd so on\nOne, two, three\nYours\n",
            "The lines of this file",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "This file is a picture (PNG), not a table."),
        (b"%PDF-1.7\n%\xe2\xe3", "This file is a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This file is an old Excel file (.xls), or one locked"),
        (b"  <!DOCTYPE html>\n<html>", "This file is a web page (HTML)"),
        (b'[{"stars": 4, "id": 1}]', "This file is JSON"),
        (b'<?xml version="1.0"?><a/>', "This file is an XML document"),
        (hashlib.shake_256(b"anything").digest(5_000).replace(b"\0", b"\1"), "This file is not a table of text."),
        (b"id,stars\n1,4\n2,\x005\n", "Line 3 holds a NUL byte"),
        (b'id,stars\n1,4\n2,"5\n3,4\n4,4\n', "The row that starts on line 3 does not end"),
        (b"id,stars\n1,4\n2," + b"x" * 1_500_000 + b"\n", "The row that starts on line 3 has a cell of over 1 MB"),
        (",".join(f"c{n}" for n in range(501)).encode() + b"\n1\n", "This file has more than 500 columns."),
        (gzip.compress(gzip.compress(PLAIN.encode(), mtime=0), mtime=0), "This file is packed twice"),
        (b"\x1f\x8b\x08\0garbage!garbage!", "This gzip file is damaged from the start."),
    ],
)
def test_what_is_no_table_is_refused_in_one_clear_sentence(write, content, says):
    assert refusal(write(content)).startswith(says)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refusal(tmp_path / "gone.csv") == "The file “gone.csv” cannot be opened: No such file or directory."


@pytest.mark.parametrize(
    ("member", "says"),
    [
        ("word/document.xml", "This file is a Word document"),
        ("content.xml", "This file is an OpenDocument file (.ods)"),
        ("xl/workbook.bin", "This file is a binary Excel file"),
        ("ratings.csv", "This file is a ZIP archive"),
    ],
)
def test_other_zipped_documents_are_named(tmp_path, member, says):
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "x")
    assert refusal(path).startswith(says)


def test_a_gzip_cut_short_gives_the_rows_before_and_names_the_line(write):
    lines = "".join(f"R{number},{number * 2_654_435_761 % 2**32}\n" for number in range(60_000))
    packed = gzip.compress(f"id,value\n{lines}".encode())
    with open_table(write(packed[: len(packed) // 2])) as table:
        rows, seen = table.rows(), 1
        with pytest.raises(UnreadableFile) as caught:
            for seen, _ in rows:  # noqa: B007 - the last line seen is what the sentence must name
                pass
    assert seen > 20_000
    assert caught.value.sentence.startswith(f"This file is cut short or damaged after line {seen}.")


def test_a_gzip_with_a_changed_byte_is_refused(write):
    packed = bytearray(gzip.compress(b"id,value\n" + b"".join(b"R%d,%d\n" % (n, n * n) for n in range(20_000))))
    packed[len(packed) // 2] ^= 0xFF
    assert "cut short or damaged" in refusal(write(bytes(packed)))


# Bombs: refused with little memory. Times are not judged, beyond the watchdog.


def test_a_gzip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(b"id,stars\n")
        for _ in range(300):
            file.write(b"1,4\n" * 250_000)
    assert measured(path)["sentence"].startswith("This file unpacks to far more than a table holds.")


@pytest.mark.parametrize("piece", [b"a", b'"', b'"\n",', b"\n", b","])
def test_endless_cells_and_rows_are_refused(tmp_path, piece):
    path = tmp_path / "endless.csv"
    with path.open("wb") as file:
        file.write(b"id,stars\n1,4\n")
        for _ in range(100):
            file.write(piece * (1_000_000 // len(piece)))
    figures = measured(path)
    assert figures["sentence"] or piece == b"\n"
    assert figures["rows"] <= 1


def test_a_cell_of_100_megabytes_is_refused(tmp_path):
    path = tmp_path / "cell.csv"
    path.write_bytes(b'id,comment\n1,"' + b"word and\n" * 11_000_000 + b'"\n')
    assert measured(path)["sentence"].startswith("The row that starts on line 2 has a cell of over 1 MB")


def test_a_million_columns_are_refused(write, workbook):
    assert "columns" in measured(write(",".join(f"column{n}" for n in range(1_000_000)) + "\n1,2\n"))["sentence"]
    cells = [f'<c r="{letters}1" t="b"><v>1</v></c>' for letters in ("A", "B", "XFD")]
    assert "more than 500 columns" in measured(workbook(SHEET.format(f'<row r="1">{"".join(cells)}</row>')))["sentence"]
    unplaced = '<c t="b"><v>1</v></c>' * 1_000_000
    assert measured(workbook(SHEET.format(f'<row r="1">{unplaced}</row>')))["sentence"]


def test_a_workbook_of_over_a_gigabyte_is_refused(workbook):
    zeros = " " * 1_000_000
    path = workbook(zeros for _ in range(1_100))
    assert path.stat().st_size < 3_000_000
    assert measured(path)["sentence"].startswith("This XLSX file holds more than can be read safely.")


def test_a_workbook_that_lies_about_its_size_is_refused(workbook):
    path = workbook(SHEET.format(TWO_ROWS + "<row/>" * 1_000_000))
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[entry + 24 : entry + 28] = (400).to_bytes(4, "little")
    path.write_bytes(content)
    assert measured(path)["sentence"].startswith("This XLSX file is damaged.")


def test_a_directory_of_a_million_entries_is_refused(tmp_path):
    path = tmp_path / "many.xlsx"
    entry = b"PK\x01\x02" + bytes(24) + (1).to_bytes(2, "little") + bytes(16) + b"a"
    directory = entry * 1_000_000
    end = (
        b"PK\x05\x06"
        + bytes(4)
        + b"\xff\xff\xff\xff"
        + len(directory).to_bytes(4, "little")
        + (4).to_bytes(4, "little")
    )
    path.write_bytes(b"PK\x03\x04" + directory + end + bytes(2))
    assert measured(path, megabytes=50)["sentence"].startswith("This XLSX file holds more than can be read safely.")


def test_billion_laughs_are_refused(workbook):
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    declared = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]>'
    path = workbook(declared + SHEET.format('<row r="1"><c r="A1" t="str"><v>&l9;</v></c></row>'))
    assert measured(path, megabytes=30)["sentence"].startswith("This XLSX file declares XML entities")
    harmless = workbook(SHEET.format(TWO_ROWS), texts=declared + "<sst><si><t>&l9;</t></si></sst>")
    assert measured(harmless, megabytes=30)["sentence"].startswith("This XLSX file declares XML entities")


def test_two_cells_far_apart_take_no_memory(workbook):
    far = '<row r="1048576"><c r="A1048576"><v>1</v></c><c r="SF1048576"><v>9</v></c></row>'
    figures = measured(workbook(SHEET.format(TWO_ROWS + far)), megabytes=30)
    assert (figures["rows"], figures["sentence"]) == (2, "")


def test_one_long_text_used_by_every_cell_takes_no_memory(workbook):
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="s"><v>1</v></c></row>' for n in range(2, 20_000)
    )
    path = workbook(
        SHEET.format(TWO_ROWS.partition('<row r="2"')[0] + cells),
        texts=f"<sst><si><t>{'long ' * 60_000}</t></si><si><t>b</t></si></sst>",
    )
    figures = measured(path, megabytes=30)
    assert (figures["rows"], figures["sentence"]) == (19_998, "")


@pytest.mark.parametrize(
    "sheet",
    [
        "<a>" * 200_000,
        SHEET.format("<v>" * 3_000_000),
        SHEET.format("<rPh>" + "<t>" * 3_000_000),
        SHEET.format("<c>" * 3_000_000),
        SHEET.format("<row>" * 1_900_000),
        "<worksheet " + " ".join(f'a{n}="1"' for n in range(1_000_000)) + "/>",
        "<worksheet>" + "".join(f"<n{n}/>" for n in range(1_000_000)) + "</worksheet>",
        SHEET.format('<row r="1"><c r="A1" t="str"><v>' + "word " * 1_000_000 + "</v></c></row>"),
        SHEET.format('<row r="99999999"><c r="A1"><v>1</v></c></row>'),
        SHEET.format('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
        SHEET.format('<row r="1"><c r="1A"><v>7</v></c></row>'),
        SHEET.format('<row r="x"><c r="A1"><v>7</v></c></row>'),
        SHEET.format("<row>"),
        "not XML at all",
        "",
    ],
)
def test_sheets_that_no_program_writes_are_refused(workbook, sheet):
    assert measured(workbook(sheet), megabytes=60)["sentence"].startswith(("This XLSX file", "Row 1 has"))


# Whatever the bytes

HOSTILE = st.one_of(
    st.binary(max_size=300),
    st.text(alphabet="ab,;\t|\"'\r\n\0é★=@-", max_size=300).map(lambda text: text.encode()),
    st.binary(max_size=200).map(lambda tail: b"id,stars\n" + tail),
    st.binary(max_size=200).map(lambda tail: b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + tail),
    st.binary(max_size=200).map(gzip.compress),
    st.tuples(st.sampled_from([codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, b"PK\x03\x04"]), st.binary(max_size=200)).map(
        b"".join
    ),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=HOSTILE)
def test_any_bytes_at_all_give_rows_or_one_sentence(tmp_path, content):
    path = tmp_path / "any"
    path.write_bytes(content)
    headers, rows, sentence = outcome(path)
    assert sentence.endswith((".", "?")) or (len(headers) > 1 and all(line > 1 for line, _ in rows))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), min_size=1, max_size=8),
    packed=st.booleans(),
)
def test_a_workbook_with_changed_bytes_gives_rows_or_one_sentence(tmp_path, changes, packed):
    path = tmp_path / "any.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["id", "stars"])
        book.worksheets()[0].write_row(1, 0, ["R1", 4])
    content = _repacked(path) if not packed else bytearray(path.read_bytes())
    for position, value in changes:
        content[position % len(content)] = value
    path.write_bytes(content)
    headers, _, sentence = outcome(path)
    assert sentence.endswith((".", "?")) or len(headers) > 1


def _repacked(path):
    """Store the members unpacked, so that changed bytes hit the XML and not only the packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return bytearray(out.getvalue())


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"), max_size=12)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8).filter(
    lambda rows: any(map(any, rows))
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=TABLES,
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_any_table_comes_back_as_it_was_written(tmp_path, rows, separator, encoding):
    path = Path(tmp_path) / "table.csv"
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([["id", "stars", "comment"], *rows])
    headers, found = read(path)
    assert headers == ["id", "stars", "comment"]
    assert [cells for _, cells in found] == [row for row in rows if any(row)]
