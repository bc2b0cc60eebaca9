"""A roster reads the same however it was saved, and tells everything wrong with it at once."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.campaign import Roster, School, read_roster, select, write_roster
from xlplan.errors import SetupError, UsageError

LEWIS = School(
    district_id="5308250",
    district="Spokane School District",
    school_id="530825001378",
    school="Lewis and Clark High School",
)
HEAD = "district_id,district,school_id,school"
LINE = "5308250,Spokane School District,530825001378,Lewis and Clark High School"


def roster(folder: Path, text: str | bytes) -> Roster:
    path = folder / "schools.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(path)


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(SetupError) as caught:
        roster(folder, text)
    return [line.replace(str(folder / "schools.csv"), "FILE") for line in str(caught.value).splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n{LINE}\n",
        f"{HEAD}\r\n{LINE}\r\n",
        f"{HEAD}\r{LINE}",
        f"\ufeff{HEAD}\n{LINE}",
        f"{HEAD}\n{LINE}".replace(",", ";"),
        f"{HEAD}\n{LINE}".replace(",", "\t"),
        f"\n\n{HEAD},\n{LINE},\n,,,\n",
        f"District ID,DISTRICT,School Id,school\n{LINE}",
        f'"district_id","district","school_id","school"\n{LINE}',
        f"{HEAD}\n  5308250 ,\u00a0Spokane School District,530825001378,Lewis and Clark High School ",
    ],
)
def test_a_roster_reads_the_same_however_it_was_saved(tmp_path: Path, text: str) -> None:
    """Separators, line ends, byte order mark, case, blanks and empty lines make no difference."""
    assert roster(tmp_path, text) == Roster(schools=(LEWIS,))


def test_leading_zeros_stay(tmp_path: Path) -> None:
    """Ids are text."""
    assert (
        roster(tmp_path, f"{HEAD}\n0100005,Albertville,010000500870,Middle").schools[0].key == "010000500870"
    )


def test_a_line_without_a_school_is_the_districts_own_plan(tmp_path: Path) -> None:
    """Its key is the district's id."""
    (school,) = roster(tmp_path, f"{HEAD},template\n5308250,Spokane,,,planning_process").schools
    assert (school.key, school.name, school.template) == ("5308250", "Spokane", "planning_process")


def test_an_unused_column_is_a_note(tmp_path: Path) -> None:
    """It stops nothing; the American spelling of enrolment is known."""
    read = roster(tmp_path, f"{HEAD},Town,Enrollment\n{LINE},Spokane,1800")
    assert read.notes == ("column 'Town' is not used and was ignored",)
    assert read.schools[0].enrolment == "1800"


def test_one_district_under_two_names_is_a_note(tmp_path: Path) -> None:
    """Worth a look, since it makes two folders."""
    assert roster(tmp_path, f"{HEAD}\n{LINE}\n5308250,Spokane SD,1,Ferris").notes == (
        "line 3: district 5308250 is 'Spokane SD' here and 'Spokane School District' above",
    )


def test_everything_wrong_is_told_at_once_with_line_and_column(tmp_path: Path) -> None:
    """One line per problem, in the order of the file."""
    text = f"{HEAD}\n,Spokane,1,Ferris\n5308250,Spokane,2,\n5.30825E+11,Spokane,3,Rogers\n{LINE}\n{LINE}\n"
    starts = [line.split(". ")[0].split(": it")[0] for line in problems(tmp_path, text)]
    assert starts == [
        "FILE, line 2: column district_id",
        "FILE, line 3: column school",
        "FILE, line 4: column district_id: “5.30825E+11” is not an id",
        "FILE, line 6: column school_id: “530825001378” stands in line 5 already",
    ]


@pytest.mark.parametrize(
    "mangled", ["5.30825E+11", "5,30825E+11", "530825001378.0", "530825001378,00", "5e11"]
)
def test_an_id_that_excel_mangled_says_how_to_repair_it(tmp_path: Path, mangled: str) -> None:
    """Format the column as Text."""
    (problem,) = problems(tmp_path, f'{HEAD}\n5308250,Spokane,"{mangled}",Ferris')
    assert problem.startswith("FILE, line 2: column school_id:")
    assert "format the column as Text" in problem


@pytest.mark.parametrize("plain", ["5308250", "E11", "12-E3", "1E-3"])
def test_an_id_with_letters_is_not_mangled(tmp_path: Path, plain: str) -> None:
    """Only what Excel writes is."""
    assert roster(tmp_path, f"{HEAD}\n5308250,Spokane,{plain},Ferris").schools[0].school_id == plain


def test_a_school_may_have_a_plan_per_template(tmp_path: Path) -> None:
    """The same key twice is fine when the templates differ."""
    assert len(roster(tmp_path, f"{HEAD},template\n{LINE},sfss\n{LINE},data_team").schools) == 2


def test_one_key_cannot_mean_two_schools(tmp_path: Path) -> None:
    """Nor a school and another district."""
    (problem,) = problems(tmp_path, f"{HEAD},template\n{LINE},a\n77,Other,530825001378,Else,b")
    assert "another school or district in line 2" in problem


def test_a_name_over_two_lines_is_told_by_the_line_it_begins_in(tmp_path: Path) -> None:
    """Later lines are still counted right."""
    found = problems(tmp_path, f'{HEAD}\n5308250,Spokane,1,"Lewis\nClark"\n5308250,Spokane,,Ferris')
    assert [line[:12] for line in found] == ["FILE, line 2", "FILE, line 4"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (f"{HEAD}\n{LINE}".encode("utf-16"), "UTF-16"),
        (f"{HEAD}\n1,Cañon,2,Ferris".encode("latin-1"), "line 2: this file is not in UTF-8"),
        (b"PK\x03\x04rest", "this is a workbook"),
        (b"", "the roster is empty"),
        (b"district,school\na,b", "there is no column district_id"),
        (f"{HEAD},School ID\n{LINE},1".encode(), "column school_id stands there twice"),
        (f"{HEAD}\n{LINE},more".encode(), "has 5 cells"),
        (f'{HEAD}\n1,"Spokane,2,Ferris'.encode(), "quotation marks"),
        (f"{HEAD}\n1,Spokane,{'9' * 41},Ferris".encode(), "may have 40"),
        (f"{HEAD}\n1,Spo\x07kane,2,Ferris".encode(), "column district: it holds"),
    ],
)
def test_a_file_that_will_not_do_says_why(tmp_path: Path, data: bytes, said: str) -> None:
    """And what to do about it."""
    assert said in "\n".join(problems(tmp_path, data))


def test_a_missing_roster_is_a_usage_error(tmp_path: Path) -> None:
    """Exit 2: a path that is not there."""
    with pytest.raises(UsageError, match="no such file"):
        read_roster(tmp_path / "gone.csv")


def test_select_keeps_the_named_districts(tmp_path: Path) -> None:
    """All without a name; an unknown one is an error with the nearest."""
    read = roster(tmp_path, f"{HEAD}\n{LINE}\n77,Other,9,Else")
    assert select(read, []) == read
    assert [school.key for school in select(read, ["77"]).schools] == ["9"]
    with pytest.raises(UsageError, match='Did you mean "5308250"'):
        select(read, ["530825"])


# what the reader gives for a cell: no control characters, nothing to trim
words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=20).filter(
    lambda text: (
        text == text.strip().strip("\ufeff\u200b").strip() and unicodedata.normalize("NFC", text) != ""
    )
)


@given(st.lists(st.tuples(words, words, words, words, st.just("") | words), min_size=1, max_size=5))
def test_a_written_roster_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    """Whatever stands in the names: quotes, separators, other alphabets."""
    schools = tuple(
        School(district_id=f"D{n}", district=a, school_id=f"00{n}", school=b, email=c, language=d, template=t)
        for n, (a, b, c, d, t) in enumerate(rows)
    )
    path = tmp_path_factory.mktemp("roster") / "roster.csv"
    write_roster(path, schools)
    assert read_roster(path).schools == schools


def test_a_plain_roster_has_no_byte_order_mark_and_one_with_accents_has(tmp_path: Path) -> None:
    """Excel needs the mark only for the latter."""
    write_roster(tmp_path / "a.csv", [LEWIS])
    assert (tmp_path / "a.csv").read_bytes() == f"{HEAD}\n{LINE}\n".encode()
    write_roster(tmp_path / "b.csv", [School(district_id="1", district="Cañon", school_id="2", school="Río")])
    assert (tmp_path / "b.csv").read_bytes().startswith(b"\xef\xbb\xbf")
