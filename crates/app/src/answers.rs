//! A request with an idempotency key is done once: claim, deed and answer are one transaction.

use std::time::Duration;

use db::{Conn, Tx};
use domain::now::Now;
use serde::{Serialize, de::DeserializeOwned};
use store::answers::{self, Answer};

use crate::{Failure, vault::Vault};

/// Who asked what under which key.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The caller: person, or client address for those who have no account yet.
    pub caller: String,
    /// The header's value.
    pub key: String,
    /// SHA-256 of method, path and body.
    pub fingerprint: [u8; 32],
    /// How long the answer is kept: a day, or an hour if it holds a secret.
    pub keep: Duration,
}

/// Runs `verb`, or gives the answer it gave before under the same key.
///
/// A second request under way at the same time waits for the first to end, on SQLite in the writer's queue and on
/// PostgreSQL at the unique index, and then gets its answer. A failure is not kept: the claim is rolled back with
/// everything else, and the second request does the work.
pub fn once<T: Serialize + DeserializeOwned>(
    tx: &mut Tx,
    vault: &Vault,
    asked: Option<&Asked>,
    now: &Now,
    verb: impl FnOnce(&mut Tx) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let Some(asked) = asked else { return verb(tx) };
    if let Some(answer) = answers::find(tx, &asked.caller, &asked.key, now.at)? {
        return replay(vault, asked, &answer);
    }
    if !answers::claim(tx, &asked.caller, &asked.key, &asked.fingerprint, now.at + asked.keep)? {
        let answer = answers::find(tx, &asked.caller, &asked.key, now.at)?.ok_or_else(still_running)?;
        return replay(vault, asked, &answer);
    }
    let answer = verb(tx)?;
    let body = serde_json::to_vec(&answer).map_err(|error| Failure::Broken(error.to_string()))?;
    answers::keep(tx, &asked.caller, &asked.key, &vault.seal(PURPOSE, &body, now))?;
    Ok(answer)
}

/// The answer a caller got under a key, for a page that tells of it again.
pub fn recall<T: DeserializeOwned>(
    db: &mut Conn,
    vault: &Vault,
    caller: &str,
    key: &str,
    now: &Now,
) -> Result<Option<T>, Failure> {
    let Some(answer) = answers::get(db, caller, key, now.at)? else { return Ok(None) };
    open(vault, &answer).map(Some)
}

fn still_running() -> Failure {
    Failure::conflict("key_in_use", "A request with this Idempotency-Key is still running.")
}

const PURPOSE: &str = "answer";

fn replay<T: DeserializeOwned>(vault: &Vault, asked: &Asked, answer: &Answer) -> Result<T, Failure> {
    if answer.fingerprint != asked.fingerprint {
        return Err(Failure::KeyReused);
    }
    open(vault, answer)
}

fn open<T: DeserializeOwned>(vault: &Vault, answer: &Answer) -> Result<T, Failure> {
    let body = vault.open(PURPOSE, &answer.body).map_err(|error| Failure::Broken(error.to_string()))?;
    serde_json::from_slice(&body).map_err(|error| Failure::Broken(error.to_string()))
}
