//! `muster person reset`: a way back in for somebody whom no mail reaches.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app::{Failure, resets};
use clap::{Args, Subcommand};
use domain::{access::System, email::read_row};

use crate::{settings::Serve, wiring};

/// What to do about a person.
#[derive(Debug, Subcommand)]
pub enum Person {
    /// Print a link by which somebody sets a new password. It works once and for an hour.
    Reset(Box<Reset>),
}

/// What `reset` takes.
#[derive(Debug, Args)]
pub struct Reset {
    #[command(flatten)]
    settings: Serve,
    /// An address of the account.
    #[arg(long)]
    email: String,
}

/// Does it, before the server starts or beside it.
pub async fn run(person: Person) -> Result<ExitCode> {
    let Person::Reset(asked) = person;
    let email = read_row(&asked.email).email.context("--email")?;
    let app = wiring::app(&asked.settings.data, asked.settings.app()?).await?;
    let system = System::because("muster person reset");
    let token = match app.write(None, move |tx, now| resets::by_hand(tx, &system, &email, now)).await {
        Err(Failure::Unknown) => bail!("no account has the address {}", asked.email),
        other => other?,
    };
    say(&asked.email, &app.settings().link(&format!("/reset/{}", token.reveal())));
    Ok(ExitCode::SUCCESS)
}

#[allow(clippy::print_stdout)]
fn say(email: &str, link: &str) {
    println!("Whoever opens this link within an hour sets a new password for {email}. Hand it to that person alone:");
    println!("{link}");
}
