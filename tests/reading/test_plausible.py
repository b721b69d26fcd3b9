"""Whether text that is not UTF-8 makes sense as Windows-1250, and which encodings are likelier."""

# ruff: noqa: E501, RUF001 - words as people write them

from __future__ import annotations

import pytest

from importer.errors import FileError
from importer.reading.plausible import better_encodings
from tests.reading.both_ways import read
from tests.reading.making import HEADER

HONEST = {
    "Slovak": "Košík s hodinkami, vŕtačka, dĺžka, stĺp, žltý šťavnatý ľan, ďateľ, kôň, mäkčeň, číší, ŠŤASTNÝ ŽIVOT, mŕtvy",
    "Slovak with foreign names": "Citroën Curaçao Müller Łódź François, vŕba, Dvořák, Károly Kőszeg, Gößer",
    "Slovak with signs": "5µm 10°C rock’n’roll Bratislava–Košice „Úvod“ iŽivot eŠkola Lego® TECHNIC™ »nové« 12\xa0€ š×v×h §5",
    "no-break blanks": "1\xa0200\xa0Kč\xa0bez DPH, č.\xa03 v\xa0košíku",
    "Czech": "Příliš žluťoučký kůň úpěl ďábelské ódy. Můj dům, Řehoř, třešně, Müllerová",
    "Polish": "Zażółć gęślą jaźń. Łódź, źdźbło, ćma, koń, pchnąć w tę łódź jeża lub ośm skrzyń fig. Ślązak",
    "Hungarian": "Árvíztűrő tükörfúrógép. Időigényes, nőies, őszi, Kálmán, erőérzet, mű",
    "German": "Größe, Müller, schön, Straße, Übergröße, ÄPFEL, Café, Weiß",
    "Slovene and Croatian": "Čevlji, šal, žoga, ćevapi, Đorđe",
    "Romanian": "Săptămâna, înălţime, şapte, ţară, bărbaţi, român, pâine, în",
    "one word": "košík",
    "none": "basket",
}


@pytest.mark.parametrize("language", HONEST)
def test_honest_text_of_central_europe_is_never_doubted(language):
    text = HONEST[language]
    assert better_encodings(text.encode("cp1250")) == []
    assert better_encodings("\r\n".join(f"{word};1" for word in text.split()).encode("cp1250")) == []


@pytest.mark.parametrize("word", sorted({word for text in HONEST.values() for word in text.split()}))
def test_no_word_is_doubted_alone_either(word):
    assert better_encodings(word.encode("cp1250")) == []


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Español, niño, mañana, año, pequeño"),
        ("cp1252", "déjà vu, crème brûlée, être à la mode, où, reçu, voilà"),
        ("cp1252", "São Paulo não coração maçã"),
        ("cp1252", "Smørrebrød, på gården, blå, køb, år, lære"),
        ("iso8859-2", "Škoda, Žilina, veľký, šťastie, žena, košík, ťava"),
        ("iso8859-2", "Košík s hodinkami, žltý šťavnatý ľan, mäkčeň"),
        ("cp852", "Košík, čaj, žena, ľudia, hodinky dámske, štýl"),
        ("cp852", "Příliš žluťoučký kůň"),
        ("mac_latin2", "Košík, čaj, žena, hodinky dámske, štýl"),
        ("cp1251", "Часы мужские, ремень кожаный, Москва"),
    ],
)
def test_text_of_another_encoding_is_doubted_and_the_right_one_comes_first(encoding, text):
    (guess, garbled), (likeliest, sample), *more = better_encodings(text.encode(encoding))
    assert (guess, likeliest) == ("cp1250", encoding)
    assert sample.split(", ")[0] in text
    assert garbled != sample
    assert 1 <= len(more) <= 2


def test_a_file_of_another_encoding_is_read_with_a_warning_that_names_the_options(tmp_path):
    path = tmp_path / "p.csv"
    rows = [HEADER, ("Košík dámske", "item", "štýl", "1", "item", "žena")]
    path.write_bytes("\n".join(";".join(row) for row in rows).encode("iso8859-2"))
    (notice,) = [notice for notice in read(path).notices if notice.severity == "warning"]
    assert notice.code == "text-doubtful"
    assert notice.text.startswith(
        "Read as Windows-1250, separated by semicolons. It is not UTF-8, and as Windows-1250 its words make no sense: "
        "Koąík, ątýl. See which of these reads well, and add it: --encoding iso8859-2 (it reads: Košík, štýl); "
    )


def test_bytes_that_no_letter_has_are_refused_with_the_likelier_encodings(tmp_path):
    path = tmp_path / "p.csv"
    path.write_bytes((";".join(HEADER) + "\nKošík;item;příliš Müllerová;1;item;x").encode("cp852"))
    with pytest.raises(FileError) as caught:
        read(path)
    assert caught.value.code == "encoding-not-found"
    assert "--encoding cp852 (it reads: Košík, příliš" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("ženské košele a šaty", "mac_latin2"), ("Ženské košele a šaty", "cp852"), ("Größe", "mac_latin2")],
)
def test_a_few_words_of_another_encoding(text, encoding):
    """One of three words is odd, and as another encoding none is."""
    found = better_encodings(text.encode(encoding))
    assert found[1][0] == encoding
