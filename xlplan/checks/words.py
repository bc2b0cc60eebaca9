"""The words by which checks judge texts, in named lists that a campaign can extend (`[words]` of campaign.toml)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType

from xlplan.errors import SetupError


def _list(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


# fmt: off
LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    # --- owners
    "title": _list("""
        principal, director, superintendent, coach, teacher, coordinator, lead, leader, chair, chairperson,
        co-chair, dean, manager, head, specialist, liaison, facilitator, counselor, counsellor, secretary,
        nurse, officer, assistant, aide, paraprofessional, paraeducator, para, psychologist, librarian,
        supervisor, consultant, registrar, interventionist, strategist, trainer, navigator, advocate, clerk,
        president, analyst, therapist, technician, administrator, instructor, tutor, mentor, advisor,
        adviser, pathologist, interpreter, custodian, worker, ap, vp, supt, asst, coord, prin, chief,
        developer, educator, representative, rep, volunteer, tosa, sro, bookkeeper, accountant, treasurer,
        controller, designer, evaluator, translator, ombudsperson, executive, driver, intern"""),
    "group-owner": _list("""
        team, teams, staff, committee, committees, council, councils, department, departments, dept, depts,
        office, offices, board, cabinet, faculty, everyone, everybody, all, pta, pto, ptsa, plc, plcs, slt,
        ilt, blt, dlt, clt, sst, taskforce, administration, leadership, members, personnel, group, groups,
        club, agency, organization, partnership, coalition, consortium, union, cohort, crew, panel,
        delegation"""),
    "public": _list("parents, families, students, community, partners, caregivers, guardians, youth"),
    "field-of-work": _list("""
        teaching, learning, curriculum, instruction, instructional, college, career, science, math,
        mathematics, health, wellness, family, families, community, equity, inclusion, student, students,
        safety, security, special, education, data, assessment, culture, climate, english, language,
        languages, arts, literacy, reading, writing, technology, federal, state, title, programs, program,
        services, operations, human, resources, behavior, behaviour, multilingual, counseling, counselling,
        testing, research, accountability, engagement, attendance, early, childhood, elementary, middle,
        high, school, schools, primary, secondary, transportation, nutrition, finance, budget, facilities,
        communications, music, art, physical, social, emotional, studies, history, grade, grades, support,
        supports, intervention, prevention, discipline, partnerships, outreach, activities, athletics,
        technical, vocational, gifted, bilingual, parent, central, center, centre, kitchen, library, media,
        university, academy, institute, county, city, city-wide, regional, network, recovery, dual,
        kindergarten, preschool, fine, world, drama, band, choir, theater, theatre, biology, chemistry,
        physics, algebra, geometry, economics, civics, spanish, french, german, after-school, summer,
        enrichment, planning, improvement, professional, development, public, relations, information,
        systems, payroll, purchasing, legal, guidance, trauma, crisis, restorative, justice, diversity,
        belonging, innovation, strategy, performance, evaluation, grants, compliance, enrollment,
        admissions, records, food, campus, west, east, north, south, upper, lower, junior, senior, charter,
        magnet, academic, academics, general, workforce, advising, induction, retention, recruitment,
        talent, licensure, transition, transitions, readiness, mental, sports, business"""),
    "rank": _list("""
        the, our, a, an, his, her, their, assistant, vice, associate, deputy, interim, acting, lead, head,
        senior, building, school, district"""),
    # --- steps: openings to which "was this done?" has no answer
    "not-observable": _list("""
        support, encourage, continue, promote, foster, strive, try, attempt, endeavor, endeavour, aspire,
        cultivate, nurture, embrace, emphasize, emphasise, stress, value, appreciate, respect, believe,
        motivate, inspire, empower, urge, hope, expect, reinforce, champion, help, assist, consider,
        understand, work on, work toward, work towards, work together, work closely, work collaboratively,
        work hard, work harder, work with, work in partnership, partner closely, focus on, concentrate on,
        focus more, think about, think of, reflect on, learn about, learn more, care about, care for,
        advocate for, aim to, aim for, aim at, seek to, look for ways, look for opportunities, look into,
        find ways, find opportunities, explore ways, explore options, explore possibilities, explore
        opportunities, explore ideas, identify ways to support, raise awareness, increase awareness, spread
        awareness, bring awareness, build awareness, pay attention, pay closer attention, pay more
        attention, give attention, give more attention, draw attention, place emphasis, place more emphasis,
        put emphasis, put more emphasis, place an emphasis, put effort, put more effort, make an effort,
        make every effort, do our best, do their best, do your best, do everything possible, take
        responsibility, take ownership, take seriously, bear in mind, keep in mind, keep encouraging, keep
        working, keep trying, keep supporting, keep promoting, keep pushing, keep up, be there for, commit
        to, recommit to, stay committed, stay on top of, stay informed, lend support, show support, show
        appreciation, demonstrate commitment, have conversations, have high expectations, hold high
        expectations, set high expectations, keep high expectations, maintain high expectations, have a
        positive attitude, become familiar, get familiar, get to know, become more, get better, do better,
        communicate regularly, communicate often, communicate openly, communicate effectively, communicate
        more, communicate better, communicate consistently, communicate frequently, communicate with,
        collaborate, make it a priority, prioritize the importance, maintain open lines, keep lines of
        communication, keep open lines, ongoing, continued, continuing, continuous, continually, increased
        awareness, greater awareness, increased focus, greater focus, increased emphasis, greater emphasis,
        increased attention, more attention, more communication, better communication, improved
        communication, more collaboration, better collaboration, more support, better support, additional
        support, more encouragement, awareness of, emphasis on, celebrate diversity, celebrate differences,
        listen to, think outside, encouragement of, promotion of, support for, commitment to"""),
    # what one can build, improve or keep without end
    "vague-thing": _list("""
        momentum, culture, climate, environment, environments, atmosphere, sense, trust, relationship,
        relationships, rapport, connection, connections, buy-in, awareness, understanding, morale, mindset,
        mindsets, attitude, attitudes, communication, collaboration, engagement, involvement, participation,
        capacity, rigor, rigour, consistency, behavior, behaviour, instruction, teaching, learning,
        achievement, performance, motivation, confidence, expectations, community, ownership, belonging,
        respect, empathy, teamwork, partnership, partnerships, accountability, effectiveness, outcomes,
        success, quality, fidelity, love, passion, spirit, sensitivity, responsiveness, dialogue"""),
    "vague-quality": _list("""
        a more, a better, on the lookout, on top of, aware, mindful, conscious, cognizant, more, better,
        consistent, available, present, visible, positive, flexible, open, proactive, intentional,
        supportive, responsive, sensitive, patient, kind, respectful, engaged, committed, encouraged,
        supported, motivated, empowered, inspired, urged, expected, accountable, transparent, inclusive,
        welcoming, vigilant, attentive, focused, informed, updated, knowledgeable, familiar, willing, ready,
        thoughtful, collaborative, creative, effective, role models, a role model, on board, considerate,
        understanding, fair, firm, purposeful, strategic, diligent, approachable, innovative, current,
        connected, involved, valued, respected, heard, safe, successful, optimistic, reflective, receptive,
        invested, enthusiastic, passionate, culturally responsive, very, as, always, a positive, a good, an
        advocate, advocates, student-centered"""),
    # what "by" can lead to without an end: "by providing help"
    "vague-deed": _list("""
        being, providing, giving, continuing, encouraging, supporting, working, helping, promoting, keeping,
        showing, listening, using, modeling, modelling, ensuring, making, fostering, focusing, building,
        creating, maintaining, having, allowing, improving, increasing, engaging, understanding, learning,
        teaching, training, coaching, mentoring, collaborating, communicating, sharing, celebrating,
        strengthening, developing, implementing, incorporating, offering, monitoring, empowering,
        motivating, reinforcing, valuing, respecting, caring, remaining, staying, becoming, getting,
        leading, planning, addressing, recognizing, acknowledging, demonstrating, setting, practicing,
        reminding, talking, speaking, taking, looking, emphasizing, nurturing, cultivating, enhancing,
        facilitating, guiding, noticing, praising, meeting, spring, morning, evening, meaningful"""),
    # verbs that name something one can see done
    "result-verb": _list("""
        publish, write, hold, train, send, create, adopt, sign, post, hire, buy, purchase, install, submit,
        present, complete, collect, report, record, draft, revise, conduct, administer, launch, open,
        assign, visit, interview, survey, compile, print, distribute, mail, deliver, choose, select,
        identify, decide, approve, finalize, finalise, produce, map, score, analyze, analyse, rewrite,
        pilot, test, build, place, move, replace, translate, count, measure, document, summarize, summarise,
        list, name, agree, define, implement, enroll, enrol, register, recruit, pair, match, film, observe,
        audit, vote, update, add, remove, correct, fix, set, offer, teach, fill, stock, note, log, rank,
        sort, chart, graph, share out, develop, design, establish, start, begin, use, run, give, return,
        read, apply, file, calculate, compare, examine, review, check, evaluate, assess, synthesize,
        synthesise, sequence, allocate, close, cut, reduce, end, introduce, roll out, put up, set up, hand,
        show, co-teach, coach, contact, call, fund, pay"""),
    # --- steps that are logistics
    "too-fine": _list("""
        touch base, follow up by email, take attendance, order lunch, order food, order snacks, order
        refreshments, order coffee, make copies, make photocopies, photocopy, print copies, print handouts,
        print packets, print name tags, set up chairs, set up tables, set up the room, set up room, find a
        room, find a date, find a time, find time to meet, pick a date, pick a time, choose a date, choose a
        time, set a date, set a time, set the date, set date, set time, set the time, set dates, set meeting
        dates, confirm the date, confirm date, confirm the time, confirm the room, confirm the location,
        confirm attendance, confirm availability, check calendars, check availability, check room
        availability, get on the calendar, send reminder, send reminders, send a reminder, send out
        reminders, send out a reminder, send email, send an email, send emails, send out an email, send out
        email, send an e-mail, send e-mail, send invitation, send invitations, send an invitation, send out
        invitations, send out an invitation, send invites, send invite, send an invite, send calendar
        invite, send calendar invites, send calendar invitation, send calendar invitations, send a calendar
        invite, send out invites, send out calendar invites, send out a calendar invite, send zoom link,
        send the zoom link, send the link, send meeting invite, send meeting invites, send out the agenda,
        create calendar invite, create a calendar invite, create calendar invites, create sign-in sheet,
        create a sign-in sheet, create sign-in sheets, prepare sign-in sheets, prepare sign-in sheet, create
        zoom link, create a zoom link, create a google doc, create google doc, create a shared folder,
        create shared folder, make phone calls, reply to emails, answer emails, doodle poll, send a doodle
        poll, create a doodle poll, poll for availability, compile a list of dates, put together packets,
        copy handouts"""),
    "event": _list("""
        logistics, facilitator, presenter, trainer, consultant, guest speaker, meeting, meetings, mtg, mtgs,
        focus group, focus groups, observation, observations, interview, interviews, call, calls, phone
        call, conference call, visit, visits, walkthrough, walkthroughs, walk-through, walk-throughs,
        session, sessions, training, trainings, workshop, workshops, conference, conferences, date, dates,
        time, times, meeting time, meeting times, appointment, appointments, check-in, check-ins,
        presentation, presentations, debrief, debriefs, retreat, kickoff, kick-off, zoom, speaker, pd, plc,
        tour, tours, demo, demos, chat, conversation, conversations, inservice, huddle, webinar"""),
    "meeting": _list("""
        logistics, meeting, meetings, mtg, mtgs, kickoff, kick-off, conference call, phone call, zoom call,
        zoom, check-in, check-ins, planning session, debrief, debriefs, huddle, call"""),
    "place-or-time": _list("""
        room, rooms, space, spaces, gym, library, venue, cafeteria, auditorium, bus, buses, van, projector,
        date, dates, time, times, location, locations, meeting room, conference room, computer lab, hotel,
        flights, travel, catering, laptop cart, av equipment, food, lunch, refreshments, substitutes, subs,
        coverage, sub coverage, substitute coverage, transportation, childcare, parking"""),
    # --- deliverables
    "weak-deliverable": _list("""
        sign-in sheet, sign-in sheets, sign in sheet, sign in sheets, signin sheet, signin sheets, sign-in
        log, sign-in logs, sign-in form, sign-in forms, sign-ins, sign ins, sign-in, sign in, sign-up sheet,
        sign-up sheets, signatures of attendees, signature sheet, signature sheets, agenda, agendas, meeting
        minutes, meeting notes, minutes, attendance list, attendance lists, attendance sheet, attendance
        sheets, attendance roster, attendance rosters, attendance record, attendance records, attendance
        log, attendance logs, attendance form, attendance forms, attendance sign-in, record of attendance,
        records of attendance, proof of attendance, evidence of attendance, certificate of attendance,
        certificates of attendance, professional development attendance, training attendance, workshop
        attendance, meeting attendance, pd attendance, participant attendance, attendance at meetings,
        attendance at pd, attendance at training, attendance at trainings, attendance at workshops, list of
        attendees, lists of attendees, list of participants, lists of participants, attendee list, attendee
        lists, participant list, participant lists, participation list, roster of participants, roster of
        attendees, rosters of participants, training roster, training rosters, workshop roster, workshop
        rosters, pd roster, pd rosters, participant roster, participant rosters, meeting roster, calendar
        invite, calendar invites, calendar invitation, calendar invitations, meeting invite, meeting
        invites, meeting invitation, meeting invitations"""),
    "strong-deliverable": _list("""
        assessment, assessments, rubric, rubrics, plan, plans, report, reports, data, results, summary,
        summaries, analysis, analyses, scores, work, dashboard, dashboards, survey, surveys, video, videos,
        lesson, lessons, unit, units, curriculum, guide, guides, handbook, protocol, protocols, feedback,
        evaluation, evaluations, observation, observations, walkthrough, walkthroughs, walk-throughs,
        schedule, schedules, map, maps, decisions, decision, samples, portfolio, portfolios, tickets, slips,
        reflections, artifacts, artefacts, tasks, projects, products, ratings, tracker, trackers, policy,
        policies, procedure, procedures, agreement, agreements, charter, toolkit, tool, tools, template,
        templates, model, framework, scope, sequence, inventory, log of changes, revisions, memo, findings,
        recommendations, responses, checklist, checklists, profile, profiles, goals, targets, commitments,
        next steps, action items, interviews, transcripts, essays, quizzes, tests, exams, rate, rates,
        figures, counts, percentages"""),
    # --- what choices say
    "dropped": _list("drop, dropped, reject, rejected, stop, cancel, cancelled, abandon, do not do"),
    "concerning": _list("concerning, worrying, negative, declining, of concern, concern"),
    "result-status": _list("""
        met, not met, done, complete, completed, achieved, not achieved, finished, dropped, cancelled"""),
    # --- figures in words
    "figure": _list("""
        two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen,
        sixteen, seventeen, eighteen, nineteen, twenty, thirty, forty, fifty, sixty, seventy, eighty,
        ninety, hundred, hundreds, thousand, thousands, million, dozen, dozens, twice, doubled, tripled,
        quadrupled, halved, tenfold, twofold, threefold, fivefold, thirds, quarters, fifths, zero, none,
        nobody"""),
})
# fmt: on
WORD_LISTS = tuple(LISTS)


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """The lists with a campaign's own words added; equal campaigns share one object, on which checks cache."""

    lists: Mapping[str, frozenset[str]]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.lists[name]


def words_of(more: Mapping[str, Iterable[str]] | None = None) -> Words:
    """Our lists with more words. Raises SetupError naming the nearest list for a name that is none."""
    return _words(tuple(sorted((name, tuple(words)) for name, words in (more or {}).items())))


@lru_cache(maxsize=16)
def _words(more: tuple[tuple[str, tuple[str, ...]], ...]) -> Words:
    added = dict(more)
    for name in added:
        if name not in LISTS:
            near = get_close_matches(name, WORD_LISTS, 1, 0)[0]
            raise SetupError(f'[words]: there is no list "{name}"; the nearest is "{near}".')
    return Words(
        MappingProxyType(
            {
                name: frozenset(
                    " ".join(word.casefold().split())
                    for word in (*words, *added.get(name, ()))
                    if word.strip()
                )
                for name, words in LISTS.items()
            }
        )
    )
