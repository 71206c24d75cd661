"""Whose a file is: the division and its part, by the workbook itself, else by who sent it."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby, pairwise
from operator import itemgetter

from pipeline.headings import HEADING_ROWS
from pipeline.messages import say
from pipeline.model import Channel, Division, Plan, Received, Release, SubUnit, whose_code
from pipeline.workbook.identity import Marks
from pipeline.workbook.reader import Sheet, Workbook
from schemas.kit.thai.thai_text import matching_key

_HANDED_IN = ("Sender", "Return-Path")
_FAILED = ("=fail", "=softfail")
_PROVEN, _GRAVE = "dmarc=pass", ("dmarc=", "unreadable=")
_ONE_ADDRESS = re.compile(r"""[^\s@,;:<>()"\\]+@([^\s@,;:<>()"\\]+)""")
# Why a file waits: a code of the catalogue and its parameters.
Doubt = tuple[str, dict[str, str]]


def by_sender(received: Received, plan: Plan) -> str | None:
    """The division that alone sends from this address, or is stated for a loose file."""
    if received.channel is Channel.LOOSE:
        stated = matching_key(received.sender)
        named = plan.context.division_keys.get(stated)
        named = named or next((d.code for d in plan.divisions if _stated_parts(stated, d)), None)
        if named:
            return named
    codes = _registered_at(received.sender, plan)
    return codes[0] if len(codes) == 1 else None


def by_workbook(
    marks: Marks | None, sheets: Mapping[str, str], workbook: Workbook, plan: Plan
) -> str | None:
    """The division that the workbook itself names, by its marks or on its cover."""
    if marks and marks.division in {each.code for each in plan.divisions}:
        return marks.division
    cover = _cover(sheets, workbook, plan)
    beside = _beside(cover, plan.whose.heading_keys) if cover else ()
    codes = plan.context.division_keys
    return next((codes[value] for value in beside if value in codes), None)


def part_of(
    received: Received,
    marks: Marks | None,
    sheets: Mapping[str, str],
    workbook: Workbook,
    division: Division,
    plan: Plan,
) -> str:
    """The part of the division that the workbook names, else whose sender it is; "" for none."""
    if marks and marks.part in {part.code for part in division.parts}:
        return marks.part
    cover = _cover(sheets, workbook, plan) if division.parts else None
    for value in _beside(cover, {matching_key(say("template.part"))}) if cover else ():
        for part in division.parts:
            if value in _keys(part):
                return part.code
    return sending_part(received, division)


def sending_part(received: Received, division: Division) -> str:
    """The part that alone sends from this address, or is stated for a loose file."""
    sender = received.sender.casefold()
    codes = [p.code for p in division.parts if sender in map(str.casefold, p.senders)]
    if received.channel is Channel.LOOSE:
        codes = _stated_parts(matching_key(sender), division) or codes
    return codes[0] if len(codes) == 1 else ""


def _keys(part: SubUnit) -> set[str]:
    """Every spelling of a part's code or name, as matching keys."""
    return {matching_key(text) for text in (part.code, part.name, *part.aliases)}


def _stated_parts(stated: str, division: Division) -> list[str]:
    """The parts of which `received.csv` says a file is: both names, or 02.1 as in our files."""
    names = {matching_key(each) for each in (division.name, *division.aliases)}
    codes = []
    for part in division.parts:
        spellings = {matching_key(name + key) for name in names for key in _keys(part)}
        if stated in spellings | {matching_key(whose_code(division.code, part.code))}:
            codes.append(part.code)
    return codes


def _registered_at(sender: str, plan: Plan) -> list[str]:
    """The codes of the divisions at which an address is registered."""
    address = sender.casefold()
    senders = plan.divisions if address else ()
    return [each.code for each in senders if address in map(str.casefold, each.addresses)]


def _cover(sheets: Mapping[str, str], workbook: Workbook, plan: Plan) -> Sheet | None:
    name = sheets.get(plan.cover.name)
    return next((sheet for sheet in workbook.sheets if sheet.name == name), None)


def _beside(sheet: Sheet, labels: Collection[str]) -> Iterator[str]:
    """What stands to the right of one of these labels, as a matching key."""
    first_rows = (place for place in sorted(sheet.cells) if place[0] <= HEADING_ROWS)
    for _, places in groupby(first_rows, key=itemgetter(0)):
        keys = [matching_key(sheet.cells[place].raw.rstrip(": ")) for place in places]
        yield from (value for label, value in pairwise(keys) if label in labels)


def release_of(received: Received, plan: Plan) -> Release | None:
    """The last release that was written for this file."""
    mine = (e for e in plan.changes.releases if e.fits(received.name, received.sha256))
    return next(reversed(list(mine)), None)


def doubt_of(received: Received, division: str | None, plan: Plan) -> Doubt | None:
    """Why the sender of a mail must be confirmed first; the channel of a loose file is stated."""
    if division is None:
        return no_sender(received) or ("no-division", {"sender": received.sender or "-"})
    if received.channel is not Channel.ATTACHMENT:
        return None
    return (
        no_sender(received)
        or _unregistered(received, division, plan)
        or _unproven(received, division, plan)
        or _elsewhere(received, division, plan)
    )


def no_sender(received: Received) -> Doubt | None:
    """Why the mail names nobody who could have sent it."""
    message = received.message
    if message and message.sender_fault:
        return message.sender_fault, {"written": message.sender_written}
    return None


def _unregistered(received: Received, division: str, plan: Plan) -> Doubt | None:
    """Why the address is not one from which this division sends."""
    registered = _registered_at(received.sender, plan)
    if division in registered:
        return None
    params = {"sender": received.sender or "-", "division": plan.division(division).name}
    if registered:
        params["registered"] = ", ".join(plan.division(code).name for code in registered)
        return "other-divisions-workbook", params
    return ("unknown-sender", params) if plan.division(division).addresses else None


def _unproven(received: Received, division: str, plan: Plan) -> Doubt | None:
    """What the round's own server found against the sender; its DMARC judges the other two."""
    message = received.message
    found = dict(message.proofs).get(plan.mail_server, ()) if message else ()
    failed = [each for each in dict.fromkeys(found) if each.endswith(_FAILED)]
    if "dkim=pass" in found:  # one signature that holds is enough
        failed = [each for each in failed if each != "dkim=fail"]
    if not failed or (_PROVEN in found and not any(each.startswith(_GRAVE) for each in failed)):
        return None
    params = {"sender": received.sender, "server": plan.mail_server, "results": ", ".join(failed)}
    return "sender-unproven", params | {"division": plan.division(division).name}


def _elsewhere(received: Received, division: str, plan: Plan) -> Doubt | None:
    """Whom else a mail names that is no sender of the division."""
    for header, address in received.message.elsewhere if received.message else ():
        handed_in = header in _HANDED_IN and _is_relay(address, plan)
        if not handed_in and division not in _registered_at(address, plan):
            params = {"sender": received.sender, "header": header, "address": address}
            return "foreign-address", params | {"division": plan.division(division).name}
    return None


def _is_relay(address: str, plan: Plan) -> bool:
    """Whether the round says that this address, or one of its domain, hands in others' mails."""
    one = _ONE_ADDRESS.fullmatch(address)
    domains = [f".{one[1]}"] if one else []
    return any(
        each == address or domain.endswith(f".{each}") for domain in domains for each in plan.relays
    )
