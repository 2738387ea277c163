//! Rules every template keeps, read from the files themselves.

use std::fs;
use std::path::{Path, PathBuf};

fn templates() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut found);
    assert!(found.len() > 20, "the templates moved");
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("the folder stands in the crate") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            let text = fs::read_to_string(&path).expect("templates are text");
            found.push((path, text));
        }
    }
}

#[test]
fn no_template_needs_a_looser_content_security_policy() {
    for (path, text) in templates() {
        for forbidden in [" style=", "<style", " onclick=", " onsubmit=", "javascript:", "//cdn", "http://", "https://"]
        {
            assert!(!text.contains(forbidden), "{forbidden} in {}", path.display());
        }
        let ours = ["<script type=\"module\" src=", "<script src="].map(|script| text.matches(script).count());
        assert_eq!(text.matches("<script").count(), ours.iter().sum::<usize>(), "{}", path.display());
    }
}

#[test]
fn nothing_of_a_persons_is_printed_without_escaping() {
    for (path, text) in templates() {
        assert!(!text.contains("|safe"), "{}", path.display());
    }
}

#[test]
fn every_icon_a_template_names_is_in_the_sprite() {
    let address = web::assets::asset("icons.svg");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("front/dist").join(address.trim_start_matches("/assets/"));
    let sprite = fs::read_to_string(file).unwrap();
    for (path, text) in templates() {
        for before in text.split("\"|icon }}").collect::<Vec<_>>().split_last().unwrap().1 {
            let name = before.rsplit('"').next().unwrap();
            assert!(sprite.contains(&format!("<symbol id=\"{name}\"")), "{name} in {}", path.display());
        }
    }
}

#[test]
fn every_form_that_changes_something_posts_to_an_address_of_the_paths() {
    for (path, text) in templates() {
        for form in text.split("<form").skip(1) {
            let opening = form.split('>').next().unwrap();
            // Some have it from their macro's caller, or from the line above.
            let given = text.contains("{% macro moves(action,") || text.contains("{% let action = ");
            let handed = given && opening.contains("action=\"{{ action }}\"");
            assert!(handed || opening.contains("action=\"{{ paths::"), "{opening} in {}", path.display());
        }
    }
}
