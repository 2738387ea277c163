//! `muster operator`: who has the server as a whole in hand.

use std::process::ExitCode;

use anyhow::Result;
use app::operators;
use clap::{Args, Subcommand};
use domain::access::System;

use super::{
    backup::tell,
    setup::{address, beside_a_server, refused},
};
use crate::{settings::Data, wiring};

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Operator {
    /// Make somebody an operator.
    Add(Named),
    /// End that. The last operator stays.
    Remove(Named),
    /// Name them all.
    List(Listing),
}

/// Somebody.
#[derive(Debug, Args)]
pub struct Named {
    #[command(flatten)]
    data: Data,
    /// Any address of the person, who has an account.
    email: String,
}

/// Nobody in particular.
#[derive(Debug, Args)]
pub struct Listing {
    #[command(flatten)]
    data: Data,
}

/// Does it, beside a running server or without one.
pub async fn run(wanted: Operator) -> Result<ExitCode> {
    match wanted {
        Operator::Add(named) => set(named, true).await?,
        Operator::Remove(named) => set(named, false).await?,
        Operator::List(Listing { data }) => {
            let app = wiring::app(&data, beside_a_server(&data.data_dir)?).await?;
            let system = System::because("muster operator list");
            for person in app.read(move |db, _| operators::list(db, &system)).await? {
                tell(&format!("{} <{}>", person.name, person.address));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn set(named: Named, operator: bool) -> Result<()> {
    let email = address(&named.email)?;
    let app = wiring::app(&named.data, beside_a_server(&named.data.data_dir)?).await?;
    let done = app.write(None, move |tx, now| {
        if operator {
            operators::add(tx, &System::because("muster operator add"), &email, now)
        } else {
            operators::remove(tx, &System::because("muster operator remove"), &email, now)
        }
    });
    tell(&match (operator, done.await.map_err(refused)?) {
        (true, true) => format!("{} is an operator now.", named.email),
        (true, false) => format!("{} is an operator already.", named.email),
        (false, true) => format!("{} is no operator any more.", named.email),
        (false, false) => format!("{} is no operator.", named.email),
    });
    Ok(())
}
