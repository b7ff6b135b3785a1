"""Text that has broken somebody's program, and what may be left of it: itself, without what nobody sees."""

HOSTILE = {
    "html": "<b>bold</b><script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)> &lt;b&gt; <!-- ",
    "attribute": "\" onmouseover=alert(1) x='\" autofocus onfocus=alert(1) '><script>alert(2)</script>",
    "end of script": "</script><script>alert(1)</script></title></textarea></style>]]>",
    "template": "{{7*7}} {% raw %} ${7*7} #{7*7} %(name)s %s {0} {name} <%= 7*7 %>",
    "formula": '=HYPERLINK("http://evil.example") | +1+1 | -1 | @SUM(A1)',
    "plus": "+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+1)",
    "right to left": "\u202egnirts\u202c \u2067turned\u2069 \u200fשלום, זה מבחן\u200e",
    "zero width": "Ca\u200bra \u200dand\ufeff Carl\u2060",
    "control": "nul\x00 bell\x07 escape\x1b[31mred\x7f next\x85 page\x0c",
    "surrogate": "half \ud83d of a face",
    "marks": "Z" + "\u0301\u0327\u0338" * 60,
    "long word": "W" * 3900,
    "fence": "```\nout\n```\n~~~\n# no heading\n> no quote\n---\n| a | b |",
    "markdown": "[a](javascript:alert(1)) ![i](http://evil.example/x.png) <http://evil.example> **b** `c`",
    "calendar": 'A\r\nATTACH:http://evil.example/x\r\nEND:VEVENT\r\nBEGIN:VALARM;CN="x"',
    "typst": '#read("/etc/passwd") #import "x": * $x$ @label <label> \\u{41} #{ 7 * 7 }',
    "word": '{ INCLUDETEXT "/etc/passwd" } \x13 DDEAUTO c:\\\\x \x14 \x15 &amp;',
    "links": "javascript:alert(1) data:text/html,<script>alert(1)</script> vbscript:x file:///etc/passwd",
    "sql": "'; DROP TABLE seats; -- %_ \\ ' OR '1'='1",
    "path": "../../etc/passwd\\..\\x",
    "log": "line\nFAKE 200 OK \x1b]0;title\x07",
}
ONE_LINE = {name: " ".join(text.split())[:100] for name, text in HOSTILE.items() if name not in ("long word", "marks")}
"""For titles and teams."""

TEXT = "<B/x=y>{{8*8}}&lt;</B>'`"
"""A mark for every field of words: hostile itself, without a blank, and short enough for the shortest field."""
NAME = "<I>{{9}}\"'&amp;"
"""A mark for every name."""
EMAIL = "{{3*3}}'&=`$@example.org"
"""As much of all that as an address takes."""
