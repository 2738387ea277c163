//! `muster doctor`: looks at everything a server needs and says what is wrong, without changing anything of it.

use std::process::ExitCode;

use anyhow::Result;
use app::mail::{channel::Channel, smtp::Connection};
use db::Db;

use crate::settings::Serve;

/// One line for each part; fails if any part is in trouble.
pub async fn run(settings: &Serve) -> Result<ExitCode> {
    let parts = [
        ("settings", settings.app().map(|app| format!("people reach it at {}", app.base_url))),
        ("database", database(settings).await),
        ("secret key", key(settings)),
        ("mail", mail(settings).await),
    ];
    for (part, found) in &parts {
        tell(part, found);
    }
    let well = parts.iter().all(|(_, found)| found.is_ok());
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn key(settings: &Serve) -> Result<String> {
    let there = settings.data.existing_vault()?.is_some();
    Ok(if there { "readable" } else { "not there yet; the first start makes it" }.to_owned())
}

async fn database(settings: &Serve) -> Result<String> {
    let wanted = settings.data.database()?;
    if wanted.url.starts_with("sqlite:") && !settings.data.data_dir.join("muster.db").exists() {
        return Ok("not there yet; serve or setup makes it".to_owned());
    }
    let db = Db::open(&wanted).await?;
    db.ping().await?;
    Ok(format!("{:?} answers", db.engine()))
}

async fn mail(settings: &Serve) -> Result<String> {
    let Some(mail) = settings.mail()? else { return Ok("no SMTP: links are copied by hand".to_owned()) };
    let base = settings.base_url()?;
    let channel = Channel::new(mail.smtp, base.host_str().unwrap_or("localhost"));
    let connection = Connection::open(&channel, None).await.map_err(|trouble| anyhow::anyhow!("{trouble:?}"))?;
    connection.quit().await;
    Ok("the mail server answers and lets us in".to_owned())
}

#[allow(clippy::print_stdout)]
fn tell(part: &str, found: &Result<String>) {
    match found {
        Ok(words) => println!("ok       {part}: {words}"),
        Err(error) => println!("TROUBLE  {part}: {error:#}"),
    }
}
