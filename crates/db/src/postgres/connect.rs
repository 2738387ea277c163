//! Where the server is and how to reach it.

use std::{path::Path, time::Duration};

use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Error, Settings};

/// Unanswered data and silent connections are given up after about this long.
const SILENCE: Duration = Duration::from_secs(30);

/// The server's address in a form the driver takes, and what proves its identity.
pub(super) fn configure(url: &str, settings: &Settings) -> Result<(Config, MakeRustlsConnect), Error> {
    let (plain, tls) = split(url)?;
    let mut config: Config = plain.parse().map_err(|error: tokio_postgres::Error| refuse(&error))?;
    config.connect_timeout(settings.connect_timeout);
    config.keepalives_idle(SILENCE).tcp_user_timeout(SILENCE);
    // The driver prefers TLS by default, which would fail on the certificates that servers make for themselves.
    config.ssl_mode(if tls.required { SslMode::Require } else { SslMode::Disable });
    Ok((config, connector(&tls)?))
}

/// What the address says about TLS.
struct Tls<'a> {
    required: bool,
    roots: Option<&'a str>,
}

/// Takes the parameters that the driver does not know out of the address.
fn split(url: &str) -> Result<(String, Tls<'_>), Error> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let mut tls = Tls { required: false, roots: None };
    let mut rest = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", mode)) => tls.required = is_required(mode)?,
            Some(("sslrootcert", path)) => tls.roots = Some(path),
            _ => rest.push(pair),
        }
    }
    let plain = if rest.is_empty() { base.into() } else { format!("{base}?{}", rest.join("&")) };
    Ok((plain, tls))
}

/// A misspelt mode must not end in plain text on the wire.
fn is_required(mode: &str) -> Result<bool, Error> {
    match mode {
        "disable" | "allow" | "prefer" => Ok(false),
        "require" | "verify-ca" | "verify-full" => Ok(true),
        _ => Err(Error::Unavailable(format!("its address asks for an unknown sslmode {mode}"))),
    }
}

fn connector(tls: &Tls<'_>) -> Result<MakeRustlsConnect, Error> {
    let mut roots = RootCertStore::empty();
    if tls.required {
        let found = match tls.roots {
            Some(file) => rustls_native_certs::load_certs_from_paths(Some(Path::new(file)), None),
            None => rustls_native_certs::load_native_certs(),
        };
        roots.add_parsable_certificates(found.certs);
        if roots.is_empty() {
            return Err(Error::Unavailable(format!("no certificate authority to trust: {:?}", found.errors)));
        }
    }
    let provider = rustls::crypto::ring::default_provider().into();
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| refuse(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(client))
}

fn refuse(error: &dyn std::error::Error) -> Error {
    Error::Unavailable(format!("its address or settings are wrong: {error}"))
}
