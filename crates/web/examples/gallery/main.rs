//! Renders every view with sample data, for looking at and for accessibility checks.
//!
//! `cargo run -p web --example gallery -- OUT` writes `OUT/*.html` and `OUT/assets/`; serve OUT over HTTP to look at it.

use std::path::Path;
use std::{env, fs, io};

mod account;
mod bare;
mod invite;
mod members;
mod sample;
mod settings;
mod users;

/// A page: its file name without the ending, and its markup.
type Page = (&'static str, askama::Result<String>);

fn main() -> io::Result<()> {
    let out = env::args().nth(1).expect("name a folder to write to");
    let out = Path::new(&out);
    copy_assets(&out.join("assets"))?;
    let all = [users::pages(), invite::pages(), settings::pages(), members::pages(), account::pages(), bare::pages()];
    for (name, markup) in all.into_iter().flatten() {
        let markup = markup.map_err(io::Error::other)?;
        fs::write(out.join(name).with_extension("html"), markup)?;
    }
    Ok(())
}

fn copy_assets(to: &Path) -> io::Result<()> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("front/dist");
    fs::create_dir_all(to)?;
    for file in fs::read_dir(dist)? {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
