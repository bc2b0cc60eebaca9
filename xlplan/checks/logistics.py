"""Each step is worth a line in the plan (004, non-example of steps). In doubt the rule is silent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xlplan.checks.phrases import clauses, has_count, opening, words_in
from xlplan.checks.rows import PlanRows
from xlplan.checks.rule import check
from xlplan.checks.words import Words
from xlplan.findings import Finding
from xlplan.form.markers import Meaning

_RECURS = re.compile(
    r"\b(?:daily|weekly|biweekly|bi-weekly|monthly|quarterly|recurring|standing|annual|yearly|common "
    r"planning)\b"
    r"|\b(?:planning|instructional|collaboration|intervention|learning|tutoring|enrichment|reading|advisory) "
    r"(?:time|times|blocks?|periods?)\b"
    r"|\b(?:each|every|per)\s+(?:\w+\s+)?(?:day|week|month|quarter|semester|trimester|term|unit|cycle|"
    r"assessment|year|monday|tuesday|wednesday|thursday|friday)\b",
    re.I,
)
_STANDARD = re.compile(r"\b(?:each|every|within|after each|no later than|until)\b", re.I)
_PURPOSE = re.compile(
    r"\s(?:in order to|so that|so|where|at which|for the purpose of)\s|\sto\s(?!(?:the|a|an|all|our|their|"
    r"his|her|its|each|every|any|both|other|new|school|staff|teachers?|"
    r"principals?|parents?|families|students|board|council|[A-Z])\b)|\sfor\s",
)
_JOINT = re.compile(r",?\s+(?:and|&)\s+(?:then\s+)?|,\s+", re.I)
_DET = (
    r"(?:(?:an?|the|our|their|its|this|that|all|any|some|another|next|first|initial|follow-up|"
    r"followup|kick-?off|regular|\d+|two|three|four|five|six)\s+)*"
)
_ARRANGE = re.compile(
    r"^(?:schedule|scheduling|arrange(?: for)?|arranging(?: for)?|set(?:ting)? up|plan|planning|organi[sz]e|"
    r"organi[sz]ing|coordinate|coordinating|calendar|calendaring|reschedule|book|booking|"
    r"set(?:ting)?|fix|find(?:ing)?|put(?:ting)? together)\s+(?P<what>.*)$",
    re.I | re.S,
)
_SCHEDULE = re.compile(
    r"^(?:(?:re)?schedul(?:e|ing)|calendar(?:ing)?|book(?:ing)?|arrang(?:e|ing)|set(?:ting)? up)\b", re.I
)
_AGENDA = re.compile(
    r"^(?:create|creating|draft|drafting|prepare|preparing|write|writing|develop|developing|make|making|"
    r"build|building|finali[sz]e|finali[sz]ing|plan|planning|set|setting|"
    r"send(?:ing)?(?: out)?|email|e-mail|distribute|distributing|share|sharing|post|posting|print|printing|"
    r"circulate|type(?: up)?|outline|review|copy|compile|put together)\s+"
    r"(?:(?!(?:equity|research|policy|reform|legislative|change|improvement|student|learning|"
    r"advocacy)\b)[\w’'-]+\s+){0,4}?agendas?\b(?!\s*(?:books?|planners?|setting|items?))",
    re.I,
)
_ON_AGENDA = re.compile(
    r"^(?:add|put|place|include|get)(?:ting|ing)?\b.{1,60}\b(?:on|to|in)\s+(?:the\s+|an?\s+|our\s+|"
    r"next\s+)*(?:[\w’'-]+\s+){0,3}(?:agenda|calendar)\b",
    re.I,
)
_AGENDA_ALONE = re.compile(
    r"^(?:the\s+)?(?:[\w’'-]+\s+){0,3}agendas?\b(?:\s+(?:for|of)\b.*)?(?:\s+(?:is|are|was|"
    r"were)?\s*(?:created|drafted|prepared|written|set|made|sent|ready|developed|finalized).*)?$",
    re.I,
)
_HOLD = re.compile(
    r"^(?:hold|holding|have|having|attend|attending|convene|convening|call|calling|conduct|conducting|run|"
    r"running|lead|leading|facilitate|facilitating|host|hosting|do)\s+",
    re.I,
)
_MEET = re.compile(
    r"^(?:meet|meeting)\s+(?:with|to|as|in|about|and|briefly|again|on|over|via|together)\b.*\b(?:discuss|"
    r"talk|touch base|check in|brainstorm|go over|catch up|plan next|debrief|chat|connect)\b|^(?:meet|"
    r"meeting) with (?:the )?[\w’'.-]+(?: [\w’'.-]+){0,3}$",
    re.I | re.S,
)
_SEND = re.compile(
    r"^(?:send|sending|email|emailing|e-mail|forward|forwarding|circulate|circulating|share|sharing|submit|"
    r"pass|distribute|give|get)(?:\s+(?:out|along|around|on))?\s+(?P<what>.*)$",
    re.I | re.S,
)
_DRAFT = re.compile(
    rf"^{_DET}(?:(?:rough|1st|2nd|3rd|second|final|revised|updated|working|"
    rf"completed)\s+)*(?:(?!with\b)[\w’'/-]+\s+){{0,3}}?drafts?\b",
    re.I,
)
_FOR_FEEDBACK = re.compile(
    r"\bfor (?:\w+ )?(?:feedback|comments?|review|input|proofreading|edits|approval|suggestions)\s*\.?$", re.I
)
_EMAIL = re.compile(
    r"^(?:e-?mail(?:ing)?(?! addresses| lists?\b| newsletters?\b| accounts?\b| templates?\b)|remind(?:ing)?|"
    r"phone|call(?:ing)? (?:the|all|teachers?|principals?)|"
    r"invit(?:e|ing) .*\bto (?:the |a |an )?(?:\w+ "
    r"){0,3}meetings?)\b",
    re.I,
)
_REACH = re.compile(
    r"^(?:contact|call|phone|ask|reach out to|email|check with|connect with|talk to|talk with)\b.*\bto "
    r"(?:schedule|arrange|set up|set an? (?:date|time)|book|find an? (?:date|time)|confirm|reserve|see "
    r"when)\b",
    re.I,
)
_SHORT_TALK = re.compile(
    r"^(?:follow(?:ing)? up with|check(?:ing)? in with|reach(?:ing)? out to|touch(?:ing)? base with|"
    r"get(?:ting)? in touch with)\b(?!.*\bto\s+\w+)",
    re.I,
)
_RESERVE = re.compile(
    r"^(?:reserv(?:e|ing)|book(?:ing)?|secur(?:e|ing)|arrang(?:e|ing)(?: for)?|confirm(?:ing)?|find(?:ing)?|"
    r"get(?:ting)?|rent(?:ing)?|pick(?:ing)?|choos(?:e|ing)|set(?:ting)?(?: up)?|order(?:ing)?|line up|"
    r"request(?:ing)?)\s+",
    re.I,
)
_TAKE_NOTES = re.compile(
    r"^(?:take|taking|type(?: up)?|send(?: out)?|share|write up|distribute|post|record|keep)\s+(?:the\s+|"
    r"meeting\s+)*(?:notes|minutes|attendance)\b(?!\s+(?:data|by|rate|goal|letter|report|dashboard))",
    re.I,
)
_PASSIVE = re.compile(
    r"^(?:the\s+|an?\s+|all\s+)?(?:[\w’'-]+\s+){0,3}?(?:meetings?|agendas?|rooms?|invitations?|invites?|"
    r"reminders?|e-?mails?|calendar invites?|focus groups?|observations?)\s+"
    r"(?:(?:is|are|was|were|has been|have been|will be|to be)\s+)?(?:scheduled|created|set up|set|sent(?: "
    r"out)?|booked|reserved|arranged|prepared|drafted|held|emailed)\b[^,;]*$",
    re.I,
)
_BARE_MEETING = re.compile(
    r"^(?:(?:the|an?|initial|first|kick-?off|planning|team|staff|follow-up|committee|data|faculty|"
    r"department|plc|grade[- ]level|monthly|leadership)\s+){0,4}(?:meetings?|agendas?)(?:\s+with\s+[\w’' "
    r"-]{1,40})?$",
    re.I,
)


_OF_PLACES = (
    r"(?:meeting|conference|training|breakout|break-out|large|larger|computer|community|school|start|end|"
    r"workshop|possible|"
    r"event|suitable|bigger|central|staff|teacher|substitute|charter|guest|good|best|final|exact|convenient|"
    r"air|family)"
)


@dataclass(frozen=True, slots=True)
class _Fine:
    """Compiled patterns of one set of word lists."""

    opens: re.Pattern[str]
    event: re.Pattern[str]
    meeting: re.Pattern[str]
    place: re.Pattern[str]
    result: re.Pattern[str]


@lru_cache(maxsize=16)
def _fine(words: Words) -> _Fine:
    end = (
        r"(?=\s*(?:$|[,.;:!?()/–—]|(?:with|for|to|in|at|on|about|of|by|between|among|and|or|so|where|that|"
        r"as|before|after|during|this|next|from|via|described|above|mentioned|around|regarding|when|where|"
        r"over|if|using|through|across|early|today|tomorrow|again|ahead|within)\b))"
    )
    noun = (
        r"(?:(?!(?:with|for|to|in|at|on|of|and|by|that|which|after|within|each|every)\b)[\w’'/&-]+\s+){0,5}?"
    )
    return _Fine(
        opens=opening(words["too-fine"]),
        event=re.compile(
            rf"{noun}(?:{words_in(words['event'])}){end}",
            re.I,
        ),
        meeting=re.compile(rf"{noun}(?:{words_in(words['meeting'])}){end}", re.I),
        place=re.compile(
            rf"{_DET}(?:{_OF_PLACES}\s+){{0,2}}?(?:{words_in(words['place-or-time'])}){end}",
            re.I,
        ),
        result=re.compile(rf"(?:{words_in(words['result-verb'])})\b", re.I),
    )


@check(
    '004, non-example of steps: "Schedule meeting", "Create agenda", "Hold meeting", "Send draft".',
    Meaning.STEP,
)
def too_fine(rows: PlanRows) -> Iterator[Finding]:
    """A step names a result, not only the logistics on the way to it."""
    for row, item, text in rows.texts(Meaning.STEP):
        if logistics(text, rows.words):
            yield rows.found("too-fine", row.cell(item), found=text)


def logistics(text: str, words: Words) -> bool:
    """Whether every clause of a step is about meeting, sending or booking."""
    parts = clauses(text)
    return bool(parts) and all(_logistics(part, words) for part in parts)


def _logistics(clause: str, words: Words) -> bool:
    """Whether the clause and all that is joined to it with "and" is logistics; after "to" stands a purpose."""
    fine = _fine(words)
    main = _PURPOSE.split(clause, maxsplit=1)[0]
    pieces = _pieces(main, clause, fine)
    return all(_is_logistics(piece, fine, words) for piece in pieces)


def _pieces(main: str, clause: str, fine: _Fine) -> list[str]:
    """The clause cut where another verb begins; the last piece keeps the purpose."""
    cuts = [0]
    for joint in _JOINT.finditer(main):
        rest = clause[joint.end() :]
        if fine.result.match(rest) or _verb(rest, fine):
            cuts.append(joint.end())
    ends = [*cuts[1:], len(clause)]
    pieces = [clause[start:end].rstrip(" ,&") for start, end in zip(cuts, ends, strict=True)]
    pieces = [re.sub(r"\s+(?:and|then|&)$", "", piece) for piece in pieces]
    if len(pieces) > 1 and " " not in pieces[0]:
        return pieces[1:]  # "schedule and hold meetings"
    return pieces


def _verb(text: str, fine: _Fine) -> bool:
    return bool(
        _ARRANGE.match(text)
        or _HOLD.match(text)
        or _SEND.match(text)
        or fine.opens.match(text)
        or _EMAIL.match(text)
        or _AGENDA.match(text)
        or _RESERVE.match(text)
        or _TAKE_NOTES.match(text)
    )


def _is_logistics(clause: str, fine: _Fine, words: Words) -> bool:
    arrange, send = _ARRANGE.match(clause), _SEND.match(clause)
    if (
        _AGENDA.match(clause)
        or _ON_AGENDA.match(clause)
        or _TAKE_NOTES.match(clause)
        or _PASSIVE.match(clause)
    ):
        return not _RECURS.search(clause) or bool(_AGENDA.match(clause))
    if _AGENDA_ALONE.match(clause) or _BARE_MEETING.match(clause) or fine.opens.match(clause):
        return True
    if arrange and fine.event.match(arrange["what"]):
        return not _RECURS.search(clause) and (
            bool(_SCHEDULE.match(clause))
            or bool(fine.meeting.match(arrange["what"]))
            or _about_time(arrange["what"])
        )
    reserve = _RESERVE.match(clause)
    if reserve and fine.place.match(clause[reserve.end() :]):
        return not has_count(clause, words)
    if has_count(clause, words) or _STANDARD.search(clause) or _RECURS.search(clause):
        return False
    hold = _HOLD.match(clause)
    if hold and fine.meeting.match(clause[hold.end() :]):
        return True
    if (
        send
        and (_DRAFT.match(send["what"]) or _FOR_FEEDBACK.search(clause))
        and not clause.casefold().startswith(("give", "get", "share", "submit"))
    ):
        return True
    if send and re.match(r"(?:it|them|these|this|to)\b", send["what"], re.I):
        return True
    return bool(
        _EMAIL.match(clause)
        or _REACH.match(clause)
        or _MEET.match(clause)
        or (_SHORT_TALK.match(clause) and len(clause.split()) < 10)
    )


def _about_time(what: str) -> bool:
    return bool(re.match(rf"{_DET}(?:[\w’'-]+\s+){{0,2}}?(?:dates?|times?|room)\b", what, re.I))
