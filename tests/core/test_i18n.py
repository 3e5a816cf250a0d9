"""Catalogues are complete and agree with what was compiled; templates from anywhere are filled in without harm."""

import pickle
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from simtel.core import i18n
from simtel.core.i18n import Message, either, pick, said_by, term, told, translate, translate_count
from tests.report import catalogue

FIELDS = re.compile(r"\{\w*(?:!r)?\}|%\(\w+\)s|`[a-z ]+`|--[a-z]+")
LANGUAGES = i18n.languages()[1:]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_and_word_is_translated(lang: str) -> None:
    entries = catalogue.read(catalogue.path_of(lang))
    lacking = [entry for entry in catalogue.wanted() if not entries.get(entry)]
    assert not lacking, f"run `make locale` and fill in {catalogue.path_of(lang).name}: {lacking}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_compiled_catalogue_agrees_with_its_source(lang: str) -> None:
    path = catalogue.path_of(lang)
    assert path.with_suffix(".mo").read_bytes() == catalogue.compiled(catalogue.read(path)), "run `make locale`"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_translations_keep_the_fields_of_their_sentence(lang: str) -> None:
    for (_, english), text in catalogue.read(catalogue.path_of(lang)).items():
        if english:
            many = english.rpartition("\0")[2]  # the form for many has all fields
            assert sorted(FIELDS.findall(many)) == sorted(FIELDS.findall(text)), english


def test_an_untranslated_sentence_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogue, "wanted", lambda: [("", "never said before"), ("", "said"), ("term", "trunk")])
    catalogue.write(catalogue.path_of("zh"), {("", "said"): "已说", ("", "gone"): "已无"}, "zh")
    assert catalogue.update("zh") == [("", "never said before"), ("term", "trunk")]
    kept = catalogue.read(catalogue.path_of("zh"))
    assert kept["", "said"] == "已说"
    assert ("", "gone") not in kept


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[dict[tuple[str, str], str]], None]:
    def make(entries: dict[tuple[str, str], str]) -> None:
        path = tmp_path / "zh" / "LC_MESSAGES" / "simtel.po"
        catalogue.write(path, entries, "zh")
        path.with_suffix(".mo").write_bytes(catalogue.compiled(catalogue.read(path)))
        monkeypatch.setattr(i18n, "LOCALE", tmp_path)
        i18n._catalogue.cache_clear()

    return make


@pytest.fixture(autouse=True)
def fresh_catalogues() -> None:
    i18n._catalogue.cache_clear()


def test_english_is_the_template_itself() -> None:
    assert translate("{n} of {all} calls", "en", n=3, all=4) == "3 of 4 calls"


def test_chinese_comes_from_the_catalogue(translated: Callable[[dict[tuple[str, str], str]], None]) -> None:
    translated({("", "lost: {cause}"): "丢失: {cause}", ("term", "trunk"): "中继", ("term", "seat"): "坐席"})
    assert translate("lost: {cause}", "zh", cause="trunk") == "丢失: 中继"
    assert translate("lost: {cause}", "zh", cause="trunk 3, seat 1") == "丢失: 中继 3、坐席 1"
    assert translate("lost: {cause}", "zh", cause="seat.3") == "丢失: seat.3"
    assert translate("not in the catalogue", "zh") == "not in the catalogue"
    assert term("trunk", "zh") == "中继"
    assert term("trunk", "en") == "trunk"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{x.__class__}", "{x.__class__}"),
        ("{x!r} {x:>1000000000}", "{x!r} {x:>1000000000}"),
        ("{missing} {x}", "{missing} 1"),
        ("{{x}} {", "{x} {"),
        ("", ""),
    ],
)
def test_a_template_from_elsewhere_does_no_harm(template: str, shown: str) -> None:
    for lang in i18n.languages():
        assert translate(template, lang, x=1) == shown


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no language 'fr'"):
        translate("x", "fr")


def test_a_text_stated_in_both_languages() -> None:
    assert pick({"en": "site", "zh": "站点"}, "zh") == "站点"
    assert pick({"en": "site"}, "zh") == "site"
    assert pick({"zh": "站点"}, "en") == "站点"
    assert pick({}, "en") == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("server.a, server.b", "server.a、server.b"),
        ("span.1: 2 timeslots, server.a: 3 calls", "span.1：2 时隙、server.a：3 呼叫"),
        ("cannot be read, because nobody has ever written it", "cannot be read, because nobody has ever written it"),
        (1e6, "1000000"),
    ],
)
def test_lists_and_numbers_within_a_chinese_sentence(value: str | float, said: str) -> None:
    assert translate("{value}", "zh", value=value) == said


def test_a_message_is_english_text_and_is_told_in_any_language() -> None:
    message = Message("key {key} is missing", key="'a'")
    assert message == "key 'a' is missing"
    assert told(message, "en") == "key 'a' is missing"
    assert told(message, "zh") == "缺少键 'a'"
    assert told("any other text", "zh") == "any other text"


def test_a_message_within_a_message_is_told_too_and_words_of_the_file_are_not() -> None:
    within = Message("{found} where text is due", found=Message("is a list"))
    assert (within, told(within, "zh")) == ("is a list where text is due", "是列表，此处应为文本")
    assert term("trunk", "zh") != "trunk"  # a word of the vocabulary,
    assert told(Message("{text} is not {form}", text="trunk", form="x"), "zh").startswith(
        "trunk "
    )  # but here the file's


def test_a_message_that_no_catalogue_has_stays_english() -> None:
    assert told(Message("never said before: {n}", n=3), "zh") == "never said before: 3"
    assert told(Message(""), "zh") == ""


def test_a_message_goes_through_a_pickle_and_an_exception() -> None:
    message = Message("key {key} is missing", key="'a'")
    assert told(pickle.loads(pickle.dumps(message)), "zh") == "缺少键 'a'"  # noqa: S301  (our own bytes)
    assert told(said_by(ValueError(message)), "zh") == "缺少键 'a'"
    assert said_by(ValueError(3)) == "3"


def test_a_list_of_alternatives() -> None:
    assert either(["a"]) == "a"
    assert either(["a", "b", "c"]) == "a, b or c"
    assert told(either(["a", "b", "c"]), "zh") == "a, b 或 c"


@pytest.mark.parametrize(
    ("count", "english"), [(0, "0 files are sound"), (1, "1 file is sound"), (2, "2 files are sound")]
)
def test_one_thing_and_many_have_forms_of_their_own(count: int, english: str) -> None:
    forms = ("{count} file is sound", "{count} files are sound")
    assert translate_count(*forms, "en", count) == english
    assert translate_count(*forms, "zh", count) == f"{count} 个文件没有问题"
