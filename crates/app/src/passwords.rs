//! Passwords: argon2id off the runtime, a few at once, and a hint before a weak one is taken.

use std::sync::Arc;

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use db::Tx;
use domain::{
    access::{SignedIn, System},
    event::{Attempt, Event, What},
    message::Kind,
    now::Now,
};
use secrecy::{ExposeSecret, SecretString};
use store::{events, links, messages, people};
use tokio::sync::Semaphore;

use crate::{
    App, Bad, Failure,
    limits::Action,
    notices::{self, Notice},
    post::Post,
    sessions::{self, Browser},
};

/// The shortest password taken. ASVS 5.0 6.2.1 asks for 8, we for two more; no other rule of composition (6.2.5).
pub const SHORTEST: usize = 10;
/// The longest: room for sentences, and no work for an attacker's megabyte (ASVS 5.0 6.2.9).
pub const LONGEST: usize = 128;

/// Hashes and checks passwords. Each takes 19 MiB and some 20 ms of a core, so only a few run at once.
pub struct Passwords {
    turns: Arc<Semaphore>,
}

/// Checked when an address has no account, so that it takes as long (Authority). Made once and for all: a server that
/// starts need not hash, nor hold the memory of it.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdCBvZiBhIG5vYm9keQ$418LDV3GQbo8IVM4lYPraUD4pNLF/Q5FDTYbAFO/qIE";

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(2)) }
    }
}

impl Passwords {
    /// The PHC string of a password that was found good enough, with a fresh salt.
    pub async fn hash(&self, password: SecretString, salt: [u8; 16]) -> Result<String, Failure> {
        self.turn(move || hash_with(password.expose_secret(), salt)).await
    }

    /// Whether `password` is the one behind `hash`; without one it takes as long and is not.
    pub async fn matches(&self, password: SecretString, hash: Option<String>) -> Result<bool, Failure> {
        let (known, hash) = (hash.is_some(), hash.unwrap_or_else(|| NOBODY.to_owned()));
        self.turn(move || verify(password.expose_secret(), &hash) && known).await
    }

    async fn turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| Failure::Broken("password hashing is shut down".into()))?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|error| Failure::Broken(format!("password hashing: {error}")))
    }
}

/// Somebody who is signed in and has just shown that he knows his password. Comparing takes long, so no transaction waits
/// for it.
#[derive(Debug)]
pub struct Known {
    hash: String,
    field: &'static str,
}

impl Known {
    /// The password is still the one that was shown.
    pub(crate) fn still(&self, tx: &mut Tx, who: &SignedIn) -> Result<(), Failure> {
        match people::locked_password(tx, &asked(), who.person)? {
            Some(now) if now == self.hash => Ok(()),
            _ => Err(wrong(self.field)),
        }
    }
}

fn wrong(field: &'static str) -> Failure {
    Failure::invalid(field, "wrong_password", "Not your password.")
}

/// Asks for the password again, before something that whoever finds an open browser must not do. As slow to guess as
/// signing in, and noted alike. `field` is what the input calls it.
pub async fn ask_again(
    app: &App,
    who: &SignedIn,
    field: &'static str,
    password: SecretString,
    from: &Browser,
) -> Result<Known, Failure> {
    sessions::in_person(who)?;
    app.limits().attempt(Action::SignIn, from.client, Some(&who.person.to_string()))?;
    let person = who.person;
    let hash = app.point(move |db, _| Ok(people::password(db, &asked(), person)?)).await?;
    match hash {
        Some(hash) if app.passwords().matches(password, Some(hash.clone())).await? => Ok(Known { hash, field }),
        _ => {
            let why = Failure::forbidden("wrong_password", "Not the password of the account.");
            let attempt = Attempt::new(What::PersonRefused, "person", person, "show the password again");
            app.refused(from.client, attempt.by_person(Some(person)), &why).await;
            Err(wrong(field))
        }
    }
}

fn asked() -> System {
    System::because("the password is asked for again")
}

/// Sets another password, and ends the other sessions and the links to set one.
pub fn change(tx: &mut Tx, post: Post, who: &SignedIn, known: &Known, new: &str, now: &Now) -> Result<(), Failure> {
    now.tries(
        Attempt::new(What::PersonRefused, "person", who.person, "change the password").by_person(Some(who.person)),
    );
    people::lock(tx, who.person)?;
    let here = sessions::still_in_person(tx, who, now)?;
    known.still(tx, who)?;
    people::set_password(tx, who.person, new)?;
    links::end_all(tx, who.person, Kind::Reset, None, now.at)?;
    messages::withdraw_letters(tx, who.person, Kind::Reset, None, now.at)?;
    let ended = store::sessions::close_all(tx, who.person, Some(here))?;
    let event = Event::new(What::PasswordChanged, "person", who.person, "").change("sessions", ended, 0);
    events::add(tx, None, Some(who.person), &event, now)?;
    notices::tell(tx, post, who.person, Notice::PasswordChanged, now)
}

/// Whether a new password is good enough for somebody of this name, address and workspace.
pub fn judge(field: &str, password: &SecretString, about: &[&str]) -> Result<(), Bad> {
    let password = password.expose_secret();
    let letters = password.chars().count();
    if letters < SHORTEST {
        return Err(Bad::new(field, "too_short", format!("At least {SHORTEST} characters.")));
    }
    if letters > LONGEST {
        return Err(Bad::new(field, "too_long", format!("At most {LONGEST} characters.")));
    }
    let words: Vec<&str> = about
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.len() > 2)
        .collect();
    if zxcvbn::zxcvbn(password, &words).score() < zxcvbn::Score::Three {
        let hint = "Easy to guess. Four unrelated words are strong and quick to type.";
        return Err(Bad::new(field, "too_easy", hint));
    }
    Ok(())
}

fn hash_with(password: &str, salt: [u8; 16]) -> String {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.expect("the default parameters and a salt of 16 bytes are valid").to_string()
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;

    const PASSWORD: &str = "four unrelated words";

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_alone() {
        let (clock, passwords) = (Clock::system(), Passwords::default());
        let hash = passwords.hash(secret(PASSWORD), clock.now().bytes()).await.unwrap();
        assert!(passwords.matches(secret(PASSWORD), Some(hash.clone())).await.unwrap());
        assert!(!passwords.matches(secret("another one"), Some(hash.clone())).await.unwrap());
        assert_ne!(passwords.hash(secret(PASSWORD), clock.now().bytes()).await.unwrap(), hash, "salted anew");
    }

    #[tokio::test]
    async fn an_unknown_address_costs_a_hash_and_matches_nothing() {
        let passwords = Passwords::default();
        assert!(verify("nobody has this password", NOBODY), "a real hash is checked");
        assert!(!passwords.matches(secret("nobody has this password"), None).await.unwrap());
        let real = passwords.hash(secret(PASSWORD), Clock::system().now().bytes()).await.unwrap();
        let cost = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(cost(NOBODY), cost(&real), "the same algorithm, memory and rounds");
    }

    #[test]
    fn a_password_is_long_enough_short_enough_and_not_easy_to_guess() {
        let judged = |text: &str| judge("password", &secret(text), &["Olga Hollin", "olga@hollin.example"]);
        for (text, code) in [
            ("seven77", "too_short"),
            (&*"é".repeat(LONGEST + 1), "too_long"),
            ("password12", "too_easy"),
            ("olgahollin", "too_easy"),
        ] {
            assert_eq!(judged(text).unwrap_err().code, code, "{text}");
        }
        assert_eq!(judged(PASSWORD), Ok(()));
        assert_eq!(judged("zqk7 vmxw tdbr"), Ok(()));
    }
}
