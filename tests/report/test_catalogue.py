"""Chinese sentences carry Chinese punctuation, and a catalogue that is brought up to date stays so."""

import pytest

from tests.report import catalogue


def test_every_translation_is_punctuated_as_chinese_is() -> None:
    entries = catalogue.read(catalogue.path_of("zh"))
    assert len(entries) > 400
    assert not {text for text in entries.values() if catalogue.punctuated(text) != text}


@pytest.mark.parametrize(
    ("mixed", "clean"),
    [
        ("证据: 事件 {n}, 共 {m} 个; 完", "证据：事件 {n}，共 {m} 个；完"),
        ('为"通过"(估计), 但取 {value} 时为"{outcome}"', "为“通过”（估计），但取 {value} 时为“{outcome}”"),
        ("未判定:", "未判定："),
        ("{answered}个通话中有{cut}个被切断", "{answered} 个通话中有 {cut} 个被切断"),
        ("是否无缝? 0.1、1、3 s", "是否无缝？0.1、1、3 s"),
        ("`{a: 1, b: 2}` 时, 拒绝", "`{a: 1, b: 2}` 时，拒绝"),
        ("比例 1:30 与 1,000 不变", "比例 1:30 与 1,000 不变"),
        ("{measured} ({limit})", "{measured} ({limit})"),
    ],
)  # fmt: skip
def test_punctuation(mixed: str, clean: str) -> None:
    assert catalogue.punctuated(mixed) == clean
    assert catalogue.punctuated(clean) == clean
