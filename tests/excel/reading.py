"""Reading a file of which a test knows whether it can be read."""

from xlplan.excel.read import read_workbook
from xlplan.layout.book import Book, Unreadable


def read(content: bytes) -> Book:
    book = read_workbook(content)
    assert isinstance(book, Book), book
    return book


def refused(content: bytes) -> Unreadable:
    answer = read_workbook(content)
    assert isinstance(answer, Unreadable), answer
    return answer
