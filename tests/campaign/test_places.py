"""Files elsewhere: found, named, read and written as those of a folder are, whatever the other side says."""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import fsspec
import pytest

from tests.elsewhere import BUCKET, Bucket, Server, forget, object_store, server, sshd
from tests.elsewhere import bucket as bucket
from xlplan.campaign import places
from xlplan.campaign.files import MOST_BYTES, TooBig
from xlplan.campaign.places import Place, Unreachable, is_url, path_of, places_in, read_many, sending, shown
from xlplan.errors import UsageError, XlplanError
from xlplan.pipeline.incoming import SKIPPED, unread

__all__ = ["object_store", "server", "sshd"]  # fixtures

Put = Callable[[str, bytes], None]


@pytest.fixture
def memory() -> Iterator[Put]:
    """Puts a file into memory://returns, which is empty before and afterwards."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield lambda name, content: system.pipe_file(f"/returns/{name}", content)
    system.store.clear()
    system.pseudo_dirs[:] = [""]


@pytest.fixture(params=["memory", "s3", "sftp"])
def anywhere(request: pytest.FixtureRequest) -> tuple[str, Put]:
    """The URL of a folder of each kind, and what puts a file into it."""
    if request.param == "memory":
        return "memory://returns", request.getfixturevalue("memory")
    if request.param == "s3":
        held: Bucket = request.getfixturevalue("bucket")
        return f"{held.url}/returns", lambda name, content: held.put(f"returns/{name}", content)
    there: Server = request.getfixturevalue("server")

    def put(name: str, content: bytes) -> None:
        path = there.folder / "returns" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return f"{there.url}/returns", put


def names(url: str) -> list[str]:
    """Where the files are that are found there, from the folder on."""
    return [place.label.removeprefix(shown(url)) for place in places_in(url, SKIPPED)]


class TestNames:
    @pytest.mark.parametrize(
        "text", ["s3://state/returns", "sftp://host/x", "memory://returns", "S3://state", "gs://b/x"]
    )
    def test_an_address_is_told_from_a_path(self, text: str) -> None:
        assert is_url(text)

    @pytest.mark.parametrize(
        "text",
        [
            "returns",
            "C:/returns",
            "c://returns",
            r"C:\returns",
            "/s3://x",
            "a/s3://b",
            "file:///srv/x",
            "s3:/x",
            "",
        ],
    )
    def test_a_path_is_told_from_an_address(self, text: str) -> None:
        assert not is_url(text)

    @pytest.mark.parametrize(
        ("text", "path"),
        [
            ("file:///srv/a%20b.xlsx", "/srv/a b.xlsx"),
            ("file:///C:/x", "C:/x"),
            ("FILE://localhost/x", "/x"),
            ("a%20b", "a%20b"),
        ],
    )
    def test_an_address_of_this_machine_is_a_path(self, text: str, path: str) -> None:
        assert path_of(text) == Path(path)

    @pytest.mark.parametrize(
        ("url", "told"),
        [
            ("sftp://maria:hunter2@host:22/a@b", "sftp://host:22/a@b"),
            ("sftp://maria@host/x", "sftp://host/x"),
            ("s3://state/a:b@c", "s3://state/a:b@c"),
            ("s3://key:hunter2@state/x", "s3://state/x"),
            ("abfs://returns@account.example/x", "abfs://returns@account.example/x"),
            ("s3://state/a\x1b[31m\u202eb", "s3://state/a%1B[31m%E2%80%AEb"),
        ],
    )
    def test_nobody_is_shown_a_password(self, url: str, told: str) -> None:
        assert shown(url) == told


class TestAnywhere:
    def test_a_folder_is_searched_as_one_here_is(self, anywhere: tuple[str, Put]) -> None:
        url, put = anywhere
        for name in ("b.xlsx", "a/z.xlsx", "a.xlsx", "a/.hidden", "~$b.xlsx", ".~lock.b.xlsx#", "c d/ñ.xlsx"):
            put(name, name.encode())
        assert names(url) == ["/a/z.xlsx", "/a.xlsx", "/b.xlsx", "/c d/ñ.xlsx"]
        found = list(places_in(url, SKIPPED))
        assert [place.name for place in found] == ["z.xlsx", "a.xlsx", "b.xlsx", "ñ.xlsx"]
        assert list(read_many(found)) == [b"a/z.xlsx", b"a.xlsx", b"b.xlsx", "c d/ñ.xlsx".encode()]
        assert [place.size for place in found] == [8, 6, 6, 11]

    def test_the_order_is_that_of_paths(self, anywhere: tuple[str, Put], tmp_path: Path) -> None:
        """So files there are collected, and numbered, as they would be here."""
        url, put = anywhere
        for name in ("a-b/x", "a/x", "a b/x", "ab", "A/x", "a/b/c"):
            put(name, b"x")
            (tmp_path / "here" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "here" / name).touch()
        here = sorted(path for path in (tmp_path / "here").rglob("*") if path.is_file())
        assert names(url) == [f"/{path.relative_to(tmp_path / 'here').as_posix()}" for path in here]

    def test_a_single_file_is_named_itself(self, anywhere: tuple[str, Put]) -> None:
        url, put = anywhere
        put("a.xlsx", b"abc")
        (place,) = places_in(f"{url}/a.xlsx")
        assert (place.label, place.name, place.size, place.read()) == (
            f"{shown(url)}/a.xlsx",
            "a.xlsx",
            3,
            b"abc",
        )

    def test_a_slash_at_the_end_changes_nothing(self, anywhere: tuple[str, Put]) -> None:
        url, put = anywhere
        put("a/b.xlsx", b"abc")
        assert [place.label for place in places_in(url + "/")] == [place.label for place in places_in(url)]

    def test_what_came_in_since_is_found_by_the_next_look(self, anywhere: tuple[str, Put]) -> None:
        """A program that watches looks again and again; file systems like to keep what they saw."""
        url, put = anywhere
        put("a.xlsx", b"1")
        assert names(url) == ["/a.xlsx"]
        put("b.xlsx", b"1")
        put("a.xlsx", b"22")
        assert [(place.name, place.read()) for place in places_in(url)] == [
            ("a.xlsx", b"22"),
            ("b.xlsx", b"1"),
        ]

    def test_what_is_not_there_is_said(self, anywhere: tuple[str, Put]) -> None:
        url, put = anywhere
        put("a.xlsx", b"1")
        with pytest.raises(UsageError, match="/nope: there is nothing"):
            list(places_in(f"{url}/nope"))

    def test_a_file_that_is_gone_when_it_is_read_stops_no_other(self, anywhere: tuple[str, Put]) -> None:
        url, put = anywhere
        for name in ("a", "b", "c"):
            put(name, name.encode())
        first, second, third = places_in(url)
        gone = Place(url=url, path=second.path + "-gone", label=second.label, size=second.size)
        found = list(read_many([first, gone, third]))
        assert (found[0], found[2]) == (b"a", b"c")
        assert isinstance(found[1], XlplanError)
        assert str(found[1]) == f"{second.label}: could not be read (it is not there any more)."
        assert "it could not be read (it is not there any more)" in unread(found[1]).message
        with pytest.raises(XlplanError, match="not there any more"):
            gone.read()

    def test_what_a_file_has_become_is_read(self, anywhere: tuple[str, Put]) -> None:
        """Its size was of the file before; of what grows by more than that, the rest would be missing."""
        url, put = anywhere
        for name in ("a", "b", "c"):
            put(name, b"before")
        found = list(places_in(url))
        put("a", b"later, and longer")
        put("b", b"less")
        put("c", bytes(places.GROWTH + 6))
        told = list(read_many(found))
        assert told[:2] == [b"later, and longer", b"less"]
        assert "it is being written" in str(told[2])
        assert next(places_in(f"{url}/c")).read() == bytes(places.GROWTH + 6)

    def test_a_giant_is_not_fetched(self, anywhere: tuple[str, Put], monkeypatch: pytest.MonkeyPatch) -> None:
        url, put = anywhere
        put("a", bytes(20))
        put("b", bytes(10))
        monkeypatch.setattr(places, "MOST_BYTES", 10)
        giant, small = read_many(places_in(url))
        assert isinstance(giant, TooBig) and small == bytes(10)
        listed_small = Place(url=url, path=next(places_in(url)).path, label="a", size=5)
        assert isinstance(next(read_many([listed_small])), TooBig)  # it grew since

    def test_an_empty_file_is_an_empty_file(self, anywhere: tuple[str, Put]) -> None:
        url, put = anywhere
        put("a", b"")
        (place,) = places_in(url)
        assert place.read() == b""

    def test_more_files_than_are_asked_for_at_once_come_in_order(
        self, anywhere: tuple[str, Put], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url, put = anywhere
        monkeypatch.setattr(places, "TOGETHER", 3)
        monkeypatch.setattr(places, "TOGETHER_BYTES", 40)
        wanted = {f"{number:02d}": bytes([number]) * number for number in range(20)}
        for name, content in wanted.items():
            put(name, content)
        assert list(read_many(places_in(url))) == list(wanted.values())
        both = [place for pair in zip(places_in(url), places_in(f"{url}/07"), strict=False) for place in pair]
        assert list(read_many(both)) == [b"", bytes([7]) * 7]

    def test_a_place_goes_to_another_process(self, anywhere: tuple[str, Put]) -> None:
        url, put = anywhere
        put("a", b"abc")
        (place,) = places_in(url)
        again = pickle.loads(pickle.dumps(place))
        assert again == place and again.read() == b"abc"

    def test_what_is_sent_takes_its_place_whole(self, anywhere: tuple[str, Put]) -> None:
        url, put = anywhere
        put("summary.xlsx", b"old")
        with sending(f"{url}/summary.xlsx") as path:
            assert path.name == "summary.xlsx"
            path.write_bytes(b"new")
        with sending(f"{url}/tables") as folder:
            (folder / "deep").mkdir(parents=True)
            (folder / "plans.csv").write_bytes(b"plan")
            (folder / "deep" / "a.csv").write_bytes(b"a")
        told = {place.label.removeprefix(shown(url)): place.read() for place in places_in(url)}
        assert told == {"/summary.xlsx": b"new", "/tables/deep/a.csv": b"a", "/tables/plans.csv": b"plan"}

    def test_what_failed_is_not_sent(self, anywhere: tuple[str, Put]) -> None:
        url, put = anywhere
        put("summary.xlsx", b"old")
        with pytest.raises(ZeroDivisionError), sending(f"{url}/summary.xlsx") as path:
            path.write_bytes(b"half")
            raise ZeroDivisionError
        assert [place.read() for place in places_in(url)] == [b"old"]


class TestObjectStore:
    """Keys are any text at all, and no system of files has a say in them."""

    def test_strange_keys_are_read_by_what_they_are_called(self, bucket: Bucket) -> None:
        keys = [
            "../../etc/passwd.xlsx", "\x1b[31mred.xlsx", "what?.xlsx", "s*.xlsx", "[ab].xlsx", "{a,b}.xlsx",
            "a#b.xlsx", "100%25.xlsx", "x" * 1000 + ".xlsx", "PLAN.xlsx", "plan.xlsx", "a::b.xlsx",
            "http://host/x.xlsx", "~user.xlsx", " .xlsx", "\u202egnp.xlsx", "q;r&s=t+u.xlsx", "C:\\x.xlsx",
        ]  # fmt: skip
        for key in keys:
            bucket.put(f"r/{key}", key.encode())
        found = list(places_in(f"{bucket.url}/r", SKIPPED))
        told = dict(zip((place.path for place in found), read_many(found), strict=True))
        assert told == {f"{BUCKET}/r/{key}": key.encode() for key in keys}
        labels = [place.label for place in found]
        assert len(set(labels)) == len(keys) and all(label.startswith("s3://state/r/") for label in labels)
        assert all(label.isprintable() for label in labels)

    def test_no_name_breaks_a_line(self, memory: Put) -> None:
        """The store of these tests takes none with a line feed; others do."""
        memory("a\n\rb.xlsx", b"1")
        assert [place.label for place in places_in("memory://returns")] == ["memory://returns/a%0A%0Db.xlsx"]

    def test_markers_of_folders_are_no_files(self, bucket: Bucket) -> None:
        """Consoles make an object of no bytes for a folder."""
        bucket.put("r/", b"")
        bucket.put("r/a/", b"")
        assert list(places_in(f"{bucket.url}/r", SKIPPED)) == []
        bucket.put("r/a/b.xlsx", b"1")
        bucket.put("r//c.xlsx", b"1")
        assert names(f"{bucket.url}/r") == ["//c.xlsx", "/a/b.xlsx"]

    def test_a_folder_is_not_its_neighbour(self, bucket: Bucket) -> None:
        """To the store, names that begin alike are alike."""
        bucket.put("returns/a.xlsx", b"1")
        bucket.put("returns-old/b.xlsx", b"1")
        bucket.put("returns.xlsx", b"1")
        assert names(f"{bucket.url}/returns") == ["/a.xlsx"]

    def test_a_whole_bucket_is_a_folder(self, bucket: Bucket) -> None:
        assert list(places_in(bucket.url)) == []
        bucket.put("a/b.xlsx", b"1")
        assert [place.label for place in places_in(bucket.url)] == ["s3://state/a/b.xlsx"]

    @pytest.mark.usefixtures("bucket")
    def test_a_bucket_that_is_not_there_is_said(self) -> None:
        with pytest.raises(UsageError, match="s3://nobodys-bucket/x: there is nothing"):
            list(places_in("s3://nobodys-bucket/x"))
        with (
            pytest.raises(UsageError, match="there is nothing"),
            sending("s3://nobodys-bucket/x.xlsx") as path,
        ):
            path.write_bytes(b"1")

    def test_more_than_one_page_of_names_is_one_look(self, bucket: Bucket) -> None:
        """The store tells a thousand names at once, with sizes: no file is asked for."""
        for number in range(1100):
            bucket.put(f"r/{number:04d}", b"x")
        found = list(places_in(f"{bucket.url}/r"))
        assert [place.name for place in found] == [f"{number:04d}" for number in range(1100)]

    def test_no_credentials_are_said(
        self, bucket: Bucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_PROFILE", "nobody")
        monkeypatch.setenv("HOME", str(tmp_path))
        forget("s3")
        with pytest.raises(
            UsageError, match=r"access is denied \(.*nobody.*\)\. Who you are is told by AWS_PROFILE"
        ):
            list(places_in(bucket.url))

    def test_a_store_that_is_not_there_is_said(self, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
        (place,) = [Place(url=bucket.url, path=f"{BUCKET}/a", label="s3://state/a", size=1)]
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        forget("s3")
        with pytest.raises(Unreachable, match=r"s3://state: cannot be reached"):
            list(places_in(bucket.url))
        with pytest.raises(Unreachable, match=r"cannot be reached"):
            place.read()

    def test_a_store_that_never_answers_is_given_up(
        self, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It takes the connection, and says nothing."""
        import s3fs

        monkeypatch.setattr(s3fs.S3FileSystem, "read_timeout", 0.2)
        with closing(socket.socket()) as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(64)
            monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
            forget("s3")
            begun = time.monotonic()
            with pytest.raises(Unreachable, match="cannot be reached"):
                list(places_in(bucket.url))
            assert time.monotonic() - begun < 30


class TestServer:
    def test_links_are_followed_to_files_alone(self, server: Server, tmp_path: Path) -> None:
        (tmp_path / "plan.xlsx").write_bytes(b"12345")
        (server.folder / "a.xlsx").symlink_to(tmp_path / "plan.xlsx")
        (server.folder / "round").symlink_to(server.folder)
        (server.folder / "nowhere").symlink_to(tmp_path / "nothing")
        (place,) = places_in(server.url)
        assert (place.name, place.size, place.read()) == ("a.xlsx", 5, b"12345")

    def test_a_large_file_is_read_whole(self, server: Server) -> None:
        content = bytes(range(256)) * 40_000
        (server.folder / "large").write_bytes(content)
        (place,) = places_in(server.url)
        assert place.read() == content

    def test_a_server_whose_key_is_not_known_is_not_spoken_to(self, server: Server) -> None:
        """It might be anybody's."""
        (server.home / ".ssh" / "known_hosts").write_text("")
        with pytest.raises(Unreachable, match="key is not known here; connect once with the program sftp"):
            list(places_in(server.url))

    def test_a_server_whose_key_has_changed_is_not_spoken_to(self, server: Server, tmp_path: Path) -> None:
        other = tmp_path / "other"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(other)], check=True)
        known = f"[127.0.0.1]:{server.port} {other.with_suffix('.pub').read_text()}"
        (server.home / ".ssh" / "known_hosts").write_text(known)
        with pytest.raises(Unreachable, match="does not match"):
            list(places_in(server.url))

    def test_who_is_not_let_in_is_told_how(self, server: Server) -> None:
        (server.home / ".ssh" / "id_ed25519").unlink()
        with pytest.raises(UsageError, match=r"127\.0\.0\.1.*access is denied.*the keys in ~/\.ssh"):
            list(places_in(server.url))
        url = server.url.replace("@", ":hunter2@")
        with pytest.raises(UsageError, match="access is denied") as refused:
            list(places_in(url))
        assert "hunter2" not in str(refused.value)

    def test_a_server_that_ends_in_the_middle_stops_the_reading(self, server: Server) -> None:
        """Each file after it would wait for its own answer."""
        for name in "abc":
            (server.folder / name).write_bytes(b"x")
        found = list(places_in(server.url))
        reading = read_many(found)
        assert next(reading) == b"x"
        places._system(server.url)[0].client.close()
        with pytest.raises(Unreachable):
            list(reading)
        assert list(read_many(found)) == [b"x"] * 3  # it connects anew

    def test_a_server_that_never_answers_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from xlplan.campaign import sftp

        monkeypatch.setattr(sftp, "SECONDS", 0.3)
        with closing(socket.socket()) as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            with pytest.raises(Unreachable, match="cannot be reached"):
                list(places_in(f"sftp://127.0.0.1:{silent.getsockname()[1]}/x"))


class TestMistakes:
    @pytest.mark.parametrize(
        ("url", "told"),
        [
            ("s4://state/x", "s4://state/x: is no place for files"),
            ("s3://", "names no folder and no file"),
            ("sftp://127.0.0.1:9/x", "cannot be reached"),
            ("sftp://nobody.invalid/x", "cannot be reached"),
            ("sftp://host:port/x", "is no place for files"),
            ("zip://a::memory://returns/a.zip", "systems within systems are not opened"),
        ],
    )
    def test_an_address_that_cannot_be_used_is_told_why(self, url: str, told: str) -> None:
        with pytest.raises(UsageError, match=told):
            list(places_in(url))

    @pytest.mark.parametrize("missing", ["fsspec", "s3fs", "paramiko"])
    def test_without_the_extra_it_is_said_how_to_get_it(self, missing: str) -> None:
        """In a process that has nothing loaded yet."""
        url = "sftp://host/x" if missing == "paramiko" else "s3://state/x"
        code = (
            f"import sys; sys.modules[{missing!r}] = None\n"
            "from xlplan.campaign.places import places_in\nfrom xlplan.errors import UsageError\n"
            f"try:\n    list(places_in({url!r}))\nexcept UsageError as error:\n    print(error)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert "pip install 'xlplan[cloud]'" in done.stdout

    def test_nothing_is_loaded_before_an_address_is_named(self) -> None:
        code = (
            "import sys\nimport xlplan.campaign.places as places\nplaces.is_url('s3://x')\n"
            "print(*{name.split('.')[0] for name in sys.modules} & {'fsspec', 's3fs', 'paramiko', 'asyncio'})"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.split() == []

    def test_as_much_is_read_of_a_file_as_of_one_here(self) -> None:
        assert MOST_BYTES == places.MOST_BYTES
