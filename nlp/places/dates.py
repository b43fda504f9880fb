"""By which day the names of an article are read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from nlp.gazetteer import TWO_TIERS_SINCE
from nlp.places.mentions import NameMention
from nlp.unittypes import COMMUNE

# One pattern a century: each opens with two digits that are searched for four times as fast as a choice is.
_IS_YEAR = r"(?<![\d.,]....)(?![\d.,]\d|\d|[ ]?(?:đồng|tỷ|triệu|người|hộ|ha|m|USD))"
_YEARS = (re.compile(rf"20[0-4]\d{_IS_YEAR}"), re.compile(rf"19[5-9]\d{_IS_YEAR}"))
_NEW_ORDER = re.compile(
    r"(?:hai|2) cấp|(?:sau|trước|khi|đã|được) sáp nhập|(?:sau|trước|khi) hợp nhất|[Đđ]ặc khu "
    r"|(?:đã|được) hợp nhất[^.\n]{0,30} (?:tỉnh|xã|phường) "
)
# "Phú Yên (cũ)", "tỉnh Phú Yên cũ": what is gone; "Tỉnh ủy Phú Yên trước đây" may be the body of before.
_IS_GONE = re.compile(r"[\"”]?\s*(?:\(|cũ(?!\w))")
# Five searches for words that most articles lack are far cheaper than one for the pattern.
_NEW_ORDER_WORDS = ("hai cấp", "2 cấp", " sáp nhập", " hợp nhất", "ặc khu ")
# "Sáng 20/11/2024, …", "(QNO) - Hôm nay, ngày 20 tháng 11 năm 2024": a day told in full where news opens.
_TOLD_DAY = re.compile(
    r"(?P<now>(?<!\w)(?i:sáng|trưa|chiều|tối|đêm|hôm) ?(?:nay)?)?,? ?[(]?(?i:ngày )?(?<!\d)"
    r"(\d{1,2})(?:[/.-]| tháng )(\d{1,2})(?:[/.-]|(?:,| năm)? )((?:19[5-9]|20[0-4])\d)(?!\d|[/.-]\d)"
)
# The lead: a headline and two or three sentences.
_LEAD = 500
# By when an old article that names no year was written: the units of the six months that followed, Huế a
# city of the centre, are few beside those of the twenty years before.
_LAST_DAY = date(2024, 12, 31)
# The oldest year of which the table knows the districts.
_OLDEST_YEAR = 2004


def article_day(text: str, as_of: date, mentions: Iterable[NameMention]) -> date:
    """Return the day whose units an undated article speaks of.

    That is ``as_of``, but for an article that is plainly older. It names no unit that only July 2025
    made, and its lead tells the morning or evening it reports of ("Sáng 20/11/2024, …"), or it tells
    nothing of the order of July 2025 and names a year before 2025 and none after it, or districts or
    provinces of before as if they stood. A look back that says neither "cũ" nor "trước đây" is taken
    for an old article.
    """
    if as_of < TWO_TIERS_SINCE:
        return as_of
    mentions = list(mentions)
    if any(_names_new_order(mention, as_of, text) for mention in mentions):
        return as_of
    told, now = _told_day(text, as_of)
    if told and now:
        return told
    if _tells_of_new_order(text):
        return as_of
    years = [int(year) for pattern in _YEARS for year in pattern.findall(text)]
    latest = max((year for year in years if year <= as_of.year), default=0)
    if latest >= TWO_TIERS_SINCE.year:
        # "đến năm 2026" is a plan in an article that names a district or a province as if it stood.
        is_plan = any(
            _is_living_district(mention) or _is_living_province(mention, as_of) for mention in mentions
        )
        if not is_plan or (told and told >= TWO_TIERS_SINCE):
            return as_of
        latest = told.year if told else 0
    elif not latest and not any(_names_older_order(mention, as_of) for mention in mentions):
        return as_of
    if told and told.year == latest:
        return told
    return date(latest, 12, 31) if latest >= _OLDEST_YEAR else _last_day(mentions)


def _told_day(text: str, as_of: date) -> tuple[date | None, bool]:
    """Return the latest day that the lead tells in full, and whether the lead reports of that very day."""
    latest: date | None = None
    is_now = False
    for found in _TOLD_DAY.finditer(text, 0, _LEAD):
        now, day, month, year = found.groups()
        try:
            told = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if told <= as_of and (latest is None or told >= latest):
            latest, is_now = told, bool(now)
    return latest, is_now


def _is_living_district(mention: NameMention) -> bool:
    """Tell whether a district of before July 2025 is named by its type word, and not as a thing of the past."""
    return mention.type in ("huyện", "quận", "thị xã") and bool(mention.units) and not mention.former


def _is_living_province(mention: NameMention, as_of: date) -> bool:
    """Tell whether a province of before is named, not as a thing of the past, and no ward of its name is meant."""
    if mention.former or not any(unit.level == "province" for unit in mention.units):
        return False
    heirs = [unit for unit in mention.units if unit.stands_on(as_of)]
    return all(unit.level == "commune" for unit in heirs) if mention.type == "tỉnh" else not heirs


def _last_day(mentions: Iterable[NameMention]) -> date:
    """Return the last day on which all provinces stood that are named, at most the end of 2024."""
    last = _LAST_DAY
    for mention in mentions:
        ends = [unit.valid_to for unit in mention.units if unit.level == "province"]
        if mention.type in ("tỉnh", "") and ends and not mention.former and not mention.listed:
            last = min(last, max(ends))
    return last


def _tells_of_new_order(text: str) -> bool:
    """Tell whether an article speaks of the mergers of 2025 or of the two tiers they left."""
    return any(word in text for word in _NEW_ORDER_WORDS) and _NEW_ORDER.search(text) is not None


def _names_new_order(mention: NameMention, as_of: date, text: str) -> bool:
    """Tell whether a mention can only be of July 2025 and after, or looks back on what was before.

    "Huế xưa" and "trung tâm Hà Nội cũ" look back on what still stands, and tell nothing; "nhập heo tại Nam
    Phong trước đây" may be of anything.
    """
    if mention.former:
        is_unit = mention.type or any(unit.level != "commune" for unit in mention.units)
        if not (mention.units and is_unit and _IS_GONE.match(text, mention.end)):
            return False
        return not any(unit.stands_on(as_of) for unit in mention.units)
    return (
        mention.levels == COMMUNE
        and any(unit.type == mention.type for unit in mention.units)
        and all(unit.valid_from >= TWO_TIERS_SINCE for unit in mention.units)
    )


def _names_older_order(mention: NameMention, as_of: date) -> bool:
    if mention.type in ("huyện", "quận", "thị xã", "thị trấn"):
        return bool(mention.units)
    if mention.type and mention.levels == COMMUNE:
        return bool(mention.units) and not any(unit.stands_on(as_of) for unit in mention.units)
    provinces = [unit for unit in mention.units if unit.level == "province"]
    if provinces and mention.type in ("tỉnh", ""):
        return not any(unit.stands_on(as_of) for unit in provinces)
    # A bare "Hoàn Kiếm" is the district, which everybody knows, before it is today's ward.
    return any(unit.level == "district" for unit in mention.units) and not any(
        unit.level == "province" and unit.stands_on(as_of) for unit in mention.units
    )
