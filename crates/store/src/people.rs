//! Persons and their addresses. An account belongs to the server, not to a workspace.

use db::{Conn, Error, Tx};
use domain::{
    access::{SignedIn, System},
    email::Email,
    id::{AddressId, PersonId},
    now::Now,
    time::Time,
    title::PersonName,
};

use crate::members;

record! {
    /// A person with the primary address, or a service account.
    pub struct Person {
        /// Who.
        pub id: PersonId,
        /// What the person is called.
        pub name: String,
        /// The primary address as typed; empty for a service account.
        pub address: String,
        /// Whether something mailed to that address proved it.
        pub verified: bool,
        /// Whether the server as a whole is in this person's hands.
        pub operator: bool,
    }
}

record! {
    /// Who an address belongs to, and what signs that person in.
    pub struct Account {
        /// Who.
        pub person: PersonId,
        /// The address's row.
        pub address: AddressId,
        /// What the person is called.
        pub name: String,
        /// The PHC string of the password, if one is set.
        pub password: Option<String>,
        /// When something mailed to the address proved it.
        pub verified_at: Option<Time>,
    }
}

/// Whoever is signed in.
pub fn me(db: &mut Conn, who: &SignedIn) -> Result<Person, Error> {
    db.one(sql!(
        "SELECT p.id, p.name, COALESCE(a.address, '') AS address, a.verified_at IS NOT NULL AS verified, p.operator
         FROM person p LEFT JOIN person_address a ON a.person = p.id AND a.is_primary WHERE p.id = ?",
        who.person
    ))
}

/// The account of an address. Knowing it is the server's business alone: nothing may tell a caller (Authority).
pub fn account(db: &mut Conn, _: &System, email: &Email) -> Result<Option<Account>, Error> {
    db.first(sql!(
        "SELECT p.id AS person, a.id AS address, p.name, p.password, a.verified_at FROM person_address a
         JOIN person p ON p.id = a.person WHERE a.normalised = ?",
        email.normalised()
    ))
}

record! {
    /// A person as letters know him.
    pub struct Reachable {
        /// What the person is called.
        pub name: String,
        /// The primary address, which something mailed to it has proved.
        pub address: String,
    }
}

/// Where a person can be told something: the primary address, once it is proved.
pub fn reachable(db: &mut Conn, _: &System, person: PersonId) -> Result<Option<Reachable>, Error> {
    db.first(sql!(
        "SELECT p.name, a.address FROM person p JOIN person_address a ON a.person = p.id AND a.is_primary
         WHERE p.id = ? AND a.verified_at IS NOT NULL",
        person
    ))
}

record! {
    struct Password {
        password: Option<String>,
    }
}

/// The PHC string of a person's password, to compare with.
pub fn password(db: &mut Conn, _: &System, person: PersonId) -> Result<Option<String>, Error> {
    let row: Option<Password> = db.first(sql!("SELECT password FROM person WHERE id = ?", person))?;
    Ok(row.and_then(|row| row.password))
}

/// The PHC string of a person's password, kept from being replaced until the transaction ends.
pub fn locked_password(tx: &mut Tx, _: &System, person: PersonId) -> Result<Option<String>, Error> {
    let row: Option<Password> =
        tx.first(sql!("SELECT password FROM person WHERE id = ? /*pg: FOR SHARE */", person))?;
    Ok(row.and_then(|row| row.password))
}

record! {
    struct SetUp {
        set_up_at: Option<Time>,
    }
}

/// Whether the server has its first owner. Until then the first-run page is open.
pub fn set_up(db: &mut Conn) -> Result<bool, Error> {
    Ok(db.one::<SetUp>(sql!("SELECT set_up_at FROM server WHERE id = 1"))?.set_up_at.is_some())
}

/// Claims the first run: true for one caller ever.
pub fn claim_set_up(tx: &mut Tx, _: &System, now: Time) -> Result<bool, Error> {
    Ok(tx.run(sql!("UPDATE server SET set_up_at = ? WHERE id = 1 AND set_up_at IS NULL", now))? == 1)
}

/// A new person with one address.
pub struct NewPerson<'a> {
    /// What the person is called.
    pub name: &'a PersonName,
    /// The address, which becomes the primary one.
    pub email: &'a Email,
    /// The PHC string of the password.
    pub password: Option<&'a str>,
    /// Whether something mailed to the address has proved it.
    pub verified: bool,
    /// Whether the server as a whole is in this person's hands.
    pub operator: bool,
}

/// Makes an account; `None` if the address has one already, whoever made it in the meantime.
pub fn insert(tx: &mut Tx, new: &NewPerson, now: &Now) -> Result<Option<PersonId>, Error> {
    let person: PersonId = now.id();
    tx.run(sql!(
        "INSERT INTO person (id, name, folded, password, operator, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        person,
        new.name.as_str(),
        new.name.folded(),
        new.password,
        new.operator,
        now.at
    ))?;
    let added = tx.run(sql!(
        "INSERT INTO person_address (id, person, address, normalised, is_primary, verified_at)
         VALUES (?, ?, ?, ?, TRUE, ?) ON CONFLICT (normalised) DO NOTHING",
        now.id::<AddressId>(),
        person,
        new.email.as_str(),
        new.email.normalised(),
        new.verified.then_some(now.at)
    ))?;
    if added == 0 {
        tx.run(sql!("DELETE FROM person WHERE id = ?", person))?;
        return Ok(None);
    }
    Ok(Some(person))
}

/// Something mailed to the address proved it. True if it was not proved before.
pub fn verify(tx: &mut Tx, address: AddressId, now: Time) -> Result<bool, Error> {
    let changed =
        tx.run(sql!("UPDATE person_address SET verified_at = ? WHERE id = ? AND verified_at IS NULL", now, address))?;
    Ok(changed == 1)
}

record! {
    /// One address of a person.
    pub struct Address {
        /// Which.
        pub id: AddressId,
        /// As typed.
        pub address: String,
        /// The same as compared.
        pub normalised: String,
        /// Whether mail for the person goes there.
        pub is_primary: bool,
        /// When something mailed to it proved it. Only the first address of an account may be unproved.
        pub verified_at: Option<Time>,
    }
}

/// The addresses of whoever is signed in, the primary one first.
pub fn addresses(db: &mut Conn, who: &SignedIn) -> Result<Vec<Address>, Error> {
    db.all(sql!(
        "SELECT id, address, normalised, is_primary, verified_at FROM person_address WHERE person = ?
         ORDER BY is_primary DESC, normalised",
        who.person
    ))
}

/// Gives a person one address more, which was proved just now. False if it is somebody's already.
pub fn add_address(tx: &mut Tx, person: PersonId, email: &Email, now: &Now) -> Result<bool, Error> {
    let added = tx.run(sql!(
        "INSERT INTO person_address (id, person, address, normalised, is_primary, verified_at)
         VALUES (?, ?, ?, ?, FALSE, ?) ON CONFLICT (normalised) DO NOTHING",
        now.id::<AddressId>(),
        person,
        email.as_str(),
        email.normalised(),
        now.at
    ))?;
    Ok(added == 1)
}

/// Makes another address of a person the primary one.
pub fn make_primary(tx: &mut Tx, person: PersonId, address: AddressId) -> Result<(), Error> {
    tx.run(sql!("UPDATE person_address SET is_primary = FALSE WHERE person = ? AND is_primary", person))?;
    tx.run(sql!("UPDATE person_address SET is_primary = TRUE WHERE person = ? AND id = ?", person, address))?;
    members::refold(tx, person)
}

/// Takes an address of a person away.
pub fn remove_address(tx: &mut Tx, person: PersonId, address: AddressId) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM person_address WHERE person = ? AND id = ?", person, address))?;
    Ok(())
}

record! {
    struct Id {
        id: PersonId,
    }
}

/// Whether somebody else is an operator, who then stays one until the transaction ends.
pub fn has_other_operator(tx: &mut Tx, person: PersonId) -> Result<bool, Error> {
    let all: Vec<Id> = tx.all(sql!("SELECT id FROM person WHERE operator ORDER BY id /*pg: FOR NO KEY UPDATE */"))?;
    Ok(all.iter().any(|row| row.id != person))
}

record! {
    struct Name {
        name: String,
    }
}

/// The names of the workspaces whose only active owner somebody is.
pub fn sole_owner_of(db: &mut Conn, who: &SignedIn) -> Result<Vec<String>, Error> {
    let rows: Vec<Name> = db.all(sql!(
        "SELECT w.name FROM member m JOIN workspace w ON w.id = m.workspace
         WHERE m.person = ? AND m.state = 'active' AND m.role = 'owner' AND NOT EXISTS (SELECT 1 FROM member o
            WHERE o.workspace = m.workspace AND o.state = 'active' AND o.role = 'owner' AND o.person <> m.person)
         ORDER BY w.name, w.id",
        who.person
    ))?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Keeps others from changing a person until the transaction ends. The first lock of whatever changes how he gets in.
pub fn lock(tx: &mut Tx, person: PersonId) -> Result<(), Error> {
    tx.first::<db::Row>(sql!("SELECT id FROM person WHERE id = ? /*pg: FOR NO KEY UPDATE */", person)).map(drop)
}

/// Gives a person another password.
pub fn set_password(tx: &mut Tx, person: PersonId, password: &str) -> Result<(), Error> {
    tx.run(sql!("UPDATE person SET password = ? WHERE id = ?", password, person))?;
    Ok(())
}

/// What ended when an account began anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// So many keys.
    pub keys: u64,
    /// So many sessions.
    pub sessions: u64,
    /// So many addresses beside the one that was proved.
    pub addresses: u64,
}

/// Starts an account anew for whoever proved its address: earlier password, keys and sessions end (Identity), and so do
/// other addresses, by which somebody might come back. A name is kept if no new one is given.
pub fn take_over(
    tx: &mut Tx,
    person: PersonId,
    proved: AddressId,
    name: Option<&PersonName>,
    password: &str,
    now: Time,
) -> Result<Ended, Error> {
    set_password(tx, person, password)?;
    if let Some(name) = name {
        rename(tx, person, name)?;
    }
    let keys =
        tx.run(sql!("UPDATE api_key SET revoked_at = ? WHERE person = ? AND revoked_at IS NULL", now, person))?;
    let addresses = tx.run(sql!("DELETE FROM person_address WHERE person = ? AND id <> ?", person, proved))?;
    tx.run(sql!("UPDATE person_address SET is_primary = TRUE WHERE id = ?", proved))?;
    members::refold(tx, person)?;
    Ok(Ended { keys, sessions: crate::sessions::close_all(tx, person, None)?, addresses })
}

/// Gives a person another name.
pub fn rename(tx: &mut Tx, person: PersonId, name: &PersonName) -> Result<(), Error> {
    tx.run(sql!("UPDATE person SET name = ?, folded = ? WHERE id = ?", name.as_str(), name.folded(), person))?;
    members::refold(tx, person)
}
