#!/usr/bin/env python3
"""Validates the seed data: structure, codes, check digits, references, sums. Exit 1 on errors."""
import csv
import datetime
import json
import pathlib
import re
import sys

import codes

ROOT = codes.ROOT
ERRORS = []
WARNINGS = []
SETS = (
    "item_type exercise_level body_kind audience channel case_kind special_procedure satisfaction item_state "
    "material_type material_form material_need material_source result_type same_city online_depth finish_result "
    "id_kind theme_person theme_enterprise licence_type power_source"
).split()
FIELD_KINDS = set("text textarea date number select radio checkbox id_number uscc phone email address".split())
ITEM_TYPES = {"01", "05", "07", "08", "09", "10", "20"}
STEP_BY = {"窗口", "承办", "审核", "批准", "制证", "送达"}
PATHS = (
    "draft submitted correction preaccepted accepted handling reviewing approving granted refused "
    "not_accepted withdrawn overdue"
).split()
ITEM_KEYS = (
    "slug name department basic_code code type level power_source kind audience themes summary keywords basis "
    "conditions limits steps materials fees results halls online same_city conveniences contact remedy faq "
    "identity_level form complete"
).split()
MATERIAL_KEYS = (
    "key name type form need when source issuer originals copies licence_type fill standard formats max_mb sample blank"
).split()
FIELD_KEYS = "key fact kind label help required max_length min max options".split()
CJK = re.compile(r"[\u3400-\u9fff]")
ASCII_KEY = re.compile(r"^[a-z][a-z0-9_]*$")
PHONE = re.compile(r"^1[3-9]\d{9}$")


def err(where, text):
    ERRORS.append(f"{where}: {text}")


def warn(where, text):
    WARNINGS.append(f"{where}: {text}")


def load(path):
    where = str(path.relative_to(ROOT))
    try:
        raw = path.read_text("utf-8")
        if re.search(r"\\u[0-9a-fA-F]{4}", raw):
            err(where, "holds \\u escapes")
        return json.loads(raw)
    except FileNotFoundError:
        err(where, "missing")
    except (UnicodeDecodeError, json.JSONDecodeError) as problem:
        err(where, f"not UTF-8 JSON: {problem}")
    return None


def text(where, value, optional=False):
    if value is None and optional:
        return
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        err(where, f"not a text {{zh, en}}: {value!r}"[:160])
        return
    for language in ("zh", "en"):
        if not isinstance(value[language], str) or not value[language].strip():
            err(where, f"empty {language}")
            return
    if CJK.search(value["en"]):
        err(where, f"Chinese characters in the English: {value['en'][:60]}")
    if not CJK.search(value["zh"]) and value["zh"] != value["en"]:
        warn(where, f"no Chinese in the Chinese: {value['zh'][:60]}")


def keys(where, row, wanted, extra=()):
    if not isinstance(row, dict):
        err(where, "not an object")
        return False
    missing = [k for k in wanted if k not in row]
    unknown = [k for k in row if k not in wanted and k not in extra]
    if missing:
        err(where, f"missing {', '.join(missing)}")
    if unknown:
        err(where, f"unknown {', '.join(unknown)}")
    return not missing


def one_of(where, value, allowed):
    if value not in allowed:
        err(where, f"{value!r} is not one of {', '.join(sorted(map(str, allowed)))[:120]}")


def unique(where, values):
    seen = set()
    for value in values:
        if value in seen:
            err(where, f"{value!r} twice")
        seen.add(value)


def whole(where, value, low=0):
    if not isinstance(value, int) or isinstance(value, bool) or value < low:
        err(where, f"{value!r} is not a whole number >= {low}")


# --------------------------------------------------------------------------------------------- base

def check_base():
    base = ROOT / "base"
    areas = {}
    order = {"province": 0, "city": 1, "district": 2, "street": 3, "community": 4}
    for row in load(base / "areas.json") or []:
        where = f"areas {row.get('code')}"
        if not keys(where, row, ["code", "name", "level", "parent", "kind"]):
            continue
        text(where, row["name"])
        if not re.fullmatch(r"\d{12}", row["code"]):
            err(where, "code is not 12 digits")
        one_of(where, row["level"], order)
        if row["code"] in areas:
            err(where, "code twice")
        if row["parent"] is None:
            if row["level"] != "province":
                err(where, "no parent")
        elif row["parent"] not in areas:
            err(where, f"parent {row['parent']} not listed before it")
        else:
            parent = areas[row["parent"]]
            if order[row["level"]] != order[parent["level"]] + 1:
                err(where, "level does not follow its parent's")
            if not row["code"].startswith(parent["code"].rstrip("0")):
                err(where, "code is not under its parent's")
        areas[row["code"]] = row
    departments = {}
    for row in load(base / "departments.json") or []:
        where = f"departments {row.get('key')}"
        if not keys(where, row, "key code name short area channel endpoint phone address".split()):
            continue
        if row["key"] in departments:
            err(where, "key twice")
        departments[row["key"]] = row
        if not codes.uscc_valid(row["code"]) or not row["code"].startswith("11"):
            err(where, f"credit code {row['code']} is wrong")
        if row["code"][2:8] != row["area"][:6]:
            err(where, "credit code is of another region")
        one_of(where, row["area"], areas)
        one_of(where, row["channel"], {"desk", "system"})
        one_of(where, row["endpoint"], {None, "market", "transport"})
        if (row["channel"] == "system") != (row["endpoint"] is not None):
            err(where, "channel and endpoint disagree")
        for name in ("name", "short", "address"):
            text(f"{where} {name}", row[name])
    unique("departments code", [d["code"] for d in departments.values()])
    halls = {}
    for row in load(base / "halls.json") or []:
        where = f"halls {row.get('code')}"
        if not keys(where, row, "code name area level address lat lng phone hours services windows".split()):
            continue
        halls[row["code"]] = row
        one_of(where, row["area"], areas)
        if row["area"] in areas and areas[row["area"]]["level"] != row["level"]:
            err(where, "level is not its area's")
        for name in ("name", "address", "hours", "services"):
            text(f"{where} {name}", row[name])
        unique(f"{where} windows", [w["no"] for w in row["windows"]])
        for window in row["windows"]:
            keys(f"{where} window", window, ["no", "name", "kind", "mode"])
            text(f"{where} window {window['no']}", window["name"])
            one_of(f"{where} window {window['no']}", window["kind"], {"comprehensive", "single"})
            one_of(f"{where} window {window['no']}", window["mode"], {"large", "small", None})
            if (window["kind"] == "single") != (window["mode"] is None):
                err(f"{where} window {window['no']}", "mode belongs to comprehensive windows")
    sets = load(base / "dictionaries.json") or {}
    for name in SETS:
        if name not in sets:
            err("dictionaries", f"set {name} missing")
    for name, rows in sets.items():
        unique(f"dictionaries {name}", [r.get("code") for r in rows])
        for row in rows:
            where = f"dictionaries {name} {row.get('code')}"
            if keys(where, row, ["code", "zh", "en"], ("owner", "holder")):
                text(where, {"zh": row["zh"], "en": row["en"]})
            if "owner" in row and not codes.uscc_valid(row["owner"]):
                err(where, "owner's credit code is wrong")
    facts = {}
    for row in load(base / "facts.json") or []:
        where = f"facts {row.get('key')}"
        if not keys(where, row, ["key", "label", "kind", "holder"]):
            continue
        if row["key"] in facts:
            err(where, "key twice")
        facts[row["key"]] = row
        text(where, row["label"])
        one_of(where, row["kind"], FIELD_KINDS)
        one_of(where, row["holder"], {"person", "enterprise"})
    check_calendar(base / "calendar.csv")
    return {
        "areas": areas,
        "departments": departments,
        "halls": halls,
        "facts": facts,
        "sets": {name: {r["code"] for r in rows} for name, rows in sets.items()},
    }


def check_calendar(path):
    if not path.exists():
        err("calendar.csv", "missing")
        return
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != ["date", "kind", "name", "year_source"]:
            err("calendar.csv", f"header {reader.fieldnames}")
            return
        last = None
        years = {}
        for row in reader:
            where = f"calendar {row['date']}"
            day = datetime.date.fromisoformat(row["date"])
            one_of(where, row["kind"], {"holiday", "workday"})
            if row["kind"] == "workday" and day.weekday() < 5:
                err(where, "a make-up workday that is no weekend")
            if last and day <= last:
                err(where, "not in order")
            last = day
            years.setdefault(day.year, []).append(row["kind"])
    for year in range(2018, 2027):
        if years.get(year, []).count("holiday") < 25:
            err("calendar", f"{year} has too few holidays")


# -------------------------------------------------------------------------------------------- items

def check_item(path, base):
    item = load(path)
    name = path.name
    if item is None:
        return None
    match = re.fullmatch(r"(\d{3})-([a-z0-9-]+)\.json", name)
    if not match:
        err(name, "file name is not NNN-slug.json")
    if not keys(name, item, ITEM_KEYS):
        return item
    if match and match.group(2) != item["slug"]:
        err(name, f"slug {item['slug']} is not the file's")
    sets = base["sets"]
    for key in ("name", "summary", "remedy"):
        text(f"{name} {key}", item[key])
    department = base["departments"].get(item["department"])
    if department is None:
        err(name, f"unknown department {item['department']}")
        return item
    one_of(f"{name} type", item["type"], ITEM_TYPES)
    one_of(f"{name} level", item["level"], sets["exercise_level"])
    one_of(f"{name} power_source", item["power_source"], sets["power_source"])
    one_of(f"{name} kind", item["kind"], {"promise", "immediate"})
    one_of(f"{name} same_city", item["same_city"], sets["same_city"])
    one_of(f"{name} identity_level", item["identity_level"], {1, 2, 3})
    basic = item["basic_code"]
    if not re.fullmatch(r"\d{12}", basic) or basic[:2] != "00" or basic[2:4] != item["type"]:
        err(name, f"basic code {basic} is not 00 + type + 5 + 3")
    if item["code"] != department["code"] + item["level"] + basic or len(item["code"]) != 31:
        err(name, f"code {item['code']} is not department + level + basic code")
    if not item["audience"]:
        err(name, "no audience")
    for code in item["audience"]:
        one_of(f"{name} audience", code, sets["audience"])
    keys(f"{name} themes", item["themes"], ["person", "enterprise"])
    for holder in ("person", "enterprise"):
        for code in item["themes"].get(holder, []):
            one_of(f"{name} themes {holder}", code, sets[f"theme_{holder}"])
    if not item["themes"].get("person") and not item["themes"].get("enterprise"):
        err(name, "no theme")
    if "1" in item["audience"] and not item["themes"].get("person"):
        warn(name, "for persons but no person theme")
    if len(item["keywords"]) < (4 if item["complete"] else 2):
        err(name, "too few keywords")
    unique(f"{name} keywords", item["keywords"])
    if not item["basis"]:
        err(name, "no basis")
    for row in item["basis"]:
        keys(f"{name} basis", row, ["law", "article", "text"])
        if not re.fullmatch(r"《[^《》]+(〈[^〈〉]+〉[^《》]*)?》", row["law"]):
            err(f"{name} basis", f"law {row['law']} is not 《…》")
        if row["article"] and not re.search(r"第.+条", row["article"]):
            err(f"{name} basis", f"article {row['article']!r}")
    if len(item["conditions"]) < 2:
        err(name, "fewer than 2 conditions")
    for row in item["conditions"]:
        text(f"{name} conditions", row)
    check_limits(name, item)
    check_materials(name, item, base)
    fees = item["fees"]
    if keys(f"{name} fees", fees, ["charged", "note", "rows"]):
        text(f"{name} fees note", fees["note"], True)
        if fees["charged"] != bool(fees["rows"]):
            err(f"{name} fees", "charged and rows disagree")
        for row in fees["rows"]:
            if keys(f"{name} fees", row, ["name", "standard", "amount_fen", "basis"]):
                text(f"{name} fees", row["name"])
                text(f"{name} fees", row["standard"])
                whole(f"{name} fees", row["amount_fen"], 1)
    if not item["results"]:
        err(name, "no result")
    for row in item["results"]:
        if keys(f"{name} results", row, ["type", "name", "validity"]):
            one_of(f"{name} results", row["type"], sets["result_type"])
            text(f"{name} results", row["name"])
            text(f"{name} results", row["validity"])
    if not item["halls"]:
        err(name, "no hall")
    for code in item["halls"]:
        one_of(f"{name} halls", code, base["halls"])
    online = item["online"]
    if keys(f"{name} online", online, ["enabled", "depth", "visits", "visit_reason"]):
        one_of(f"{name} online depth", online["depth"], sets["online_depth"])
        one_of(f"{name} online visits", online["visits"], {0, 1, 2})
        text(f"{name} online visit_reason", online["visit_reason"], True)
        if (online["visits"] > 0) != (online["visit_reason"] is not None):
            err(f"{name} online", "visits and visit_reason disagree")
    keys(f"{name} conveniences", item["conveniences"], ["appointment", "online_payment", "delivery", "terminal"])
    keys(f"{name} contact", item["contact"], ["consult", "complain"])
    if len(item["faq"]) < (3 if item["complete"] else 1):
        err(name, "too few questions")
    for row in item["faq"]:
        if keys(f"{name} faq", row, ["q", "a"]):
            text(f"{name} faq", row["q"])
            text(f"{name} faq", row["a"])
    check_form(name, item, base)
    return item


def check_limits(name, item):
    limits = item["limits"]
    if not keys(f"{name} limits", limits, ["legal", "promised", "note"]):
        return
    text(f"{name} limits note", limits["note"], True)
    for kind in ("legal", "promised"):
        row = limits[kind]
        if not keys(f"{name} limits {kind}", row, ["days", "unit"]):
            return
        whole(f"{name} limits {kind}", row["days"])
        one_of(f"{name} limits {kind}", row["unit"], {"working", "calendar"})
    promised, legal = limits["promised"], limits["legal"]
    if promised["unit"] == legal["unit"] and promised["days"] > legal["days"]:
        err(f"{name} limits", "promised is longer than legal")
    if item["kind"] == "immediate" and promised["days"] != 0:
        err(f"{name} limits", "immediate but promised is not 0")
    if item["kind"] == "promise" and promised["days"] < 1:
        err(f"{name} limits", "promised must be at least 1 day")
    steps = item["steps"]
    if len(steps) < 3 and item["kind"] == "promise" or not steps:
        err(f"{name} steps", "too few steps")
    unique(f"{name} steps", [s.get("key") for s in steps])
    total = 0
    for step in steps:
        where = f"{name} step {step.get('key')}"
        if not keys(where, step, ["key", "name", "by", "days", "unit", "standard"]):
            continue
        if not ASCII_KEY.match(step["key"]):
            err(where, "key is not ascii snake_case")
        text(where, step["name"])
        text(where, step["standard"])
        one_of(where, step["by"], STEP_BY)
        one_of(where, step["unit"], {"working", "calendar"})
        whole(where, step["days"])
        total += step["days"]
        if step["unit"] != promised["unit"]:
            err(where, "unit is not the promised limit's")
    if total > promised["days"]:
        err(f"{name} steps", f"sum {total} is over the promised {promised['days']}")


def check_materials(name, item, base):
    sets = base["sets"]
    if len(item["materials"]) < 1 or len(item["materials"]) < 2 and item["kind"] == "promise":
        err(f"{name} materials", "too few materials")
    unique(f"{name} materials", [m.get("key") for m in item["materials"]])
    for row in item["materials"]:
        where = f"{name} material {row.get('key')}"
        if not keys(where, row, MATERIAL_KEYS):
            continue
        if not ASCII_KEY.match(row["key"]):
            err(where, "key is not ascii snake_case")
        for key in ("name", "fill", "standard"):
            text(f"{where} {key}", row[key])
        text(f"{where} when", row["when"], True)
        text(f"{where} issuer", row["issuer"], True)
        one_of(f"{where} type", row["type"], sets["material_type"])
        one_of(f"{where} form", row["form"], sets["material_form"])
        one_of(f"{where} need", row["need"], sets["material_need"])
        one_of(f"{where} source", row["source"], sets["material_source"])
        if (row["need"] == "2") != (row["when"] is not None):
            err(where, "need 2 and when go together")
        if row["licence_type"] is not None:
            one_of(f"{where} licence_type", row["licence_type"], sets["licence_type"])
        whole(where, row["originals"])
        whole(where, row["copies"])
        whole(where, row["max_mb"], 1)
        if not row["formats"] or not set(row["formats"]) <= {"pdf", "jpg", "png", "ofd", "doc", "docx", "xls", "xlsx", "dwg", "zip"}:
            err(where, f"formats {row['formats']}")
        for key in ("sample", "blank"):
            if row[key] and not (ROOT / "catalogue" / "files" / row[key]).is_file():
                err(where, f"{key} {row[key]} is not in catalogue/files")


def check_form(name, item, base):
    groups = item["form"].get("groups") if isinstance(item["form"], dict) else None
    if not groups:
        err(f"{name} form", "no groups")
        return
    unique(f"{name} form groups", [g.get("key") for g in groups])
    fields = []
    for group in groups:
        if keys(f"{name} form group", group, ["key", "title", "fields"]):
            text(f"{name} form group {group['key']}", group["title"])
            fields += group["fields"]
    unique(f"{name} form fields", [f.get("key") for f in fields])
    facts_used = [f["fact"] for f in fields if f.get("fact")]
    unique(f"{name} form facts", facts_used)
    if len(fields) < (8 if item["complete"] else 4):
        err(f"{name} form", f"only {len(fields)} fields")
    for field in fields:
        where = f"{name} field {field.get('key')}"
        if not keys(where, field, FIELD_KEYS):
            continue
        if not ASCII_KEY.match(field["key"]):
            err(where, "key is not ascii snake_case")
        text(f"{where} label", field["label"])
        text(f"{where} help", field["help"], True)
        one_of(f"{where} kind", field["kind"], FIELD_KINDS)
        if not isinstance(field["required"], bool):
            err(where, "required is not a boolean")
        if field["fact"] is not None:
            fact = base["facts"].get(field["fact"])
            if fact is None:
                err(where, f"unknown fact {field['fact']}")
            elif fact["kind"] != field["kind"]:
                err(where, f"kind {field['kind']} is not {fact['kind']} of {field['fact']}")
        if field["kind"] in ("select", "radio", "checkbox"):
            if not field["options"]:
                err(where, "no options")
            else:
                unique(f"{where} options", [o.get("value") for o in field["options"]])
                for option in field["options"]:
                    if keys(f"{where} option", option, ["value", "label"]):
                        text(f"{where} option", option["label"])
        elif field["options"] is not None:
            err(where, "options on a kind without them")
        if field["kind"] in ("text", "textarea", "address") and field["max_length"] is None:
            err(where, "text without max_length")
        if field["kind"] != "number" and (field["min"] is not None or field["max"] is not None):
            if field["kind"] != "date":
                err(where, "min or max on a kind without them")


# --------------------------------------------------------------------------------------------- demo

def form_fields(item):
    return {f["key"]: f for g in item["form"]["groups"] for f in g["fields"]}


def check_value(where, field, value):
    kind = field["kind"]
    values = {o["value"] for o in field["options"] or []}
    if kind == "number":
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            err(where, f"{value!r} is not a number")
            return
        if field["min"] is not None and value < field["min"] or field["max"] is not None and value > field["max"]:
            err(where, f"{value!r} is out of range")
        return
    if kind == "checkbox":
        if not isinstance(value, list) or not value or not set(value) <= values:
            err(where, f"{value!r} is not a list of its options")
        return
    if not isinstance(value, str) or not value:
        err(where, f"{value!r} is not a text")
        return
    if kind in ("select", "radio") and value not in values:
        err(where, f"{value!r} is not an option")
    if kind == "date":
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            err(where, f"{value!r} is not a date")
    if kind == "id_number" and not codes.id_valid(value):
        err(where, f"ID number {value} is wrong")
    if kind == "uscc" and not codes.uscc_valid(value):
        err(where, f"credit code {value} is wrong")
    if kind == "phone" and not re.fullmatch(r"1[3-9]\d{9}|0\d{3}-\d{7,8}", value):
        err(where, f"phone {value} is wrong")
    if field["max_length"] and len(value) > field["max_length"]:
        err(where, "too long")


def check_demo(base, items):
    demo = ROOT / "demo"
    people = load(demo / "people.json") or []
    unique("people", [p.get("key") for p in people])
    unique("people id_number", [p.get("id_number") for p in people])
    for row in people:
        where = f"people {row.get('key')}"
        if not keys(where, row, "key name id_number phone email address birth_date gender outcome".split(),
                    ("nation", "household_address", "note", "enterprise")):
            continue
        if not codes.id_valid(row["id_number"]):
            err(where, "ID number is wrong")
        number = row["id_number"]
        if row["birth_date"] != f"{number[6:10]}-{number[10:12]}-{number[12:14]}":
            err(where, "birth date is not the ID number's")
        if row["gender"] != ("1" if int(number[16]) % 2 else "2"):
            err(where, "gender is not the ID number's")
        if number[:6] + "000000" not in base["areas"]:
            err(where, "ID number's region is not of the city")
        if not PHONE.match(row["phone"]):
            err(where, "phone is wrong")
        if not row["email"].endswith("@example.com"):
            err(where, "email is not at example.com")
        one_of(f"{where} outcome", row["outcome"], {"match", "mismatch", "unknown", "deceased"})
        enterprise = row.get("enterprise")
        if enterprise and not codes.uscc_valid(enterprise["uscc"]):
            err(where, "enterprise's credit code is wrong")
    staff = load(demo / "staff.json") or []
    unique("staff", [s.get("key") for s in staff])
    unique("staff login", [s.get("login") for s in staff])
    for row in staff:
        where = f"staff {row.get('key')}"
        if not keys(where, row, "key login name roles department hall".split()):
            continue
        for role in row["roles"]:
            one_of(where, role, {"clerk", "handler", "reviewer", "approver", "supervisor", "admin"})
        if row["department"] is not None:
            one_of(where, row["department"], base["departments"])
        if row["hall"] is not None:
            one_of(where, row["hall"], base["halls"])
        if "clerk" in row["roles"] and row["hall"] is None:
            err(where, "clerk without a hall")
    for department in {i["department"] for i in items.values() if i["complete"]}:
        if base["departments"][department]["channel"] == "desk":
            for role in ("handler", "reviewer", "approver"):
                if not any(role in s["roles"] and s["department"] == department for s in staff):
                    err("staff", f"{department} has no {role}")
    known = {p.get("key") for p in people}
    cases = load(demo / "cases.json") or []
    seen = set()
    for index, row in enumerate(cases):
        where = f"cases {index} {row.get('person')} {row.get('item')}"
        if not keys(where, row, "person item days_ago path form channel".split(), ("note",)):
            continue
        one_of(where, row["person"], known)
        one_of(where, row["path"], PATHS)
        one_of(where, row["channel"], {"web", "window"})
        whole(f"{where} days_ago", row["days_ago"])
        seen.add(row["path"])
        item = items.get(row["item"])
        if item is None:
            err(where, "unknown item")
            continue
        fields = form_fields(item)
        for key, value in row["form"].items():
            if key not in fields:
                err(where, f"field {key} is not in the form")
            else:
                check_value(f"{where} {key}", fields[key], value)
        if row["path"] != "draft":
            for key, field in fields.items():
                if field["required"] and key not in row["form"]:
                    err(where, f"required field {key} is missing")
    for path in PATHS:
        if cases and path not in seen:
            err("cases", f"no case on path {path}")
    for row in load(demo / "files.json") or []:
        where = f"files.json {row.get('file')}"
        if not keys(where, row, ["file", "name", "person", "uses"]):
            continue
        text(where, row["name"])
        one_of(where, row["person"], known)
        if not (demo / "files" / row["file"]).is_file():
            err(where, "no such file")
        for use in row["uses"]:
            item = items.get(use["item"])
            if item is None or use["material"] not in {m["key"] for m in item["materials"]}:
                err(where, f"unknown use {use}")
    for path in sorted((demo / "files").glob("*")) + sorted((ROOT / "catalogue" / "files").glob("*")):
        if path.stat().st_size > 150 * 1024:
            err(str(path.relative_to(ROOT)), "over 150 KB")
    return len(people), len(staff), len(cases)


def main():
    base = check_base()
    items = {}
    basics = {}
    for path in sorted((ROOT / "catalogue" / "items").glob("*.json")):
        before = len(ERRORS)
        try:
            item = check_item(path, base)
        except (KeyError, TypeError, AttributeError) as problem:
            err(path.name, f"shape: {problem!r}")
            continue
        if item is None or len(ERRORS) > before and "slug" not in item:
            continue
        if item["slug"] in items:
            err(path.name, "slug twice")
        if item["basic_code"] in basics:
            err(path.name, f"basic code also of {basics[item['basic_code']]}")
        basics[item["basic_code"]] = path.name
        items[item["slug"]] = item
    people, staff, cases = check_demo(base, items) if (ROOT / "demo" / "people.json").exists() else (0, 0, 0)
    for line in WARNINGS:
        print("warning", line)
    for line in ERRORS:
        print("ERROR", line)
    complete = sum(1 for i in items.values() if i["complete"])
    print(
        f"{len(base['areas'])} areas, {len(base['departments'])} departments, {len(base['halls'])} halls, "
        f"{len(base['facts'])} facts, {len(items)} items ({complete} complete), {people} people, {staff} staff, "
        f"{cases} cases: {len(ERRORS)} errors, {len(WARNINGS)} warnings"
    )
    return 1 if ERRORS else 0


if __name__ == "__main__":
    sys.exit(main())
