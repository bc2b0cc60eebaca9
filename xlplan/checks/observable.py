"""Each step can be seen done (004, Observable). In doubt the rule is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xlplan.checks.phrases import clauses, gerund, has_count, opening, words_in
from xlplan.checks.rows import PlanRows
from xlplan.checks.rule import check
from xlplan.checks.words import Words
from xlplan.findings import Finding
from xlplan.form.markers import Meaning

_NAMES_A_THING = re.compile(  # "support plan", "help desk": a thing's name, when something is said of it
    r"(?:support(?:ing)?|help|respect|value|stress|care|hope|inspiration|continuing|"
    r"continuous)\s+(?:and\s+\w+\s+)?(?:(?!(?:the|our|all|new|teachers?|staff|students?|families|parents|in|"
    r"with|of|for)\b)[\w-]+\s+)?"
    r"(?:plans?|groups?|teams?|staff|systems?|services?|cent(?:er|re)s?|schedules?|class(?:es)?|periods?|"
    r"blocks?|models?|documents?|"
    r"materials?|hours?|labs?|persons?|specialists?|structures?|desks?|lines?|rooms?|sessions?|statements?|"
    r"agreements?|"
    r"packages?|education|improvement|menus?|cards?|guides?|calendars?|rotations?|meetings?|visits?|"
    r"letters?|logs?|maps?|squads?|tickets?|protocols?|surveys?|sheets?|wanted|tests?|screenings?)\b"
)
_SAID_OF_IT = re.compile(
    r"\b(?:is|are|was|were|be|been|written|signed|completed|published|posted|adopted|approved|created|"
    r"drafted|assigned|hired|trained|"
    r"installed|launched|in place|delivered|printed|sent|finali[sz]ed|submitted|staffed|opened?|opens|"
    r"running|run|meets?|held|built|set up|translated|collected|carried out|hung|awarded|"
    r"established|revised|updated|scheduled|started|starts|begun|begins|formed|shared|mailed|filed|reviewed|"
    r"offered|stocked|in every|for each|for every)\b",
    re.I,
)
_PLACE_OF_THING = re.compile(
    r"\b(?:with|using|through|via|by means of|in)\s+(?:an?|the|its|their|our|this|that|new|printed|written|"
    r"weekly|monthly|quarterly|daily)\s+(?:[\w-]+\s+){0,4}?"
    r"(?:guides?|handbooks?|checklists?|templates?|calendars?|toolkits?|kits?|logs?|cards?|posters?|plans?|"
    r"schedules?|rubrics?|laptops?|"
    r"workshops?|newsletters?|surveys?|protocols?|videos?|manuals?|newspaper|contest|raffle|menu|dashboard|"
    r"tracker|binders?|website|"
    r"web page|hotline|form|fair|night|agreement|contract|summit|book (?:study|club)|one-pager|mentors?|"
    r"coach(?:es)?|training)\b",
    re.I,
)
_BY_DOING = re.compile(r"\b(?:by|through|via)\s+(?:\w+ly\s+)?([a-z]+ing)\b", re.I)
_SUBJECT = (
    r"(?:(?:all|our|the|every|each|both|most|school|building|district|classroom|grade[- ]level|general|"
    r"special|education|new|central|office|"
    r"instructional|lead|assistant|vice|admin|math|reading|literacy|support)\s+){0,3}"
    r"(?:we|teachers?|staff|principals?|administrators?|administration|leaders?|leadership|team|teams|"
    r"coach(?:es)?|counsell?ors?|students|"
    r"families|parents|adults|everyone|everybody|paraprofessionals|paraeducators|mentors?|employees|"
    r"department|school|district|pbis|mtss)\s+"
)
_STATE = re.compile(
    rf"^{_SUBJECT}(?:is|are|feels?|stays?|remains?|becomes?|being)\s+(?:being\s+|more\s+|better\s+|fully\s+|"
    rf"well\s+|all\s+)?"
)
_ACTS = re.compile(
    rf"^{_SUBJECT}(?:\w+ly\s+)?(?<!teacher )(?<!coach )(?<!school )(?<!district )(?<!family )(?:support|"
    rf"encourage|promote|foster|continue|strive|try|emphasi[sz]e|value|"
    rf"focus|collaborate|understand|believe|embrace|work)s?\b",
    re.I,
)
_GIVE = re.compile(
    r"^(?:provid(?:e|ing)|giv(?:e|ing)|offer(?:ing)?|lend(?:ing)?|show(?:ing)?|allow(?:ing)?|"
    r"extend(?:ing)?)\s+"
    r"(?:(?:\w+\s+){0,3}?(?:with|for)\s+)?(?:(?:ongoing|continued|continual|continuous|constant|additional|"
    r"extra|more|positive|consistent|regular|any|all|"
    r"needed|necessary|the|emotional|academic|and|social|moral|instructional|teachers?|staff|students|"
    r"families|parents|appropriate|adequate|meaningful|frequent|timely|as[- ]needed|differentiated|"
    r"individual|"
    r"targeted|general|strong|greater)\s+){0,5}"
    r"(?:support|supports|encouragement|guidance|help|assistance|reinforcement|reminders|praise|feedback|"
    r"opportunities|leadership|motivation|understanding)\b"
    r"(?!\s+(?:plans?|groups?|staff|sessions?|class(?:es)?|blocks?|periods?|forms?|guides?|materials?|"
    r"rooms?|hours?|services? to\s+\d))",
    re.I,
)
_NEEDED = re.compile(
    r"^(?:provid|giv|offer|assist|meet|communicat|check|follow|monitor|coach|talk|work|conferenc|address|"
    r"interven|model|differentiat|adjust|redirect|intervene)\w*\b.*\b"
    r"(?:as|when|where|if|whenever|wherever)\s+(?:\w+\s+)?(?:needed|necessary|possible|appropriate|time "
    r"(?:allows|permits)|required|applicable)\b"
    r"|^(?:monitor|communicat|check|follow|review|discuss|talk|reflect|meet)\w*\b.*\b(?:on an? (?:ongoing|"
    r"regular|continuous|continual) basis|throughout the (?:school )?year|all year(?: long)?|at all times|"
    r"continuously|continually|"
    r"year[- ]round)\s*$",
    re.I | re.S,
)
_ENSURE = re.compile(
    r"^(?:ensur(?:e|ing)|mak(?:e|ing) sure|guarante(?:e|eing)|see(?:ing)? to it)\b.*\b(?:feels?|aware|"
    r"understands?|supported|fidelity|consisten(?:t|cy|tly)|safe|welcom\w+|"
    r"engaged|succeeds?|success|successful|high expectations|quality|equit\w+|communication|needs|valued|"
    r"respected|heard|included|"
    r"on the same page|accountab\w+|rigor\w*|positive|knows?|believes?|motivated|comfortable|connected|"
    r"effective\w*|progress|buy-in|growth|best)\b",
    re.I | re.S,
)
_KEEP_ON = re.compile(
    r"keep(?:ing)?\s+(?:on\s+)?(?!meeting|reading|writing|learning|living|running|spring|evening|morning|"
    r"building)\w+ing\b"
)
_FEEL = re.compile(r"mak(?:e|ing)\s.*\b(?:feel|a (?:top |high )?priority|our focus)\b", re.S)
_KEEP = re.compile(
    r"^(?:keep|keeping|maintain|maintaining|stay|staying|remain|remaining|become|becoming|get|getting|be|"
    r"being)\s+(?:\w+\s+){0,4}?"
    r"(?:informed|engaged|motivated|focused|on track|in mind|in the loop|up to date|open|positive|updated|"
    r"accountable|involved|connected|on task|consistent|"
    r"aware|mindful|committed|visible|flexible|calm|current|abreast|safe|interested|going|mind)"
    r"(?=\s*(?:$|[,.;]|\b(?:about|of|on|to|in|with|and|at|during|throughout|for|regarding|by|when|while|"
    r"through|as)\b))",
    re.I,
)
_THING_END = (
    r"(?=\s*(?:$|[,.;:!?)(/–—-]|\b(?:of|with|between|among|amongst|in|around|about|for|and|or|to|"
    r"across|where|that|which|by|through|throughout|at|on|so|as|from|within|while|regarding|during|"
    r"toward|towards|is|among)\b))"
)


@dataclass(frozen=True, slots=True)
class _Vague:
    """Compiled patterns of one set of word lists."""

    opens: re.Pattern[str]
    be: re.Pattern[str]
    quality: re.Pattern[str]
    makes: re.Pattern[str]
    deed: re.Pattern[str]
    with_whom: re.Pattern[str]
    help_to: re.Pattern[str]


@lru_cache(maxsize=16)
def _vague(words: Words) -> _Vague:
    thing, quality = words_in(words["vague-thing"]), words_in(words["vague-quality"])
    deeds = words_in(words["result-verb"])
    more = (
        r"(?:an?|the|our|their|its|more|better|stronger|strong|positive|shared|safe|open|greater|deeper|"
        r"good|healthy|trusting|meaningful|effective|"
        r"overall|student|students[’']?|teacher|staff|parent|parental|family|families[’']?|school|classroom|"
        r"community|and|or|inclusive|welcoming|supportive|caring|collaborative|collective|"
        r"home-school|school-home|two-way|respectful|clear|high|academic|social|emotional|social-emotional|"
        r"instructional|cultural|professional|learning|of|mutual|stakeholder|team|peer|growth|nurturing|"
        r"[\w-]+[’']s|\w+s[’']|respect|trust|warm|regular|frequent|ongoing|consistent|schoolwide|"
        r"school-wide|districtwide|in)"
    )
    return _Vague(
        opens=opening(words["not-observable"]),
        be=re.compile(
            rf"be(?:ing|come|coming)?\s+(?:(?:more|very|fully|always|also|even|truly|"
            rf"intentionally)\s+)*(?:{quality})\b",
            re.I,
        ),
        quality=re.compile(rf"(?:{quality})\b", re.I),
        makes=re.compile(
            r"(?:improv|enhanc|increas|strengthen|deepen|build|develop|creat|establish|maintain|sustain|"
            r"grow|boost|rais|elevat|facilitat|keep|hav|"
            rf"provid|model|generat|instill|expand|encourag|cultivat|ensur|set)(?:e|ing|"
            rf"s)?(?:\s+up)?\s+(?:{more}\s+){{0,6}}(?:{thing}){_THING_END}",
            re.I,
        ),
        deed=re.compile(
            rf"(?:[,;]|\band\b|\bthen\b|\bso that\b|&)\s+(?:then\s+|also\s+)?(?:{deeds})\s+(?!(?:and|or|to|"
            rf"of|in|for)\b)\S",
            re.I,
        ),
        with_whom=re.compile(
            rf"\bto\s+(?:\w+ly\s+)?(?:jointly\s+)?(?:{deeds})\b(?!\s+(?:{more}\s+){{0,5}}(?:{thing}){_THING_END})",
            re.I,
        ),
        help_to=re.compile(
            rf"(?:help|helping|assist|assisting)\s+.*?\b(?:to\s+|in\s+)?(?:{deeds}|fill out|fill in|sign up|"
            rf"{gerunds(words)})\b",
            re.I,
        ),
    )


def gerunds(words: Words) -> str:
    """The result verbs as "-ing"."""
    return words_in(gerund(verb) for verb in words["result-verb"] if " " not in verb)


@check(
    '004, Observable: "we should be able to answer ‘Yes’ or ‘No’ to the question, ‘was this done?’".',
    Meaning.STEP,
)
def not_observable(rows: PlanRows) -> Iterator[Finding]:
    """Each step can be answered Yes or No: "was this done?"."""
    for row, item, text in rows.texts(Meaning.STEP):
        if endless(text, rows.words):
            yield rows.found("not-observable", row.cell(item), found=text)


def endless(text: str, words: Words) -> bool:
    """Whether no clause of a step says something one can see done."""
    parts = clauses(text)
    return bool(parts) and all(_endless(part, words) for part in parts)


def _endless(clause: str, words: Words) -> bool:
    vague = _vague(words)
    if has_count(clause, words) or vague.deed.search(clause):
        return False
    if _PLACE_OF_THING.search(clause) or any(
        word.casefold() not in words["vague-deed"] for word in _BY_DOING.findall(clause)
    ):
        return False
    low = clause.casefold()
    if low.startswith(("understanding by design", "continuing education")):
        return False
    if (thing := _NAMES_A_THING.match(low)) and (
        _SAID_OF_IT.search(low[thing.end() :]) or _ends(low[thing.end() :])
    ):
        return False
    state = _STATE.match(low)
    if state:
        return bool(vague.quality.match(low[state.end() :])) or "feel" in state[0]
    opens = vague.opens.match(low)
    if opens:
        return not _has_end(opens[0], clause, vague)
    patterns = (_FEEL, _KEEP_ON, vague.be, vague.makes, _GIVE, _NEEDED, _ENSURE, _KEEP, _ACTS)
    return any(pattern.match(low) for pattern in patterns)


def _ends(rest: str) -> bool:
    return not rest.strip(" .,:;")


def _has_end(opened: str, clause: str, vague: _Vague) -> bool:
    """Whether what follows a vague opening names a deed of the team's own: "work with the PTA to stock the room"."""
    first = opened.casefold()
    if first.startswith(("work", "aim", "seek", "partner", "collaborat", "look", "find", "explore")):
        return bool(vague.with_whom.search(clause))
    if first.startswith(("help", "assist")):
        return bool(vague.help_to.match(clause))
    return False
