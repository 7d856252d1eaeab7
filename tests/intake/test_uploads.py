"""Files kept between the steps of an import."""

import io
import os
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from tracker.intake.uploads import KEPT, Upload, forget_old_uploads

AMINA, DORA = 7, 70


def a_file(content: bytes = b"a,b\n1,2\n", name: str = "../../secret.csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def test_what_was_sent_can_be_read_again_by_whoever_sent_it(app: Flask) -> None:
    token = Upload.keep(a_file(), AMINA)
    assert Upload.path(token, AMINA).read_bytes() == b"a,b\n1,2\n"


def test_somebody_else_finds_nothing_even_with_the_token(app: Flask) -> None:
    token = Upload.keep(a_file(), AMINA)
    with pytest.raises(NotFound):
        Upload.path(token, DORA)


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "0" * 32, "0" * 31 + "\n", "x" * 32])
def test_a_made_up_token_finds_nothing(app: Flask, token: str) -> None:
    with pytest.raises(NotFound):
        Upload.path(token, AMINA)


def test_the_name_that_was_sent_names_nothing_here(app: Flask) -> None:
    path = Upload.path(Upload.keep(a_file(), AMINA), AMINA)
    assert (path.parent.name, "secret" in path.name) == ("uploads", False)


def test_only_the_owner_can_forget_it_and_may_do_so_twice(app: Flask) -> None:
    token = Upload.keep(a_file(), AMINA)
    Upload.forget(token, DORA)
    assert Upload.path(token, AMINA).exists()
    Upload.forget(token, AMINA)
    Upload.forget(token, AMINA)
    with pytest.raises(NotFound):
        Upload.path(token, AMINA)


def test_what_nobody_went_on_with_is_gone_after_a_day(app: Flask) -> None:
    at = datetime.now(UTC)
    forget_old_uploads(at + 2 * KEPT)
    old, new = Upload.keep(a_file(), AMINA), Upload.keep(a_file(), AMINA)
    yesterday = (at - KEPT - timedelta(minutes=1)).timestamp()
    os.utime(Upload.path(old, AMINA), (yesterday, yesterday))
    assert forget_old_uploads(at) == 1
    assert Upload.path(new, AMINA).exists()
    with pytest.raises(NotFound):
        Upload.path(old, AMINA)


def test_there_is_nothing_to_forget_before_the_first_file(app: Flask) -> None:
    app.instance_path, before = app.instance_path + "-empty", app.instance_path
    try:
        assert forget_old_uploads(datetime.now(UTC)) == 0
    finally:
        app.instance_path = before
