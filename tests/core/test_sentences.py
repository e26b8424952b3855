"""Sentences one after the other, as the language of the reader writes them."""

from django.utils.translation import gettext_lazy, override

from core.sentences import follow


def test_sentences_follow_each_other_as_their_language_writes_them():
    with override("en"):
        english = follow("One.", "", "100 % of two.", gettext_lazy("Beijing time."))
    with override("zh-hans"):
        chinese = follow("一。", "", gettext_lazy("Beijing time."))

    assert english == "One. 100 % of two. Beijing time."
    assert chinese == "一。北京时间。"
    assert (follow(), follow(None, "", "One.")) == ("", "One.")
