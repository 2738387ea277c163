//! The server's key: seals what must be read again (tokens in the outbox) and keys the hashes of short codes.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use domain::now::Now;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;

/// Sealed bytes that cannot be opened: another key, or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sealed under another key, or changed since")]
pub struct CannotOpen;

/// Seals and opens under the server's key.
pub struct Vault {
    key: SecretBox<[u8; 32]>,
}

/// Which key and construction sealed this; the first byte of everything sealed.
const VERSION: u8 = 1;
const NONCE: usize = 24;

impl Vault {
    /// With this key.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key: SecretBox::new(Box::new(key)) }
    }

    /// The key itself, for whoever writes it to the place where it is kept.
    pub fn key(&self) -> &[u8; 32] {
        self.key.expose_secret()
    }

    /// Seals `plain`, bound to `purpose`: what was sealed for one purpose does not open for another.
    pub fn seal(&self, purpose: &str, plain: &[u8], now: &Now) -> Vec<u8> {
        let nonce = now.bytes::<NONCE>();
        let mut sealed = vec![VERSION];
        sealed.extend_from_slice(&nonce);
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let body = self.cipher().encrypt(&XNonce::from(nonce), payload);
        sealed.extend(body.expect("encryption in memory fails only beyond 256 GiB"));
        sealed
    }

    /// Opens what [`Self::seal`] made for the same purpose.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, CannotOpen> {
        let (&version, rest) = sealed.split_first().ok_or(CannotOpen)?;
        let (nonce, body) = rest.split_at_checked(NONCE).ok_or(CannotOpen)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| CannotOpen)?;
        if version != VERSION {
            return Err(CannotOpen);
        }
        let payload = Payload { msg: body, aad: purpose.as_bytes() };
        self.cipher().decrypt(&XNonce::from(nonce), payload).map_err(|_| CannotOpen)
    }

    /// A keyed hash (HMAC-SHA-256) for secrets too short to be hashed plainly.
    pub fn mark(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose_secret()).expect("any length of key does");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.key.expose_secret().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only() {
        let (vault, now) = (Vault::new([1; 32]), Clock::system().now());
        let sealed = vault.seal("token", b"secret", &now);
        assert_eq!(vault.open("token", &sealed).unwrap(), b"secret");
        assert_eq!(vault.open("answer", &sealed), Err(CannotOpen));
        assert_eq!(Vault::new([2; 32]).open("token", &sealed), Err(CannotOpen));
        assert_ne!(vault.seal("token", b"secret", &now), sealed);
    }

    #[test]
    fn changed_or_cut_bytes_do_not_open() {
        let (vault, now) = (Vault::new([1; 32]), Clock::system().now());
        let sealed = vault.seal("token", b"secret", &now);
        for cut in 0..sealed.len() {
            assert_eq!(vault.open("token", &sealed[..cut]), Err(CannotOpen));
            let mut changed = sealed.clone();
            changed[cut] ^= 1;
            assert_eq!(vault.open("token", &changed), Err(CannotOpen));
        }
    }
}
