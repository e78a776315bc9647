#!/usr/bin/env python3
"""Codes used by the seed data: check digits of GB 11643, GB 32100, GB 11714, item codes.

As a module: import codes. On the command line:

    codes.py item DEPARTMENT TYPE FILE_NO [SUB] [LEVEL]   basic and implementing code of an item
    codes.py uscc PREFIX ORGANISATION8                    e.g. 92980102 MA5X0001
    codes.py id   REGION6 YYYYMMDD SERIAL3                resident ID number
    codes.py verify CODE                                  check an 18-character code

The five-digit main part of a basic code is the two-digit line code of the department's ministry and
the three-digit number of the item's file, so that two items never share a code.
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = [pow(3, i, 31) for i in range(17)]
ORG_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]
ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

# Line code of the ministry above each department, first two digits of the main item.
LINE = {
    "jyj": "05", "gaj": "09", "mzj": "11", "rsj": "14", "zrzy": "15", "sthj": "16", "zjj": "17",
    "csgl": "17", "jtys": "18", "nync": "20", "wsjk": "23", "xfjy": "25", "scjg": "31",
    "ybj": "36", "cjr": "41",
}


def org_check(body8):
    """GB 11714 check character of eight characters."""
    total = sum(w * int(c, 36) for w, c in zip(ORG_WEIGHTS, body8))
    value = 11 - total % 11
    return {10: "X", 11: "0"}.get(value, str(value))


def uscc_check(body17):
    """GB 32100 check character of seventeen characters."""
    total = sum(w * USCC_ALPHABET.index(c) for w, c in zip(USCC_WEIGHTS, body17))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def uscc(prefix8, org8):
    """Unified social credit code of authority+kind+region (8) and an organisation body (8)."""
    assert len(prefix8) == 8 and len(org8) == 8, (prefix8, org8)
    body = prefix8 + org8 + org_check(org8)
    return body + uscc_check(body)


def uscc_valid(code):
    return (
        len(code) == 18
        and all(c in USCC_ALPHABET for c in code)
        and org_check(code[8:16]) == code[16]
        and uscc_check(code[:17]) == code[17]
    )


def id_check(body17):
    return "10X98765432"[sum(w * int(c) for w, c in zip(ID_WEIGHTS, body17)) % 11]


def id_number(region6, yyyymmdd, serial3):
    body = region6 + yyyymmdd + serial3
    assert len(body) == 17 and body.isdigit(), body
    return body + id_check(body)


def id_valid(code):
    import datetime

    if len(code) != 18 or not code[:17].isdigit() or id_check(code[:17]) != code[17]:
        return False
    try:
        datetime.date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return False
    return True


def departments():
    rows = json.loads((ROOT / "base" / "departments.json").read_text("utf-8"))
    return {row["key"]: row for row in rows}


def basic_code(department, kind, file_no, sub=0):
    return f"00{kind}{LINE[department]}{int(file_no):03d}{int(sub):03d}"


def item_code(department, kind, file_no, sub=0, level="3"):
    return departments()[department]["code"] + str(level) + basic_code(department, kind, file_no, sub)


def main(args):
    if args[:1] == ["item"]:
        department, kind, file_no = args[1:4]
        sub, level = (args[4:] + ["0", "3"][len(args) - 4:])[:2]
        print("basic_code", basic_code(department, kind, file_no, sub))
        print("code      ", item_code(department, kind, file_no, sub, level))
    elif args[:1] == ["uscc"]:
        print(uscc(args[1], args[2]))
    elif args[:1] == ["id"]:
        print(id_number(*args[1:4]))
    elif args[:1] == ["verify"]:
        print("uscc", uscc_valid(args[1]), "id", id_valid(args[1]))
    else:
        print(__doc__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
