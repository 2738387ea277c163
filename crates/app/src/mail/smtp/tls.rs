//! Encryption, and certificate errors in words an operator can act on.

use std::{io, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, Error, OtherError, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use tokio_rustls::TlsConnector;

use super::{
    cause::{Cause, Flaw},
    verifier::{SelfSigned, Verifier},
    wire::Stream,
};

/// Trusts what the operating system trusts, and `extra`. Roots that cannot be read are left out: should the server's
/// be among them, its certificate is refused as one of an unknown authority.
pub(in crate::mail) fn config(extra: &[CertificateDer<'static>]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots.add_parsable_certificates(extra.iter().cloned());
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring supports the default versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier::trusting(roots)))
        .with_no_client_auth();
    Arc::new(config)
}

/// The handshake; the error says what is wrong with the certificate.
pub(super) async fn encrypt(
    stream: Box<dyn Stream>,
    host: &str,
    config: Arc<ClientConfig>,
) -> Result<Box<dyn Stream>, (Cause, String)> {
    let unfit = |_| (Cause::Handshake, format!("{host} is no host name a certificate could be for"));
    let name = ServerName::try_from(host.to_owned()).map_err(unfit)?;
    match TlsConnector::from(config).connect(name, stream).await {
        Ok(encrypted) => Ok(Box::new(encrypted)),
        Err(why) => Err(explain(&why, host)),
    }
}

fn explain(why: &io::Error, host: &str) -> (Cause, String) {
    match why.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(Error::InvalidCertificate(certificate)) => {
            let (flaw, words) = flaw(certificate, host);
            (Cause::Certificate(flaw), format!("the server's certificate is refused: {words}"))
        }
        Some(Error::InvalidMessage(_)) => {
            let words = "the server does not speak TLS here; does this port need another tls= setting?";
            (Cause::NoTlsHere, words.to_owned())
        }
        Some(other) => (Cause::Handshake, format!("the TLS handshake failed: {other}")),
        None if why.kind() == io::ErrorKind::UnexpectedEof => {
            (Cause::Closed, "the server closed the connection during the TLS handshake".to_owned())
        }
        None => (Cause::Handshake, format!("the TLS handshake failed: {why}")),
    }
}

fn flaw(certificate: &CertificateError, host: &str) -> (Flaw, String) {
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            (Flaw::Expired, "it has expired".to_owned())
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            (Flaw::NotYetValid, "it is not valid yet; is the clock of this machine right?".to_owned())
        }
        CertificateError::Revoked => (Flaw::Unusable, "it was revoked".to_owned()),
        CertificateError::UnknownIssuer => {
            (Flaw::UnknownAuthority, "it comes from an authority this machine does not trust".to_owned())
        }
        CertificateError::NotValidForName => (Flaw::OtherName, format!("it is for another name than {host}")),
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<_> = presented.iter().map(|name| bare(name)).collect();
            (Flaw::OtherName, format!("it is for another name than {host} (for {})", names.join(", ")))
        }
        CertificateError::Other(OtherError(other)) if other.is::<SelfSigned>() => (Flaw::SelfSigned, other.to_string()),
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            (Flaw::Authority, "it is a certificate for an authority (CA:TRUE), not for a server".to_owned())
        }
        other => (Flaw::Unusable, other.to_string()),
    }
}

/// rustls writes `DnsName("mail.example.org")`.
fn bare(name: &str) -> &str {
    name.split('"').nth(1).unwrap_or(name)
}
