"""What a letter must not say: names of who judged, points, ranks; and where it must speak."""

import pytest

from evaluation.letters.tone import (
    COUNT,
    EMPLOYER,
    NAME,
    POINTS,
    RANK,
    SILENT,
    Asked,
    Remark,
    remarks,
)

HAI = Asked("Ren Hai", ("Institute of Membranes", "膜技术研究院"))
OTHERS = (Asked("Jose Munoz"), Asked("Lars Sørensen"), Asked("欧阳明"))
WANG = Asked("王小明", ("清华大学",))


def found(text, *people):
    return [(one.code, one.found) for one in remarks({"economy": text}, people)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("As Ren Hai writes, it is new.", [(NAME, "Ren Hai")]),
        ("as HAI,  Ren wrote", [(NAME, "Ren Hai")]),
        ("Prof. Hai was not convinced.", [(NAME, "Ren Hai")]),
        ("Dr Ren asks for more.", [(NAME, "Ren Hai")]),
        ("The renovation of the hai-tech plant.", []),
        ("The ren is open, the hai is shut.", []),
        ("评审专家王 小明认为可行。", [(NAME, "王小明")]),
        ("王教授认为可行。", [(NAME, "王小明")]),
        ("王府井的示范工程。", []),
        ("José Muñoz writes.", [(NAME, "Jose Munoz")]),
        ("Jose Munoz writes.", [(NAME, "Jose Munoz")]),
        ("Prof. Sorensen asks.", [(NAME, "Lars Sørensen")]),
        ("欧阳教授认为可行。", [(NAME, "欧阳明")]),
        ("欧教授认为可行。", []),
        ("Known at the institute of membranes since 2019.", [(EMPLOYER, "Institute of Membranes")]),
        ("膜技术研究院的意见", [(EMPLOYER, "膜技术研究院")]),
        ("An institute, and membranes.", []),
    ],
)
def test_a_name_of_who_was_asked_or_of_the_employer_is_seen_in_every_shape(text, said):
    assert found(text, HAI, WANG, *OTHERS) == said


def test_a_name_of_one_word_is_a_name_beside_a_title_only():
    assert found("A long life, and Dr. Long.", Asked("Long")) == [(NAME, "Long")]
    assert found("A long life.", Asked("Long")) == []
    assert found("Anything.", Asked("", ("", "AB"))) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It reached 78 points.", [(POINTS, "78 points")]),
        ("A score of 78.5 is not enough.", [(POINTS, "score of 78.5")]),
        ("78/100 in all", [(POINTS, "78/100")]),
        ("８２ 分", [(POINTS, "82 分")]),
        ("得分：82。", [(POINTS, "得分:82")]),
        ("得七十八分。", [(POINTS, "七十八分")]),
        ("平均八十二点五分", [(POINTS, "八十二点五分")]),
        ("运行十分稳定，三十分钟，八十分贝，百分之二十。", []),
        ("The average was 3.9.", [(POINTS, "average was 3.9")]),
        ("An average of 12.5 mg/l at the outlet.", []),
        ("Removal of 85 % within 20 minutes; 5 plants.", []),
        ("运行 30 分钟，去除率 90%，分析了 3 个案例。", []),
        ("It ranks 3 in its field.", [(RANK, "ranks 3")]),
        ("Ranked the third of all.", [(RANK, "ranked the third"), (RANK, "third of all")]),
        ("Among the top 5.", [(RANK, "top 5")]),
        ("本技术排名第三，位列第 3 名。", [(RANK, "排名第三"), (RANK, "第 3 名")]),
        ("前十名", [(RANK, "前十名")]),
        ("Three of the five experts doubt it.", [(COUNT, "three of the five experts")]),
        ("5 experts read it.", [(COUNT, "5 experts")]),
        ("3 位专家认为", [(COUNT, "3 位专家")]),
        ("The experts ask for more years of operation.", []),
    ],
)
def test_points_ranks_and_counts_are_remarked_with_the_words_they_are_about(text, said):
    assert found(text) == said


def test_it_must_speak_of_what_failed():
    passages = {"economy": " \n", "maturity": "", "advanced": "New."}

    assert remarks(passages, [], must_speak=["economy", "advanced"]) == [Remark("economy", SILENT)]


def test_a_thing_is_said_once_for_each_place_and_a_name_refuses():
    text = "78 points, and again 78 points. Ren Hai."

    said = remarks({"economy": text, "": text}, [HAI])

    assert [(one.key, one.refuses) for one in said] == [
        ("economy:name:Ren Hai", True),
        ("economy:points:78 points", False),
        (":name:Ren Hai", True),
        (":points:78 points", False),
    ]
