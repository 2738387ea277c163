//! What the documents say of the tests.

use std::{collections::HashSet, fs, path::Path};

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The text of every source below a folder, one after the other.
fn sources(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("front") {
            sources(&path, all);
        } else if path.extension().is_some_and(|end| end == "rs") {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// The names in backticks that can only be tests: several words, in small letters.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.lines().filter(|line| line.starts_with('|')).flat_map(|line| line.split('`').skip(1).step_by(2));
    quoted.filter(|name| {
        let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        plain && name.matches('_').count() > 2
    })
}

#[test]
fn every_test_that_the_security_document_names_exists() {
    let mut code = String::new();
    sources(&root().join("crates"), &mut code);
    let document = fs::read_to_string(root().join("docs/security.md")).unwrap();
    // A test stands there as a function, or by name in the macro that runs it on both engines.
    let words: HashSet<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let missing: Vec<_> = names(&document).filter(|name| !words.contains(name)).collect();
    assert!(names(&document).count() > 100, "the document names tests");
    assert!(missing.is_empty(), "docs/security.md names tests that are not there: {missing:#?}");
}
