use std::collections::HashSet;

use super::*;
use crate::catalogue::codes::{Code, Codes};
use crate::catalogue::model::{Elements, ItemId, VersionId};
use crate::catalogue::search_tests::{departments, seeded};
use crate::catalogue::shelf::{Shelf, Shelved};
use crate::kernel::{Id, Text};

struct World {
    shelf: Shelf,
    codes: Codes,
    facts: HashSet<String>,
}

fn seeds(path: &str) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn world() -> World {
    let text = |v: &serde_json::Value, name: &str| v[name].as_str().unwrap_or_default().to_owned();
    let list = |v: &serde_json::Value, key: &str, name: &str| -> Vec<Code> {
        let name = |v: &serde_json::Value| v[name]["zh"].as_str().map_or_else(|| text(v, name), str::to_owned);
        v.as_array().unwrap().iter().map(|v| Code { code: text(v, key), name: Text::new(name(v), "") }).collect()
    };
    let mut codes = Codes::default();
    for (set, rows) in seeds("seed-data/base/dictionaries.json").as_object().unwrap() {
        codes = codes.with(set, list(rows, "code", "zh"));
    }
    codes = codes.with("hall", list(&seeds("seed-data/base/halls.json"), "code", "name"));
    codes = codes.with("fact", list(&seeds("seed-data/base/facts.json"), "key", "label"));
    codes = codes.with("department", list(&seeds("seed-data/base/departments.json"), "key", "name"));
    let facts = codes.set("fact").iter().map(|c| c.code.clone()).collect();
    let mut all = departments();
    let bodies = seeds("seed-data/base/departments.json");
    for d in &mut all {
        d.code = text(bodies.as_array().unwrap().iter().find(|b| b["key"] == d.key).unwrap(), "code");
    }
    let shelved = |elements: Elements| Shelved {
        item_id: ItemId(Id::random()),
        version_id: VersionId(Id::random()),
        version_no: 1,
        department_id: all.iter().find(|d| d.key == elements.department).unwrap().id.0,
        elements,
        halt: None,
    };
    let shelf = Shelf::new(1, seeded().into_iter().map(shelved).collect(), all.clone(), codes.clone());
    World { shelf, codes, facts }
}

fn table<'a>(tables: &'a mut [Table], name: &str) -> &'a mut Table {
    tables.iter_mut().find(|t| t.name == name).unwrap()
}

fn set(table: &mut Table, row: usize, heading: &str, value: &str) {
    let place = table.head.iter().position(|h| h == heading).unwrap();
    table.rows[row][place] = value.to_owned();
}

impl World {
    fn tables(&self) -> Vec<Table> {
        write(self.shelf.items().iter().map(|i| &i.elements), &self.codes).unwrap()
    }
    fn read(&self, content: &Content) -> Read {
        read(content, &self.shelf, &self.codes, &self.facts).unwrap()
    }
}

/// The item comes in as it is on the shelf.
fn same(one: &Imported) {
    let before = &one.before.as_ref().unwrap().1;
    let found = crate::catalogue::diff::between(before, &one.elements, &Codes::default()).unwrap();
    let found: Vec<_> = found.iter().take(5).map(|d| (&d.place, &d.before, &d.after)).collect();
    assert!(one.is_same(), "{}: {found:?}", before.slug);
}

#[test]
fn what_goes_out_comes_in_the_same() {
    let w = world();
    let items: Vec<&Elements> = w.shelf.items().iter().map(|i| &i.elements).collect();
    for format in [Format::Xlsx, Format::Json] {
        let bytes = save(format, &w.tables(), &items).unwrap();
        let read = w.read(&open(&format!("a.{}", format.code()), &bytes).unwrap());
        assert!(read.bad.is_empty(), "{format:?} {:?}", read.bad);
        assert!(read.unknown.is_empty(), "{:?}", read.unknown);
        assert_eq!(read.good.len(), items.len());
        read.good.iter().for_each(same);
    }
}

#[test]
fn csv_has_the_items_and_leaves_their_lists() {
    let w = world();
    let mut tables = w.tables();
    let first = table(&mut tables, "事项");
    set(first, 0, "承诺办结时限", "3");
    let bytes = save(Format::Csv, &tables, &[]).unwrap();
    let read = w.read(&open("实施清单.csv", &bytes).unwrap());
    assert!(read.bad.is_empty(), "{:?}", read.bad);
    let changed: Vec<_> = read.good.iter().filter(|i| !i.is_same()).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].elements.limits.promised.days, 3);
    assert!(!changed[0].elements.materials.is_empty());
}

#[test]
fn bad_cells_are_told_and_the_other_items_come_in() {
    let w = world();
    let mut tables = w.tables();
    let all = w.shelf.items().len();
    set(table(&mut tables, "事项"), 1, "承诺办结时限", "三天");
    set(table(&mut tables, "事项"), 2, "服务对象", "自然人、火星人");
    let code = w.shelf.items()[2].elements.code.clone();
    set(table(&mut tables, "申请材料"), 0, "实施编码", "nothing");
    let read = w.read(&Content::Tables(tables));
    let told: Vec<_> =
        read.bad.iter().map(|b| (b.sheet.as_str(), b.row, b.column.as_str(), b.value.as_str(), b.why)).collect();
    assert!(told.contains(&("事项", 3, "承诺办结时限", "三天", "whole")), "{told:?}");
    assert!(told.contains(&("事项", 4, "服务对象", "自然人、火星人", "code")));
    assert!(told.contains(&("申请材料", 2, "实施编码", "nothing", "no-item")));
    assert_eq!((read.left_out, read.good.len()), (2, all - 2));
    assert!(read.good.iter().all(|i| i.elements.code != code));
}

#[test]
fn what_breaks_a_rule_is_left_out() {
    let w = world();
    let mut tables = w.tables();
    set(table(&mut tables, "事项"), 0, "承诺办结时限", "900");
    let read = w.read(&Content::Tables(tables));
    assert_eq!(read.left_out, 1);
    assert_eq!((read.bad[0].why, read.bad[0].rule), ("rule", Some("promise-too-long")));
}

#[test]
fn rows_without_a_key_keep_theirs_by_their_name() {
    let w = world();
    let mut tables = w.tables();
    let materials = table(&mut tables, "申请材料");
    let key = materials.head.iter().position(|h| h == "编号").unwrap();
    materials.head.remove(key);
    materials.rows.iter_mut().for_each(|r| drop(r.remove(key)));
    let read = w.read(&Content::Tables(tables));
    assert!(read.bad.is_empty(), "{:?}", read.bad);
    // The form of a material is said, and its files, which are in no column of a person's sheet, stay.
    read.good.iter().for_each(same);
}

#[test]
fn a_new_item_needs_a_body_that_there_is() {
    let w = world();
    let mut tables = w.tables();
    let body = w.shelf.items()[0].elements.code[..18].to_owned();
    let items = table(&mut tables, "事项");
    let mut row = items.rows[0].clone();
    let at = items.head.iter().position(|h| h == "实施编码").unwrap();
    row[at] = format!("{body}3000199999000");
    items.rows.push(row.clone());
    row[at] = "911101080000000000300019999900".into();
    items.rows.push(row);
    let read = w.read(&Content::Tables(tables));
    let why: Vec<_> = read.bad.iter().map(|b| b.why).collect();
    assert!(why.contains(&"body"), "{:?}", read.bad);
}

#[test]
fn formulas_are_text_and_guarded_on_their_way_out() {
    let w = world();
    let mut tables = w.tables();
    let evil = "=HYPERLINK(\"http://x\",\"y\")";
    set(table(&mut tables, "事项"), 0, "事项名称", evil);
    let bytes = save(Format::Csv, &tables, &[]).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains("'=HYPERLINK") && !text.contains(",\"=HYPERLINK") && !text.contains("\n=HYPERLINK"));
    let Content::Tables(back) = open("x.csv", &bytes).unwrap() else { panic!() };
    assert_eq!(back[0].rows[0][0], evil);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "事项名称").unwrap();
    sheet.write_formula(1, 0, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
    let Content::Tables(back) = open("x.xlsx", &book.save_to_buffer().unwrap()).unwrap() else { panic!() };
    assert_eq!(back[0].rows[0][0], "=1+1");
}

#[test]
fn what_is_no_list_is_refused() {
    let code = |name: &str, bytes: &[u8]| open(name, bytes).unwrap_err().code().to_owned();
    assert_eq!(code("a.pdf", b"%PDF"), "import-kind");
    assert_eq!(code("a.xlsx", b"no zip"), "import-unreadable");
    assert_eq!(code("a.json", b"{"), "import-unreadable");
    assert_eq!(code("a.csv", b"\xff\xfe\xff"), "import-unreadable");
    assert_eq!(code("a.csv", b""), "import-empty");
    let w = world();
    let read = w.read(&Content::Tables(vec![Table { name: "x".into(), head: vec!["甲".into()], rows: vec![] }]));
    assert_eq!(read.unknown, [("x".into(), String::new())]);
}
