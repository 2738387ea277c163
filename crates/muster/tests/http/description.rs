//! That the description says what the handlers take. The server's own source is read: a type or parameter that is left
//! out, or hidden by another of its name, is missing from the description without a trace.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const API: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/api");

#[test]
fn no_type_of_the_description_is_hidden_by_another_of_its_name() {
    let (mut seen, mut twice) = (BTreeSet::new(), Vec::new());
    for source in sources(Path::new(API)) {
        for after in source.split("ToSchema)]").skip(1) {
            let word = |kind: &str| after.find(kind).map(|at| (at, &after[at + kind.len()..]));
            let (_, rest) = word("struct ").into_iter().chain(word("enum ")).min().unwrap();
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            if !seen.insert(name.clone()) {
                twice.push(name);
            }
        }
    }
    assert!(seen.len() > 100, "only {} types were found", seen.len());
    assert_eq!(twice, Vec::<String>::new());
}

#[test]
fn every_parameter_that_a_handler_reads_from_the_address_is_described() {
    let (mut count, mut missing) = (0, Vec::new());
    for source in sources(Path::new(API)) {
        for handler in source.split("#[utoipa::path(").skip(1) {
            let (description, rest) = handler.split_once("pub async fn ").unwrap();
            let (name, rest) = rest.split_once('(').unwrap();
            let taken = rest.split_once(") -> ").unwrap().0;
            let queries = taken.split("Query<").skip(1).map(|after| after.split_once('>').unwrap().0);
            let pages = taken.contains("paging: Paging").then_some("\"cursor\"");
            for parameter in queries.chain(pages) {
                count += 1;
                let named = |field: String| description.contains(&format!("\"{field}\""));
                if !description.contains(parameter) && !fields(&source, parameter).is_some_and(|mut all| all.all(named))
                {
                    missing.push(format!("{name}: {parameter}"));
                }
            }
        }
    }
    assert!(count > 20, "only {count} parameters were found");
    assert_eq!(missing, Vec::<String>::new());
}

/// The fields of a struct that stands in this source.
fn fields<'a>(source: &'a str, name: &str) -> Option<impl Iterator<Item = String> + use<'a>> {
    let (_, rest) = source.split_once(&format!("struct {name} {{"))?;
    let lines = rest.split_once("\n}")?.0.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    Some(lines.filter_map(|line| line.split_once(": ").map(|(field, _)| field.trim_start_matches("pub ").to_owned())))
}

fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<PathBuf>, Vec<_>) = entries.partition(|path| path.is_dir());
    let here = files.iter().map(|path| fs::read_to_string(path).unwrap());
    here.chain(folders.iter().flat_map(|path| sources(path))).collect()
}
