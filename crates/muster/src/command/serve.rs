//! `muster serve`.

use std::process::ExitCode;

use anyhow::{Context, Result};
use app::{App, Clock, mail::worker::Worker, mail_server};
use data_encoding::BASE32_NOPAD;
use domain::access::System;
use secrecy::SecretString;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use url::{Host, Url};

use super::{
    connections::{self, PATIENCE},
    metrics,
};
use crate::{settings::Serve, wiring};

/// Serves until SIGINT or SIGTERM; then requests and mails in hand are finished.
pub async fn run(settings: Serve) -> Result<ExitCode> {
    if let Some(address) = settings.metrics_listen {
        metrics::serve(address).await?;
    }
    let app = wiring::app(&settings.data, settings.app()?).await?;
    let (flags, system) = (settings.flags(), System::because("the command line of muster serve"));
    app.write(None, move |tx, _| app::server::fix(tx, &system, &flags)).await.context("noting the command line")?;
    mail_server::reread(&app).await?;
    let worker = Worker::start(app.clone());
    let web = web::Settings { trusted_proxies: settings.trusted_proxies.clone(), setup_code: setup_code(&app).await? };
    let listener = TcpListener::bind(settings.listen).await;
    let listener = listener.with_context(|| format!("listening on {}", settings.listen))?;
    announce(&app, &listener)?;
    let site = web::Site::new(app.clone(), web);
    let live = site.live().clone();
    let tidying = tokio::spawn(tidy(app.clone()));
    connections::serve(listener, web::router(site), PATIENCE, stop(live)?).await;
    tidying.abort();
    worker.stop().await;
    app.db().clone().close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

fn announce(app: &App, listener: &TcpListener) -> Result<()> {
    let settings = app.settings();
    let listen = listener.local_addr().context("asking for the address")?;
    tracing::info!(%listen, base_url = %settings.base_url, version = env!("CARGO_PKG_VERSION"), "serving");
    if !settings.rate_limits {
        tracing::warn!("rate limits and quotas are off: for tests and benches only");
    }
    match app.mail() {
        None => tracing::info!("no SMTP: links of invitations are copied by hand"),
        Some(_) if is_local(&settings.base_url) => {
            tracing::warn!(base_url = %settings.base_url, "mails will hold links to this machine: set --base-url");
        }
        Some(_) => {}
    }
    Ok(())
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Unless the server is for its own machine only, the first run asks for a code that stands in the log.
async fn setup_code(app: &App) -> Result<Option<SecretString>> {
    let set_up = app.point(|db, _| Ok(store::people::set_up(db)?)).await?;
    if set_up || is_local(&app.settings().base_url) {
        return Ok(None);
    }
    let code = BASE32_NOPAD.encode(&Clock::system().now().bytes::<5>());
    tracing::warn!(code, page = app.settings().link("/setup"), "first run: open the page and enter this code");
    Ok(Some(code.into()))
}

async fn sweep(app: &App) {
    match app::attachments::sweep(app).await {
        Ok(0) => {}
        Ok(swept) => tracing::info!(swept, "files that nobody has any more were thrown away"),
        Err(error) => tracing::warn!(%error, "files that nobody has any more could not be thrown away"),
    }
}

async fn tidy(app: App) {
    let mut hour = tokio::time::interval(std::time::Duration::from_hours(1));
    for passed in 0_u64.. {
        hour.tick().await;
        app.limits().tidy();
        if passed.is_multiple_of(24) {
            sweep(&app).await;
        }
        if let Err(error) = app.write(None, app::tidy::tidy).await {
            tracing::warn!(%error, "what has had its time could not be deleted");
        }
    }
}

/// Streams of open pages would last for ever, so they end first.
fn stop(live: web::live::Wire) -> Result<impl Future<Output = ()> + Send> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        tracing::info!("stopping");
        live.close();
    })
}
