//! Encryption, and certificate errors in words an operator can act on.

use std::{io, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, Error, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use tokio_rustls::TlsConnector;

use super::wire::Stream;

/// Trusts what the operating system trusts, and `extra`. Roots that cannot be read are left out: should the server's
/// be among them, its certificate is refused as one of an unknown authority.
pub(in crate::mail) fn config(extra: &[CertificateDer<'static>]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots.add_parsable_certificates(extra.iter().cloned());
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring supports the default versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

/// The handshake; the error says what is wrong with the certificate.
pub(super) async fn encrypt(
    stream: Box<dyn Stream>,
    host: &str,
    config: Arc<ClientConfig>,
) -> Result<Box<dyn Stream>, String> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| format!("{host} is no host name a certificate could be for"))?;
    match TlsConnector::from(config).connect(name, stream).await {
        Ok(encrypted) => Ok(Box::new(encrypted)),
        Err(why) => Err(explain(&why, host)),
    }
}

fn explain(why: &io::Error, host: &str) -> String {
    match why.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(Error::InvalidCertificate(certificate)) => {
            format!("the server's certificate is refused: {}", fault(certificate, host))
        }
        Some(Error::InvalidMessage(_)) => {
            "the server does not speak TLS here; does this port need another tls= setting?".to_owned()
        }
        Some(other) => format!("the TLS handshake failed: {other}"),
        None if why.kind() == io::ErrorKind::UnexpectedEof => {
            "the server closed the connection during the TLS handshake".to_owned()
        }
        None => format!("the TLS handshake failed: {why}"),
    }
}

fn fault(certificate: &CertificateError, host: &str) -> String {
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet; is the clock of this machine right?".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        CertificateError::UnknownIssuer => "it comes from an authority this machine does not trust".to_owned(),
        CertificateError::NotValidForName => format!("it is for another name than {host}"),
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<_> = presented.iter().map(|name| bare(name)).collect();
            format!("it is for another name than {host} (for {})", names.join(", "))
        }
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "it is a certificate for an authority (CA:TRUE), not for a server".to_owned()
        }
        other => other.to_string(),
    }
}

/// rustls writes `DnsName("mail.example.org")`.
fn bare(name: &str) -> &str {
    name.split('"').nth(1).unwrap_or(name)
}
