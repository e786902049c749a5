"""TMX, XLIFF 1.2 and 2, PO: the right languages, inline tags, untranslated and fuzzy units."""

from __future__ import annotations

import pytest

from evalkit.errors import InputError

pytest.importorskip("translate", reason="needs translate-toolkit (evalkit[formats])")

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="en-US" datatype="html" segtype="sentence" adminlang="en"
 creationtool="t" creationtoolversion="1" o-tmf="t"/><body>
<tu tuid="a1"><tuv xml:lang="en-US"><seg>Press <bpt i="1">&lt;b&gt;</bpt>Start<ept i="1">&lt;/b&gt;</ept>
 now.</seg></tuv><tuv xml:lang="ru-RU"><seg>Нажмите <bpt i="1">&lt;b&gt;</bpt>Пуск<ept i="1">&lt;/b&gt;</ept>.</seg></tuv></tu>
<tu><tuv xml:lang="ru"><seg>Первая<ph type="lb"/>вторая <hi>третья</hi><ph>&lt;a title="<sub>Подсказка</sub>"&gt;</ph></seg></tuv>
<tuv xml:lang="de"><seg>Erste</seg></tuv></tu>
</body></tmx>
"""
XLIFF_1 = """<?xml version="1.0"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="menu.txt" source-language="ru" target-language="en" datatype="plaintext"><body>
<trans-unit id="1"><source>Файл <g id="b"><x id="2"/>открыт</g></source><target>The file is open</target>
 <alt-trans><target>Never this</target></alt-trans></trans-unit>
<trans-unit id="2"><source>Не переведено</source></trans-unit>
<trans-unit id="3"><source>Закрыть</source><target state="needs-review-translation">Close</target></trans-unit>
<group><trans-unit id="4" approved="no"><source>Выход</source><target>Exit</target></trans-unit></group>
</body></file></xliff>
"""
XLIFF_2 = """<?xml version="1.0"?>
<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="ru">
<file id="f1"><unit id="u1">
<segment id="s1" state="final"><source>Hello, <pc id="1">world</pc>.</source><target>Привет,<ph id="2"/> <mrk id="m">мир</mrk>.</target></segment>
<segment id="s2" state="initial"><source>Bye<cp hex="0021"/></source><target>Пока!</target></segment>
<segment id="s3"><source>Nothing yet</source></segment>
</unit></file></xliff>
"""
PO = r"""msgid ""
msgstr ""
"Language: ru\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 ? 0 : n%10<5 ? 1 : 2);\n"

msgctxt "menu"
msgid "Open"
msgstr "Открыть"

#, fuzzy
msgid "Close \"it\""
msgstr "Закройте"

msgid "one file"
msgid_plural "%d files"
msgstr[0] "%d файл"
msgstr[1] "%d файла"
msgstr[2] "%d файлов"

msgid "Not translated"
msgstr ""

#~ msgid "Old"
#~ msgstr "Старое"
"""


def pairs(corpus):
    return [(row.source, row.provided[0]) for row in corpus.rows]


def test_tmx_languages_are_picked_whatever_their_order_and_codes_are_not_text(read_file, write):
    corpus = read_file(write("a.tmx", TMX))
    assert pairs(corpus) == [
        ("Нажмите Пуск.", "Press Start\n now."),
        ("Первая вторая третьяПодсказка", ""),
    ]
    assert corpus.rows[0].id == "a1"
    assert "1 variants in other languages" in corpus.warnings[0]


def test_tmx_in_utf_16(read_file, write):
    content = TMX.replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert pairs(read_file(write("a.tmx", content, "utf-16")))[0][0] == "Нажмите Пуск."


def test_tmx_of_other_languages_takes_the_original_and_the_next(read_file, write):
    content = TMX.replace("en-US", "de").replace("ru-RU", "fr").replace('"ru"', '"fr"')
    assert pairs(read_file(write("a.tmx", content)))[0] == ("Press Start\n now.", "Нажмите Пуск.")


def test_xliff_1(read_file, write):
    corpus = read_file(write("a.xlf", XLIFF_1))
    assert pairs(corpus) == [
        ("Файл открыт", "The file is open"),
        ("Не переведено", ""),
        ("Закрыть", "Close"),
        ("Выход", "Exit"),
    ]
    assert [row.flags for row in corpus.rows] == [(), (), ("fuzzy",), ("fuzzy",)]
    assert set(corpus.names) == {"menu.txt"}
    assert [row.id for row in corpus.rows] == ["1", "2", "3", "4"]


def test_xliff_2_made_from_english_has_its_russian_in_the_target(read_file, write):
    corpus = read_file(write("a.xliff", XLIFF_2))
    assert pairs(corpus) == [
        ("Привет, мир.", "Hello, world."),
        ("Пока!", "Bye!"),
        ("", "Nothing yet"),
    ]
    assert [row.flags for row in corpus.rows] == [(), ("fuzzy",), ()]
    assert corpus.rows[1].id == "u1/s2"


@pytest.mark.parametrize("version", ["2.1", "2.2"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_later_versions_of_xliff_2_in_either_encoding(read_file, write, version, encoding):
    text = XLIFF_2.replace("2.0", version)
    corpus = read_file(write("a.xliff", text, encoding))
    assert corpus.rows == read_file(write("b.xliff", XLIFF_2)).rows


def test_po_with_plurals_fuzzy_and_obsolete_messages(read_file, write):
    corpus = read_file(write("a.po", PO))
    assert pairs(corpus) == [
        ("Открыть", "Open"),
        ("Закройте", 'Close "it"'),
        ("%d файл", "one file"),
        ("%d файла", "%d files"),
        ("%d файлов", "%d files"),
        ("", "Not translated"),
    ]
    assert [row.flags for row in corpus.rows][:3] == [(), ("fuzzy",), ()]
    assert corpus.rows[0].id == "menu"
    assert "1 obsolete messages left out" in corpus.warnings[0]


def test_po_of_russian_messages_with_english_translations(read_file, write):
    content = 'msgid ""\nmsgstr "Language: en\\n"\n\nmsgid "Открыть"\nmsgstr "Open"\n'
    assert pairs(read_file(write("a.po", content))) == [("Открыть", "Open")]


@pytest.mark.parametrize("language", ["Language: de\\n", ""])
def test_sides_are_told_in_languages_of_one_script_too(read_file, write, language):
    po = f'''msgid ""
msgstr "{language}Content-Type: text/plain; charset=UTF-8\\n"

msgid "The file cannot be opened."
msgstr "Die Datei kann nicht geöffnet werden."
'''
    sides = ("Die Datei kann nicht geöffnet werden.", "The file cannot be opened.")
    assert pairs(read_file(write("a.po", po), language_pair="de-en")) == [sides]
    assert pairs(read_file(write("a.po", po), language_pair="en-de")) == [sides[::-1]]


@pytest.mark.parametrize("named", [True, False])
def test_xliff_of_german(read_file, write, named):
    languages = 'source-language="en-GB" target-language="de-AT"' if named else ""
    xliff = f"""<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="a" datatype="plaintext" {languages}><body><trans-unit id="1">
<source>The file cannot be opened.</source><target>Die Datei kann nicht geöffnet werden.</target>
</trans-unit></body></file></xliff>"""
    sides = ("Die Datei kann nicht geöffnet werden.", "The file cannot be opened.")
    assert pairs(read_file(write("a.xlf", xliff), language_pair="de-en")) == [sides]
    assert pairs(read_file(write("a.xlf", xliff), language_pair="en-de")) == [sides[::-1]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.tmx", "not XML at all"),
        ("a.tmx", TMX[: len(TMX) // 2]),
        ("a.tmx", "<html><body/></html>"),
        ("a.xlf", "<xliff/>"),
        ("a.xlf", XLIFF_2[:400]),
        ("a.tmx", '<?xml version="1.0" encoding="klingon"?><tmx/>'),
        ("a.tmx", '<tmx version="1.4"><header srclang="ru"/><body/></tmx>'),
        ("a.po", "msgid unquoted\n"),
        ("a.po", "nothing of the kind"),
    ],
)
def test_what_is_no_such_file_is_one_clear_line(read_file, write, name, content):
    with pytest.raises(InputError, match=name) as caught:
        read_file(write(name, content))
    assert "\n" not in str(caught.value)


# --- hostile XML -------------------------------------------------------------------------------

BILLION_LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE tmx [\n<!ENTITY l0 "ха">\n'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">\n' for n in range(1, 12))
    + "]>\n<tmx><body>&l11;</body></tmx>"
)
QUADRATIC = f'<!DOCTYPE tmx [<!ENTITY a "{"x" * 50_000}">]><tmx>{"&a;" * 50_000}</tmx>'
EXTERNAL = '<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]><tmx>&a;</tmx>'
PARAMETER = '<!DOCTYPE tmx [<!ENTITY % a SYSTEM "http://192.0.2.1/a.dtd"> %a;]><tmx/>'


@pytest.mark.parametrize("content", [BILLION_LAUGHS, QUADRATIC, EXTERNAL, PARAMETER])
@pytest.mark.parametrize("name", ["a.tmx", "a.xlf"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused_before_anything_is_expanded(
    read_file, write, name, content, encoding
):
    with pytest.raises(InputError, match=r"a\.\w+, line \d+: the XML declares an entity"):
        read_file(write(name, content, encoding))


def test_an_external_document_type_is_not_fetched(read_file, write, tmp_path):
    (tmp_path / "evil.dtd").write_text('<!ENTITY a "included">')
    content = TMX.replace("tmx14.dtd", (tmp_path / "evil.dtd").as_uri()).replace("Erste", "&a;")
    try:
        shown = str(pairs(read_file(write("a.tmx", content))))
    except InputError as error:
        shown = str(error)
    assert "included" not in shown


def test_deeply_nested_elements_do_not_overflow(read_file, write):
    deep = "<g>" * 50_000 + "Да" + "</g>" * 50_000
    content = XLIFF_1.replace("Закрыть", deep)
    with pytest.raises(InputError, match=r"a\.xlf"):
        read_file(write("a.xlf", content))
