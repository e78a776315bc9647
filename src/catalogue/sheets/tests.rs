use std::collections::HashSet;
use std::sync::Arc;

use super::*;
use crate::catalogue::codes::{Code, Codes};
use crate::catalogue::model::{Elements, ItemId, VersionId};
use crate::catalogue::search_tests::{departments, seeded};
use crate::catalogue::shelf::{Shelf, Shelved};
use crate::kernel::{Id, Result, Text};

struct World {
    shelf: Arc<Shelf>,
    codes: Codes,
    facts: HashSet<String>,
}

/// Good items and what is told of the others.
struct Read {
    good: Vec<Imported>,
    told: Told,
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
    World { shelf: Arc::new(shelf), codes, facts }
}

fn table<'a>(tables: &'a mut [Table], name: &str) -> &'a mut Table {
    tables.iter_mut().find(|t| t.name == name).unwrap()
}

fn opened(name: &str, bytes: &[u8]) -> Result<Spool> {
    open(&std::env::temp_dir(), name, std::io::Cursor::new(bytes))
}

/// Sheets as they would come out of a file.
fn laid(tables: &[Table]) -> Spool {
    let mut spooling = spool::Spooling::new(&std::env::temp_dir()).unwrap();
    for table in tables {
        spooling.sheet(&table.name, table.head.clone());
        for (at, row) in table.rows.iter().enumerate() {
            spooling.row(at + 2, row).unwrap();
        }
    }
    spooling.end().unwrap()
}

fn set(table: &mut Table, row: usize, heading: &str, value: &str) {
    let place = table.head.iter().position(|h| h == heading).unwrap();
    table.rows[row][place] = value.to_owned();
}

impl World {
    fn tables(&self) -> Vec<Table> {
        write(self.shelf.items().iter().map(|i| &i.elements), &self.codes).unwrap()
    }
    fn against(&self) -> Against {
        let (codes, facts) = (Arc::new(self.codes.clone()), Arc::new(self.facts.clone()));
        Against { shelf: self.shelf.clone(), codes, facts }
    }
    fn read(&self, spool: Spool) -> Read {
        let (mut reading, mut good) = (Reading::new(spool, self.against()), vec![]);
        while reading.at() < reading.total() {
            good.extend(reading.batch(7).unwrap());
        }
        Read { good, told: reading.told().clone() }
    }
}

/// The item comes in as it is on the shelf.
fn same(one: &Imported) {
    let before = &one.before.as_ref().unwrap().elements;
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
        let read = w.read(opened(&format!("a.{}", format.code()), &bytes).unwrap());
        assert!(read.told.bad.is_empty(), "{format:?} {:?}", read.told.bad);
        assert!(read.told.unknown.is_empty(), "{:?}", read.told.unknown);
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
    let read = w.read(opened("实施清单.csv", &bytes).unwrap());
    assert!(read.told.bad.is_empty(), "{:?}", read.told.bad);
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
    let read = w.read(laid(&tables));
    let told: Vec<_> =
        read.told.bad.iter().map(|b| (b.sheet.as_str(), b.row, b.column.as_str(), b.value.as_str(), b.why)).collect();
    assert!(told.contains(&("事项", 3, "承诺办结时限", "三天", "whole")), "{told:?}");
    assert!(told.contains(&("事项", 4, "服务对象", "自然人、火星人", "code")));
    assert!(told.contains(&("申请材料", 2, "实施编码", "nothing", "no-item")));
    assert_eq!((read.told.left_out, read.good.len()), (2, all - 2));
    assert!(read.good.iter().all(|i| i.elements.code != code));
}

#[test]
fn what_breaks_a_rule_is_left_out() {
    let w = world();
    let mut tables = w.tables();
    set(table(&mut tables, "事项"), 0, "承诺办结时限", "900");
    let read = w.read(laid(&tables));
    assert_eq!(read.told.left_out, 1);
    assert_eq!((read.told.bad[0].why, read.told.bad[0].rule), ("rule", Some("promise-too-long")));
}

#[test]
fn rows_without_a_key_keep_theirs_by_their_name() {
    let w = world();
    let mut tables = w.tables();
    let materials = table(&mut tables, "申请材料");
    let key = materials.head.iter().position(|h| h == "编号").unwrap();
    materials.head.remove(key);
    materials.rows.iter_mut().for_each(|r| drop(r.remove(key)));
    let read = w.read(laid(&tables));
    assert!(read.told.bad.is_empty(), "{:?}", read.told.bad);
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
    let read = w.read(laid(&tables));
    let why: Vec<_> = read.told.bad.iter().map(|b| b.why).collect();
    assert!(why.contains(&"body"), "{:?}", read.told.bad);
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
    let back = opened("x.csv", &bytes).unwrap().rows(0).unwrap();
    assert_eq!(back[0].cells[0], evil);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "事项名称").unwrap();
    sheet.write_string(0, 1, "实施编码").unwrap();
    sheet.write_formula(1, 0, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
    let back = opened("x.xlsx", &book.save_to_buffer().unwrap()).unwrap().rows(0).unwrap();
    assert_eq!((back[0].line, back[0].cells[0].as_str()), (2, "=1+1"));
}

#[test]
fn what_is_no_list_is_refused() {
    let code = |name: &str, bytes: &[u8]| opened(name, bytes).unwrap_err().code().to_owned();
    assert_eq!(code("a.pdf", b"%PDF"), "import-kind");
    assert_eq!(code("a.xlsx", b"no zip"), "import-unreadable");
    assert_eq!(code("a.json", b"{"), "import-unreadable");
    assert_eq!(code("a.csv", b"\xff\xfe\xff"), "import-unreadable");
    assert_eq!(code("a.csv", b""), "import-empty");
    let w = world();
    let read = w.read(laid(&[Table { name: "x".into(), head: vec!["甲".into()], rows: vec![] }]));
    assert_eq!(read.told.unknown, [("x".into(), String::new())]);
}

#[test]
fn rows_come_in_whatever_order_they_stand_in() {
    let w = world();
    let mut tables = w.tables();
    // Lists before the items, their rows far apart: the first row of each item, then the second of each …
    tables.rotate_left(1);
    for table in &mut tables {
        let code = table.head.iter().position(|h| h == "实施编码").unwrap();
        let mut seen = std::collections::HashMap::new();
        let mut rows: Vec<_> = std::mem::take(&mut table.rows)
            .into_iter()
            .map(|row| {
                let n = seen.entry(row[code].clone()).or_insert(0);
                *n += 1;
                (*n, row)
            })
            .collect();
        rows.sort_by_key(|(n, _)| *n);
        table.rows = rows.into_iter().map(|(_, row)| row).collect();
    }
    let read = w.read(laid(&tables));
    assert!(read.told.bad.is_empty(), "{:?}", read.told.bad);
    assert_eq!(read.good.len(), w.shelf.items().len());
    read.good.iter().for_each(same);
}

#[test]
fn an_item_that_stands_twice_comes_in_once() {
    let w = world();
    let mut tables = w.tables();
    let items = table(&mut tables, "事项");
    let mut again = items.rows[0].clone();
    let at = items.head.iter().position(|h| h == "承诺办结时限").unwrap();
    again[at] = "1".into();
    items.rows.push(again);
    let line = items.rows.len() + 1;
    let read = w.read(laid(&tables));
    let bad: Vec<_> = read.told.bad.iter().map(|b| (b.row, b.why)).collect();
    assert_eq!((bad, read.told.left_out), (vec![(line, "twice")], 1));
    assert_eq!(read.good.len(), w.shelf.items().len());
    same(&read.good[0]);
}

#[test]
fn what_was_taken_up_before_is_left_out() {
    let w = world();
    let mut reading = Reading::new(laid(&w.tables()), w.against());
    let all = reading.total();
    reading.skip(all - 3);
    let codes: Vec<String> = reading.batch(10).unwrap().into_iter().map(|i| i.elements.code).collect();
    let last: Vec<&str> = w.shelf.items()[all - 3..].iter().map(|i| i.elements.code.as_str()).collect();
    assert_eq!((codes.iter().map(String::as_str).collect::<Vec<_>>(), reading.at()), (last, all));
    reading.skip(usize::MAX);
    assert!(reading.batch(10).unwrap().is_empty());
}
