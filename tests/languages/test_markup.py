"""HTML: text is converted, markup stays byte for byte."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import convert_html, uzbek


@pytest.mark.parametrize(
    ("html", "converted"),
    [
        ('<p title="shahar">shahar</p>', '<p title="shahar">шаҳар</p>'),
        ("<a href='/shahar/?a>b'>choy</a>", "<a href='/shahar/?a>b'>чой</a>"),
        ("shahar<!-- shahar -->", "шаҳар<!-- shahar -->"),
        ("<script>shahar()</script>choy", "<script>shahar()</script>чой"),
        ("<code>shahar <b>sh</b></code> choy", "<code>shahar <b>sh</b></code> чой"),
        ('<span translate="no">sh <span>ch</span></span> choy',
         '<span translate="no">sh <span>ch</span></span> чой'),
        ("choy &amp; non&nbsp;&laquo;shahar&raquo;", "чой &amp; нон&nbsp;&laquo;шаҳар&raquo;"),
        ("O&#x27;zbekiston, ma&rsquo;no", "Ўзбекистон, маъно"),
        ("https://a.uz/?a=sh&amp;b=sh choy", "https://a.uz/?a=sh&amp;b=sh чой"),
        ("5 < 6 shahar", "5 < 6 шаҳар"),
        ("&lt;b&gt;", "&lt;б&gt;"),
    ],
)  # fmt: skip
def test_only_text_is_converted(html: str, converted: str) -> None:
    assert convert_html(html, uzbek.to_cyrillic) == converted


@given(
    st.one_of(
        st.text(max_size=80), st.text(alphabet="<>!-/ab\"'&;#x27 =scriptcode\ue000", max_size=60)
    )
)
def test_any_text_comes_back_where_nothing_changes(html: str) -> None:
    assert convert_html(html, lambda text: text) == html


@given(st.text(alphabet="<>/ab\"'&; =sho", max_size=60))
def test_no_tag_is_made_or_lost(html: str) -> None:
    tags = re.compile("[<>&]")
    assert tags.findall(convert_html(html, uzbek.to_cyrillic)) == tags.findall(html)
