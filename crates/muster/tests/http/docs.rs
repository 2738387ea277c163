//! What the documents say of the tests, and that what they show works.

use std::{collections::HashSet, fs, path::Path};

use http::Method;

use crate::on_both_engines;

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

on_both_engines! {
    the_first_ten_calls_of_the_document_work_as_they_stand(world) {
        let document = fs::read_to_string(root().join("docs/api.md")).unwrap();
        let calls: Vec<_> = document.lines().filter_map(|line| line.strip_prefix("call ")).map(Call::read).collect();
        assert_eq!(calls.len(), 10);
        let mut invitation = String::new();
        for call in calls {
            let path = call.path.replace("$INVITATION", &invitation);
            let answer = world.owner.send(call.method, &path, call.body, &[("content-type", "application/json")]).await;
            assert!(answer.status.is_success(), "{path}: {}", answer.text);
            let id = answer.text.split('"').find(|word| word.starts_with("inv_")).map(str::to_owned);
            invitation = id.unwrap_or(invitation);
        }
    }
}

/// A call as a line of the document has it.
struct Call {
    method: Method,
    path: String,
    body: Option<String>,
}

impl Call {
    fn read(line: &str) -> Self {
        // What a shell takes apart: words, and text in quotes.
        let quoted = |from: &str| line.split(from).nth(1).and_then(|rest| rest.split('\'').next()).map(str::to_owned);
        let (body, path) = (quoted("-d '"), line.trim_start_matches('"').split([' ', '"']).next().unwrap());
        let posts = body.is_some() || line.contains("-X POST");
        Self {
            method: if posts { Method::POST } else { Method::GET },
            path: path.replace("$MUSTER", "").replace("$W", "/api/v1/workspaces/hollin-ash"),
            body,
        }
    }
}
