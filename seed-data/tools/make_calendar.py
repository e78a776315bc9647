#!/usr/bin/env python3
"""Writes base/calendar.csv from PyPI chinesecalendar 1.11.0 (State Council plans 2018-2026)."""
import datetime as d
import pathlib

import chinese_calendar as cc
from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays

NAMES = {h.value: h.chinese for h in Holiday}
out = pathlib.Path(__file__).resolve().parent.parent / "base" / "calendar.csv"
rows = []
for day, name in holidays.items():
    rows.append((day, "holiday", name))
for day, name in workdays.items():
    rows.append((day, "workday", name))
lines = ["date,kind,name,year_source"]
for day, kind, name in sorted(rows):
    if 2018 <= day.year <= 2026:
        assert cc.is_workday(day) == (kind == "workday"), day
        text = NAMES[name]
        # the plan that named the day: New Year's days of late December belong to next year's plan
        year = day.year + 1 if text == "元旦" and day.month == 12 else day.year
        lines.append(f"{day.isoformat()},{kind},{text if kind == 'holiday' else text + '调休上班'},{year}")
out.write_text("\n".join(lines) + "\n", "utf-8")
