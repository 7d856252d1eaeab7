"""Manifests as tools write them: ADL’s samples, Articulate, iSpring, Captivate, Moodle, and by hand, oddities and all."""

from collections.abc import Sequence

import pytest
from flask import Flask

from tests.scorm.packages import MANIFEST_1_2, MANIFEST_2004
from tracker.scorm.manifest import Manifest, place_of_manifest, read_manifest
from tracker.scorm.refusals import UnreadablePackage

pytestmark = pytest.mark.usefixtures("app")

ARTICULATE = """<?xml version="1.0" encoding="utf-8" standalone="no" ?>
<manifest identifier="_6Fk" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd">
 <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion>
  <lom xmlns="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"><general><title>
   <langstring xml:lang="en">X</langstring></title></general></lom></metadata>
 <organizations default="_6Fk_ORG"><organization identifier="_6Fk_ORG"><title>Saying no kindly</title>
  <item identifier="i1" isvisible="true" identifierref="r1"><title>Saying no kindly</title>
   <adlcp:masteryscore>80</adlcp:masteryscore></item></organization></organizations>
 <resources><resource identifier="r1" type="webcontent" href="index_lms.html" adlcp:scormtype="sco">
  <file href="index_lms.html"/></resource></resources></manifest>"""
ISPRING_2004 = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
 xmlns:imsss="http://www.imsglobal.org/xsd/imsss" identifier="m"><metadata><schema>ADL SCORM</schema>
 <schemaversion>2004 3rd Edition</schemaversion></metadata><organizations default="o"><organization identifier="o">
 <title>Quiz</title><item identifier="i" identifierref="r"><title>Quiz</title><imsss:sequencing><imsss:objectives>
 <imsss:primaryObjective objectiveID="p" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure>
 </imsss:primaryObjective></imsss:objectives><imsss:limitConditions attemptAbsoluteDurationLimit="PT30M"/></imsss:sequencing>
 <adlcp:dataFromLMS>a=1&amp;b=2</adlcp:dataFromLMS><adlcp:timeLimitAction>exit,message</adlcp:timeLimitAction>
 <adlcp:completionThreshold>0.75</adlcp:completionThreshold></item></organization></organizations>
 <resources><resource identifier="r" adlcp:scormType="sco" type="webcontent" href="res/index.html"/></resources></manifest>"""
GOLF = """<?xml version="1.0"?><manifest identifier="golf" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss" xml:base="content/">
 <metadata><schemaversion>2004 4th Edition</schemaversion></metadata><organizations default="b">
 <organization identifier="a"><title>Not this</title><item identifier="x" identifierref="r2"><title>x</title></item></organization>
 <organization identifier="b"><title>Golf</title><item identifier="m1"><title>Playing</title>
  <item identifier="i1" identifierref="r1"><title>How to play</title></item>
  <item identifier="i2" identifierref="r2" parameters="?content=par"><title>Par</title>
   <imsss:sequencing IDRef="seq"/><adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.9"/></item></item>
  <item identifier="i3" identifierref="r2" parameters="content=score#two"><title>Score</title>
   <adlcp:completionThreshold completedByMeasure="false" minProgressMeasure="0.9"/></item></organization></organizations>
 <resources xml:base="shared/"><resource identifier="r1" xml:base="one/" adlcp:scormType="asset" type="webcontent" href="play.html"/>
  <resource identifier="r2" adlcp:scormType="sco" type="webcontent" href="launch.html?lang=en"/></resources>
 <imsss:sequencingCollection><imsss:sequencing ID="seq"><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true"/>
 </imsss:objectives></imsss:sequencing></imsss:sequencingCollection></manifest>"""
BARE = """<manifest><organizations/><resources><resource identifier="a" href="a.html"/>
<resource identifier="s" scormtype="SCO" href="s.html"/></resources></manifest>"""


def read(text: str | bytes, paths: Sequence[str], folder: str = "") -> Manifest:
    return read_manifest(text.encode() if isinstance(text, str) else text, folder=folder, paths=paths)


def test_articulate_in_1_2_with_a_mastery_score() -> None:
    found = read(ARTICULATE, ["index_lms.html"])
    (item,) = found.items
    assert (found.standard, found.title) == ("1.2", "Saying no kindly")
    assert (item.key, item.entry, item.query, item.is_sco, item.mastery) == ("i1", "index_lms.html", "", True, 80)


def test_ispring_in_2004_with_its_marks_and_its_data() -> None:
    found = read(ISPRING_2004, ["res/index.html"])
    (item,) = found.items
    assert (found.standard, item.mastery, item.threshold) == ("2004", 0.8, 0.75)
    assert (item.launch_data, item.max_time, item.time_limit_action) == ("a=1&b=2", "PT30M", "exit,message")


def test_adls_golf_with_bases_nested_items_parameters_and_shared_sequencing() -> None:
    found = read(GOLF, ["content/shared/one/play.html", "content/shared/launch.html"])
    assert found.title == "Golf"
    assert [(item.key, item.entry, item.query) for item in found.items] == [
        ("i1", "content/shared/one/play.html", ""),
        ("i2", "content/shared/launch.html", "?lang=en&content=par"),
        ("i3", "content/shared/launch.html", "?lang=en&content=score#two"),
    ]
    assert [item.is_sco for item in found.items] == [False, True, True]
    assert [item.mastery for item in found.items] == [None, 1.0, None]
    assert [item.threshold for item in found.items] == [None, 0.9, None]


def test_without_namespaces_and_organizations_its_scos_are_opened() -> None:
    found = read(BARE, ["a.html", "s.html"])
    assert (found.standard, [item.entry for item in found.items]) == ("1.2", ["s.html"])


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (ARTICULATE.encode("utf-8-sig"), "Saying no kindly"),
        (ARTICULATE.encode("utf-16"), "Saying no kindly"),
        (b"\n " + ARTICULATE.encode(), "Saying no kindly"),
        (ARTICULATE.replace("utf-8", "utf-16").encode(), "Saying no kindly"),
        (ARTICULATE.replace("utf-8", "ISO-8859-1").replace("kindly", "très gentiment").encode("latin-1"), "Saying no très gentiment"),
        (ARTICULATE.replace("utf-8", "unicode_escape").encode(), "Saying no kindly"),
    ],
)  # fmt: skip
def test_any_encoding_that_tools_write(body: bytes, title: str) -> None:
    assert read(body, ["index_lms.html"]).title == title


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("a%20b.html", "a b.html"),
        ("50%.html", "50%.html"),
        ("Dir\\Index.HTML", "dir/index.html"),
        ("/index.html", "index.html"),
        ("./x/../index.html", "index.html"),
        ("größe.html", "größe.html"),
    ],
)
def test_a_page_is_found_however_its_address_is_written(href: str, path: str) -> None:
    body = MANIFEST_1_2.format(
        items='<item identifier="i" identifierref="r"><title>T</title></item>',
        resources=f'<resource identifier="r" adlcp:scormtype="sco" href="{href}"/>',
    )
    assert read(body, [path]).items[0].entry == path


def test_in_a_folder_its_paths_begin_there() -> None:
    paths = ["my course/imsmanifest.xml", "my course/index_lms.html", "my course/sub/imsmanifest.xml"]
    assert place_of_manifest(paths) == "my course/imsmanifest.xml"
    assert read(ARTICULATE, paths, "my course/").items[0].entry == "my course/index_lms.html"


def test_the_same_identifier_twice_keeps_two_states() -> None:
    item = '<item identifier="i" identifierref="r"><title>T</title></item>'
    body = MANIFEST_2004.format(items=item + item, resources='<resource identifier="r" href="a.html"/>')
    assert [one.key for one in read(body, ["a.html"]).items] == ["i", "i~2"]


BOMB = '<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><manifest>&b;</manifest>'
OUTSIDE = '<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]><manifest>&a;</manifest>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "breaks off"),
        ("<manifest>", "breaks off"),
        ("<html></html>", "no manifest of SCORM"),
        ("<manifest></manifest>", "no page to begin with"),
        (BOMB, "XML entities"),
        (OUTSIDE, "XML entities"),
        ("<manifest>" + "<a>" * 200, "nested too deeply"),
        ("<manifest>" + "<a/>" * 100_001 + "</manifest>", "too long"),
        (b"<manifest>" + b" " * 5_000_001, "too large"),
        (ARTICULATE.replace("index_lms.html", "away.html", 1), "“away.html” of “Saying no kindly” is not in"),
        (ARTICULATE.replace("index_lms.html", "../../etc/passwd", 1), "is not in the package"),
        (ARTICULATE.replace("index_lms.html", "https://evil.example/a.html", 1), "another server"),
        (ARTICULATE.replace("index_lms.html", "//evil.example/a.html", 1), "another server"),
        (
            MANIFEST_1_2.format(
                items="".join(f'<item identifier="{n}" identifierref="r"><title>T</title></item>' for n in range(501)),
                resources='<resource identifier="r" href="index_lms.html"/>',
            ),
            "more than 500",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(app: Flask, body: str | bytes, words: str) -> None:
    with app.test_request_context(), pytest.raises(UnreadablePackage) as caught:
        read(body, ["index_lms.html"])
    assert words in caught.value.sentence


@pytest.mark.parametrize(
    ("paths", "words"),
    [(["index.html"], "no imsmanifest.xml"), (["a/imsmanifest.xml", "b/imsmanifest.xml"], "several packages")],
)
def test_a_zip_without_one_manifest_is_no_package(app: Flask, paths: list[str], words: str) -> None:
    with app.test_request_context(), pytest.raises(UnreadablePackage, match=words):
        place_of_manifest(paths)
