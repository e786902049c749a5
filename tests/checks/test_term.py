"""Glossaries, TSV and TBX, with inflected forms."""

from __future__ import annotations

import pytest

from evalkit.checks.base import Checked
from evalkit.checks.evidence import Languages
from evalkit.checks.glossary import Term, read_glossary
from evalkit.checks.term import TermCheck, dictionary_forms
from evalkit.errors import InputError
from evalkit.languages.en import CHECK_WORDS as ENGLISH
from evalkit.languages.ru import CHECK_WORDS as RUSSIAN

LANGUAGES = Languages.of(RUSSIAN, ENGLISH)
GLOSSARY = (
    Term("читальный зал", ("reading room",)),
    Term("зал", ("hall",)),
    Term("абонемент", ("lending department", "circulation desk")),
    Term("ГБО", ("SLS",)),
)


def terms(source: str, provided: str) -> list[str]:
    check = TermCheck(LANGUAGES, GLOSSARY)
    return [source[slice(*f.source_spans[0])] for f in check.find(Checked(source, provided))]


def test_a_term_with_its_translation_is_no_finding_in_any_form():
    assert terms("В читальных залах тихо.", "The reading rooms are quiet.") == []
    assert terms("Книги берут на абонементе.", "Books are borrowed at the circulation desk.") == []


def test_a_term_without_its_translation_is_found_in_any_form():
    assert terms("Она сидела в читальном зале.", "She sat in the study hall.") == ["читальном зале"]
    assert terms("Книги берут на абонементе.", "Books are borrowed upstairs.") == ["абонементе"]


def test_the_longer_term_takes_its_words_from_the_shorter():
    assert terms("Читальный зал закрыт.", "The reading room is closed.") == []
    assert terms("Зал закрыт.", "The room is closed.") == ["Зал"]


def test_capitals_are_found_as_they_are_written():
    assert terms("Обмер ГБО закончен.", "The SLS survey is finished.") == []
    assert terms("Обмер ГБО закончен.", "The sls survey is finished.") == ["ГБО"]


def test_the_message_says_what_the_glossary_wants():
    check = TermCheck(LANGUAGES, GLOSSARY)
    (found,) = check.find(Checked("На абонементе очередь.", "There is a queue."))
    assert '"абонемент"' in found.message and '"circulation desk"' in found.message


def test_a_dictionary_knows_forms_that_a_stemmer_does_not():
    pytest.importorskip("pymorphy3")
    forms = dictionary_forms(RUSSIAN)
    assert forms("шёл".replace("ё", "е")) & forms("идти")
    assert forms("людей") & forms("человек")
    assert not forms("стол") & forms("стул")


def test_without_the_dictionary_stems_serve(monkeypatch):
    import builtins

    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "pymorphy3":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert terms("В читальных залах тихо.", "The halls are quiet.") == ["читальных залах"]


def test_a_tsv_may_have_a_header_comments_and_alternatives(write):
    path = write("terms.tsv", "source\ttarget\n# names\nзал\thall|room\tnote\n\nзал\tauditorium\n")
    assert read_glossary(path) == (Term("зал", ("hall", "room", "auditorium")),)


def test_a_line_without_translation_is_named(write):
    with pytest.raises(InputError, match=r"terms\.tsv, line 2: a term needs a translation"):
        read_glossary(write("terms.tsv", "зал\thall\nстол\n"))


def test_an_empty_glossary_and_a_missing_one_are_errors(write, tmp_path):
    with pytest.raises(InputError, match="no term"):
        read_glossary(write("terms.tsv", "\n"))
    with pytest.raises(InputError, match="cannot be read"):
        read_glossary(tmp_path / "none.tsv")


TBX = """<?xml version="1.0"?>
<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Basic"><text><body>
<conceptEntry id="1">
 <langSec xml:lang="ru"><termSec><term>читальный зал</term></termSec></langSec>
 <langSec xml:lang="en-GB"><termSec><term>reading room</term></termSec>
  <termSec><term>reading hall</term></termSec></langSec>
 <langSec xml:lang="de"><termSec><term>Lesesaal</term></termSec></langSec>
</conceptEntry></body></text></tbx>
"""
OLD_TBX = """<martif type="TBX"><text><body><termEntry>
<langSet xml:lang="ru"><tig><term>зал</term></tig></langSet>
<langSet xml:lang="en"><ntig><termGrp><term>hall</term></termGrp></ntig></langSet>
</termEntry></body></text></martif>
"""


def test_tbx_of_both_kinds_is_read(write):
    new = read_glossary(write("terms.tbx", TBX))
    assert new == (Term("читальный зал", ("reading room", "reading hall")),)
    assert read_glossary(write("old.tbx", OLD_TBX)) == (Term("зал", ("hall",)),)


def test_a_tbx_that_declares_entities_is_refused(write):
    bomb = '<!DOCTYPE x [<!ENTITY a "b">]>' + OLD_TBX
    with pytest.raises(InputError, match="entity"):
        read_glossary(write("bomb.tbx", bomb))
