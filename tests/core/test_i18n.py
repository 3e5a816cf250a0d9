"""Catalogues are complete and agree with what was compiled; templates from anywhere are filled in without harm."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from simtel.core import i18n
from simtel.core.i18n import pick, term, translate
from tests.report import catalogue

FIELDS = re.compile(r"\{\w*\}|`subject`|`simtel run`")
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
            assert sorted(FIELDS.findall(english)) == sorted(FIELDS.findall(text)), english


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
        ("span.1: 2 timeslots, server.a: 3 calls", "span.1: 2 timeslots、server.a: 3 calls"),
        ("cannot be read, because nobody has ever written it", "cannot be read, because nobody has ever written it"),
        (1e6, "1000000"),
    ],
)
def test_lists_and_numbers_within_a_chinese_sentence(value: str | float, said: str) -> None:
    assert translate("{value}", "zh", value=value) == said
