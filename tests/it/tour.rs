//! The tour of the binary, on both engines: one case of each kind, over real HTTP.

use crate::harness::Engine;
use crate::process::finished;

fn tour(more: &[&str]) {
    let (ended, said) = finished(&[&["tour"], more].concat());
    assert!(ended.success(), "{said}");
    assert!(said.contains("All as expected.") && !said.contains("left out"), "{said}");
    for no in 1..=7 {
        assert!(said.lines().any(|l| l.starts_with(&format!("{no}  "))), "story {no} was not told:\n{said}");
    }
}

#[test]
fn sqlite() {
    tour(&[]);
}

#[test]
fn postgres() {
    if Engine::Postgres.is_here() {
        tour(&["--database", &std::env::var("CLOUDMART_TEST_PG").unwrap()]);
    }
}
