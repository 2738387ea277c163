//! `muster person reset`: a way back in for somebody whom no mail reaches, by a link or by a password set here.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app::{Failure, passwords, rescue, resets};
use clap::{Args, Subcommand};
use domain::{access::System, email::read_row};

use super::{
    backup::tell,
    setup::{address, password_from_stdin, refused},
};
use crate::{settings::Serve, wiring};

/// What to do about a person.
#[derive(Debug, Subcommand)]
pub enum Person {
    /// Print a link by which somebody sets a new password, once and within an hour; or set one.
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
    /// Set the password that stands on standard input at once, in place of printing a link, and end all sessions.
    #[arg(long)]
    password_stdin: bool,
}

/// Does it, before the server starts or beside it.
pub async fn run(person: Person) -> Result<ExitCode> {
    let Person::Reset(asked) = person;
    if asked.password_stdin {
        return set(*asked).await;
    }
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

async fn set(asked: Reset) -> Result<ExitCode> {
    let (email, password) = (address(&asked.email)?, password_from_stdin()?);
    let judged = passwords::judge("password", &password, &[&asked.email]);
    judged.map_err(|bad| anyhow::anyhow!("the password: {}", bad.detail))?;
    let app = wiring::app(&asked.settings.data, asked.settings.app()?).await?;
    let salt = app.clock().now().bytes();
    let hash = app.passwords().hash(password, salt).await?;
    let system = System::because("muster person reset");
    let done = app.write(None, move |tx, now| rescue::set(tx, &system, &email, &hash, now)).await;
    let rescue::Rescued { sessions } = done.map_err(refused)?;
    tell(&format!("{} has a new password. Sessions ended: {sessions}. API keys go on.", asked.email));
    Ok(ExitCode::SUCCESS)
}

#[allow(clippy::print_stdout)]
fn say(email: &str, link: &str) {
    println!("Whoever opens this link within an hour sets a new password for {email}. Hand it to that person alone:");
    println!("{link}");
}
