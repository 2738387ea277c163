//! What people type: `cargo xtask serve`, `test`, `bench`, `assets`.
//!
//! It is the first thing a fresh clone compiles, so it has next to no dependencies: neither ours nor a parser of arguments.

mod assets;
mod debian;
mod gate;
mod places;
mod server;
mod step;
mod tools;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <command>

  serve [ARG…]             build what is missing and serve on http://127.0.0.1:8080, data in ./data
  test [--long] [FILTER…]  install what is missing, then the whole gate and all tests;
                           with a FILTER only the tests whose names contain it; --long adds the slow ones
  bench [WORK…]            measure a release build against a floor: me, users, invitation, start, pasted
  assets                   the front end alone";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    match run(&command, args.collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, args: Vec<String>) -> Result<()> {
    match command {
        "serve" => server::serve(&args),
        "test" => gate::test(&gate::Wish::parse(args)?),
        "bench" => server::bench(&args),
        "assets" => assets::build(),
        "help" | "-h" | "--help" => {
            eprintln!("{USAGE}");
            Ok(())
        }
        "" => bail!("no command\n\n{USAGE}"),
        other => bail!("no command is called `{other}`\n\n{USAGE}"),
    }
}
