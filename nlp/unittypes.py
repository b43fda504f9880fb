"""The words that say what kind of unit a name is: the type in full, and the levels that it may mean."""

from __future__ import annotations

from nlp.types import Level

PROVINCE: tuple[Level, ...] = ("province",)
DISTRICT: tuple[Level, ...] = ("district",)
COMMUNE: tuple[Level, ...] = ("commune",)
CITY: tuple[Level, ...] = ("province", "district")
TYPES: dict[str, tuple[str, tuple[Level, ...]]] = {
    "tỉnh": ("tỉnh", PROVINCE),
    "thành phố": ("thành phố", CITY),
    "tp": ("thành phố", CITY),
    "t.p": ("thành phố", CITY),
    "huyện": ("huyện", DISTRICT),
    "h": ("huyện", DISTRICT),
    "quận": ("quận", DISTRICT),
    "q": ("quận", DISTRICT),
    "thị xã": ("thị xã", DISTRICT),
    "tx": ("thị xã", DISTRICT),
    "t.x": ("thị xã", DISTRICT),
    "xã": ("xã", COMMUNE),
    "x": ("xã", COMMUNE),
    "phường": ("phường", COMMUNE),
    "p": ("phường", COMMUNE),
    "thị trấn": ("thị trấn", COMMUNE),
    "tt": ("thị trấn", COMMUNE),
    "t.t": ("thị trấn", COMMUNE),
    "đặc khu": ("đặc khu", COMMUNE),
}
"""Type word or abbreviation, without its stop: the type in full and the levels it may mean."""

COMMITTEES = {"tỉnh": "tỉnh", "thành": "thành phố", "huyện": "huyện", "quận": "quận", "thị": "thị xã"}
"""The first word of a committee's name, and its type: Huyện ủy Ea Kar, Thành ủy, Thị đoàn."""
