//! The key for secrets at rest, on its way with a backup: only if asked for, and locked by a passphrase.

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::HEXLOWER;
use domain::now::Now;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::Trouble;
use crate::{Bad, passwords, vault::Vault};

/// Which key it is, without telling the key: an HMAC under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyMark(String);

impl KeyMark {
    /// The mark of this key.
    pub fn of(vault: &Vault) -> Self {
        Self(HEXLOWER.encode(&vault.mark("backup", "which key")))
    }
}

/// What locks the key.
pub struct Passphrase(SecretString);

impl Passphrase {
    /// One that is not easy to guess: whoever has the file may try as long as he likes.
    pub fn new(text: SecretString) -> Result<Self, Bad> {
        passwords::judge("passphrase", &text, &[])?;
        Ok(Self(text))
    }

    /// The one a backup was locked with.
    pub fn given(text: SecretString) -> Self {
        Self(text)
    }

    fn vault(&self, cost: &Cost, salt: &[u8]) -> Result<Vault, Trouble> {
        let params = Params::new(cost.memory_kib.min(MOST_MEMORY_KIB), cost.rounds, cost.lanes, Some(32));
        let params = params.map_err(|_| Trouble::damaged("the lock of its key"))?;
        let mut key = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(self.0.expose_secret().as_bytes(), salt, &mut key)
            .map_err(|_| Trouble::damaged("the lock of its key"))?;
        Ok(Vault::new(key))
    }
}

/// What opening takes: four times the memory of a password's hash, since it is done once and not at every sign-in.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Cost {
    memory_kib: u32,
    rounds: u32,
    lanes: u32,
}

const COST: Cost = Cost { memory_kib: 76 * 1024, rounds: 3, lanes: 1 };

/// A file that asks for more is none of ours.
const MOST_MEMORY_KIB: u32 = 1 << 20;

const PURPOSE: &str = "the key in a backup";

/// The key, locked by argon2id and XChaCha20-Poly1305.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LockedKey {
    cost: Cost,
    salt: String,
    sealed: String,
}

impl LockedKey {
    /// Locks a key. Takes a good part of a second.
    pub fn lock(vault: &Vault, passphrase: &Passphrase, now: &Now) -> Result<Self, Trouble> {
        let salt = now.bytes::<16>();
        let sealed = passphrase.vault(&COST, &salt)?.seal(PURPOSE, vault.key(), now);
        Ok(Self { cost: COST, salt: HEXLOWER.encode(&salt), sealed: HEXLOWER.encode(&sealed) })
    }

    /// Opens it again.
    pub fn open(&self, passphrase: &Passphrase) -> Result<Vault, Trouble> {
        let bytes = |text: &str| HEXLOWER.decode(text.as_bytes()).map_err(|_| Trouble::damaged("the lock of its key"));
        let lock = passphrase.vault(&self.cost, &bytes(&self.salt)?)?;
        let key = lock.open(PURPOSE, &bytes(&self.sealed)?).map_err(|_| Trouble::WrongPassphrase)?;
        let key: [u8; 32] = key.try_into().map_err(|_| Trouble::damaged("its key"))?;
        Ok(Vault::new(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;

    #[test]
    fn a_locked_key_opens_with_its_passphrase_alone() {
        let (vault, now) = (Vault::new([5; 32]), Clock::system().now());
        let words = |text: &str| Passphrase::new(text.to_owned().into()).unwrap();
        let locked = LockedKey::lock(&vault, &words("seven quiet red bicycles"), &now).unwrap();
        let opened = locked.open(&words("seven quiet red bicycles")).unwrap();
        assert_eq!(KeyMark::of(&opened), KeyMark::of(&vault));
        assert!(matches!(locked.open(&words("eight quiet red bicycles")), Err(Trouble::WrongPassphrase)));
        assert!(!serde_json::to_string(&locked).unwrap().contains(&HEXLOWER.encode(&[5; 32])));
    }

    #[test]
    fn a_passphrase_that_is_easy_to_guess_locks_nothing() {
        assert!(Passphrase::new("password12".to_owned().into()).is_err());
    }

    #[test]
    fn keys_have_different_marks() {
        assert_ne!(KeyMark::of(&Vault::new([5; 32])), KeyMark::of(&Vault::new([6; 32])));
    }
}
