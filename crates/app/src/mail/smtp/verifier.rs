//! The usual check of certificates, which also tells a self-signed one from one of an unknown authority: what to do about
//! the two differs.

use std::sync::Arc;

use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::ring,
    pki_types::{CertificateDer, ServerName, UnixTime},
};

/// A certificate that vouches for itself.
#[derive(Debug, thiserror::Error)]
#[error("it is self-signed: no authority vouches for it")]
pub(super) struct SelfSigned;

/// Decides nothing by itself: all it does is to name a refusal better.
#[derive(Debug)]
pub(super) struct Verifier(Option<Arc<WebPkiServerVerifier>>);

impl Verifier {
    /// Trusts these roots. Without any it refuses everything.
    pub(super) fn trusting(roots: RootCertStore) -> Self {
        let provider = Arc::new(ring::default_provider());
        Self(WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().ok())
    }

    fn usual(&self) -> Result<&WebPkiServerVerifier, Error> {
        self.0.as_deref().ok_or(Error::InvalidCertificate(CertificateError::UnknownIssuer))
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self
            .usual()
            .and_then(|usual| usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now));
        verified.map_err(|refusal| match refusal {
            Error::InvalidCertificate(CertificateError::UnknownIssuer) if is_self_issued(end_entity) => {
                Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(SelfSigned))))
            }
            refusal => refusal,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual()?.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual()?.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

/// Whether issuer and subject are the same (RFC 5280 4.1.2): the third and the fifth field after the version.
fn is_self_issued(certificate: &[u8]) -> bool {
    issuer_and_subject(certificate).is_some_and(|(issuer, subject)| issuer == subject)
}

fn issuer_and_subject(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    const VERSION: u8 = 0xa0;
    let whole = Field::first_of(certificate)?;
    let mut at = Field::first_of(Field::first_of(whole.inside)?.inside)?;
    if at.tag == VERSION {
        at = Field::first_of(at.rest)?;
    }
    let [_signature, issuer, _validity, subject] = {
        let signature = Field::first_of(at.rest)?;
        let issuer = Field::first_of(signature.rest)?;
        let validity = Field::first_of(issuer.rest)?;
        let subject = Field::first_of(validity.rest)?;
        [signature, issuer, validity, subject]
    };
    Some((issuer.inside, subject.inside))
}

/// One field of DER (X.690 8.1).
struct Field<'a> {
    tag: u8,
    inside: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Field<'a> {
    fn first_of(bytes: &'a [u8]) -> Option<Self> {
        let (&tag, bytes) = bytes.split_first()?;
        let (&short, bytes) = bytes.split_first()?;
        let (length, bytes) = match short {
            0..=0x7f => (usize::from(short), bytes),
            0x81..=0x84 => {
                let (long, bytes) = bytes.split_at_checked(usize::from(short & 0x7f))?;
                (long.iter().fold(0, |length, &byte| length << 8 | usize::from(byte)), bytes)
            }
            _ => return None,
        };
        let (inside, rest) = bytes.split_at_checked(length)?;
        Some(Self { tag, inside, rest })
    }
}
