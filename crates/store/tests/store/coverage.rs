//! No function of the store is forgotten: each public one is called by a test here.

use std::{fs, path::Path};

/// Functions no test here calls, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[];

#[test]
fn every_public_function_is_called_by_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tests: String = sources(&root.join("tests/store")).into_iter().map(|(_, text)| text).collect();
    let public = public_functions(&root.join("src"));
    assert!(public.len() > 50, "the source is read wrongly: {public:?}");
    let excepted = |name: &str| EXCEPTIONS.iter().any(|(exception, _)| *exception == name);
    let forgotten: Vec<_> = public.iter().filter(|name| !excepted(name) && !names(&tests, name)).collect();
    assert!(forgotten.is_empty(), "no test calls {forgotten:?}");
    let outlived: Vec<_> = EXCEPTIONS.iter().filter(|(name, _)| !public.iter().any(|known| known == name)).collect();
    assert!(outlived.is_empty(), "there is no function {outlived:?} any more");
}

/// Whether a text names a function, and not one whose name begins like it.
fn names(text: &str, name: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    text.match_indices(name).any(|(at, _)| ends(&text[at + name.len()..]))
}

/// `members::list` for a free function, `.is_active` for a method, `::first` for one without a receiver.
fn public_functions(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for (module, text) in sources(folder) {
        let lines = text.lines().collect::<Vec<_>>();
        for (at, line) in lines.iter().enumerate() {
            let plain = line.trim_start().replace("pub const fn ", "pub fn ");
            let Some(rest) = plain.strip_prefix("pub fn ") else { continue };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let signature = lines[at..].iter().take(2).copied().collect::<String>();
            found.push(match (line.starts_with("pub"), signature.contains("self")) {
                (true, _) => format!("{module}::{name}"),
                (false, true) => format!(".{name}"),
                (false, false) => format!("::{name}"),
            });
        }
    }
    found
}

/// The Rust files of a folder and of the folders in it, which belong to the module of their name.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(sources(&path).into_iter().map(|(_, text)| (module.clone(), text)));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push((module, fs::read_to_string(&path).unwrap()));
        }
    }
    found
}
