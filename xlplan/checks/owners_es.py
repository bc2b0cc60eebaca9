"""The same judgement of owners in Spanish, where the word that says what somebody is comes first.

"equipo de liderazgo" is a group, "jefa del equipo de liderazgo" one person. In doubt it is one person.
"""

from __future__ import annotations

import re


def _words_in(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


_TITLES = _words_in(
    """director directora subdirector subdirectora superintendente subsuperintendente maestro maestra profesor
    profesora docente coordinador coordinadora consejero consejera orientador orientadora facilitador facilitadora
    líder jefe jefa secretario secretaria enfermero enfermera bibliotecario bibliotecaria psicólogo psicóloga
    especialista asistente auxiliar supervisor supervisora gerente encargado encargada responsable enlace
    instructor instructora entrenador entrenadora mentor mentora tutor tutora presidente presidenta vicepresidente
    vicepresidenta administrador administradora intérprete traductor traductora contador contadora trabajador
    trabajadora terapeuta asesor asesora capitán capitana vocal analista técnico técnica voluntario voluntaria
    sr sra srta dr dra prof mtro mtra lic ing don doña rector rectora decano decana titular representante
    coach conserje chofer cocinero cocinera interventor interventora ejecutivo ejecutiva"""
)
_GROUPS = _words_in(
    """equipo equipos comité comités comite consejo consejos personal departamento departamentos oficina oficinas
    junta juntas claustro profesorado cuerpo facultad grupo grupos administración liderazgo dirección plantel todos
    todas comisión comisiones asamblea asociación coalición alianza club agencia organización gabinete brigada
    familias familia padres madres tutores estudiantes alumnos alumnas comunidad vecinos aliados socios cuidadores
    jóvenes gente personas sres sras srtas dres profs mtros mtras docentes directivos administrativos academia
    pta pto plc ampa sociedad"""
)
_WHOLES = frozenset({"escuela", "distrito", "plantel", "comunidad", "condado", "estado"})
_PUBLIC = frozenset(
    {"familias", "familia", "padres", "madres", "estudiantes", "alumnos", "comunidad", "jóvenes"}
)
_SOME = re.compile(r"(?:cada|tod[oa]s?|varios|varias|algun[oa]s|ambos|ambas|much[oa]s|l[oa]s demás)\b", re.I)
_DETERMINERS = re.compile(
    r"^(?:(?:el|la|los|las|un|una|unos|unas|nuestr[oa]s?|su|sus|mi|l[oa]s\s+(?:dos|tres))\s+)+", re.I
)
_LED_BY = re.compile(
    r"\b(?:dirigid[oa]s?|encabezad[oa]s?|liderad[oa]s?|coordinad[oa]s?|presidid[oa]s?|representad[oa]s?)\s+por\s+(.+)"
    r"|\ba\s+cargo\s+de(?:l)?\s+(.+)",
    re.I,
)
_OTHERS = re.compile(
    r"\b(?:y|e|u|o|con)\s+(?:otr[oa]s?|colegas|compañer[oa]s|su\s+equipo|l[oa]s\s+demás)\b", re.I
)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_LABEL = re.compile(r"\s*:\s*|\s+[-–—]\s+")
_CUT = re.compile(r"\s*(;|/|\+|\||\n|&|,|\b(?:y|e|junto\s+con|además\s+de|así\s+como|con)\b)\s*", re.I)
_SPANISH = re.compile(r"\b(?:y|del|las|los|el|todos|todas|cada|dirigid[oa]|a cargo de)\b")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_INNER = frozenset({"de", "del", "la", "las", "los", "san", "santa", "y"})


def is_spanish(text: str) -> bool:
    """Whether an owner's words are Spanish, as far as that can be told from a few."""
    known = _TITLES - {
        "director",
        "supervisor",
        "mentor",
        "tutor",
        "instructor",
        "coach",
        "dr",
        "prof",
        "don",
    }
    words = {word.casefold() for word in _WORD.findall(text)}
    shared = {"personal", "club", "pta", "pto", "plc"}  # with English
    words |= {word.removesuffix(end) for word in words for end in ("s", "es")}
    return bool(words & (known | _WHOLES | _GROUPS - shared)) or _SPANISH.search(text) is not None


def many_in_spanish(text: str) -> tuple[bool, bool]:
    """Whether the words name several people, and whether they name a group."""
    outside = _BRACKETS.sub(" ", text).strip()
    within = " ".join(" ".join(found) for found in _BRACKETS.findall(text)).strip() if outside else ""
    plain = outside or text
    if _OTHERS.search(plain):
        return True, False
    if led := _LED_BY.search(plain):
        return many_in_spanish(led[1] or led[2])
    before, *after = _LABEL.split(plain, maxsplit=1)
    if after and before and after[0] and _is_group(before):
        return many_in_spanish(after[0]) if _is_person(after[0]) else (False, True)
    several, group = _judged(plain)
    if group and within and _is_name(within):
        return False, False
    return several, group


def _judged(text: str) -> tuple[bool, bool]:
    first, *rest = (piece.strip() for piece in _CUT.split(text))
    if not rest:
        return False, _is_group(first)
    pieces = [first, *rest[1::2]]
    for joint, other in zip(rest[::2], rest[1::2], strict=True):
        if _two(first, joint.casefold(), other):
            return True, False
    if len(pieces) > 2 and all(map(_is_name, filter(None, pieces))):
        return True, False
    return False, _is_group(first) and not any(map(_is_name, pieces[1:]))


def _two(first: str, joint: str, other: str) -> bool:
    """Whether two pieces are two people, or one and a group."""
    if not first or not other:
        return False
    if joint == ",":  # "Peña, María" is one, and so is a name with its title
        return _is_full_name(first) and _is_full_name(other)
    if joint == "/":
        return _is_name(first) and _is_name(other)
    if joint == "con" and _head(other) in _PUBLIC:
        return False
    if _is_full_name(first) and _is_name(other) and len(other.split()) == 1:
        return False  # two surnames, as in Ortega y Gasset
    return (_is_person(first) or _is_group(first)) and (_is_person(other) or _is_group(other))


def _is_person(text: str) -> bool:
    return _head(text) in _TITLES or _is_name(text)


def _is_group(text: str) -> bool:
    head = _head(text)
    if _SOME.match(text.strip()):
        return True
    if head in _GROUPS or (head in _WHOLES and len(_WORD.findall(text)) <= 2):
        return True
    return head not in _TITLES and (head.removesuffix("s") in _TITLES or head.removesuffix("es") in _TITLES)


def _is_name(text: str) -> bool:
    """One to five capitalised words, none of them a title or a group."""
    words = _WORD.findall(text)
    if not words or len(words) > 6 or re.search(r"\d", text):
        return False
    return words[0][0].isupper() and all(
        word.casefold() in _INNER
        or (word[0].isupper() and word.casefold() not in _TITLES | _GROUPS | _WHOLES)
        for word in words
    )


def _is_full_name(text: str) -> bool:
    return len(_WORD.findall(text)) > 1 and _is_name(text)


def _head(text: str) -> str:
    """The word that says what it is: the first one behind articles."""
    words = _WORD.findall(_DETERMINERS.sub("", text.strip()))
    return words[0].casefold() if words else ""
