//! Operators: the persons in whose hands the server as a whole is.

use db::{Conn, Error, Tx};
use domain::{
    access::{Operator, SignedIn, System},
    id::PersonId,
};

use crate::people::Person;

/// Proof that whoever is signed in is an operator, by session or by a key without a `rights` limit.
#[expect(clippy::disallowed_methods, reason = "this is where operators are found")]
pub fn find(db: &mut Conn, who: &SignedIn) -> Result<Option<Operator>, Error> {
    if !who.unlimited() {
        return Ok(None);
    }
    let row: Option<db::Row> = db.first(sql!("SELECT id FROM person WHERE id = ? AND operator", who.person))?;
    Ok(row.map(|_| Operator::found(*who)))
}

/// Whether it still holds, in the transaction that acts on it, which keeps it from being taken back until it ends.
pub fn still(tx: &mut Tx, operator: &Operator) -> Result<bool, Error> {
    let person = operator.who().person;
    let row: Option<db::Row> =
        tx.first(sql!("SELECT id FROM person WHERE id = ? AND operator /*pg: FOR SHARE */", person))?;
    Ok(row.is_some())
}

/// All of them, by name.
pub fn list(db: &mut Conn, _: &System) -> Result<Vec<Person>, Error> {
    db.all(sql!(
        "SELECT p.id, p.name, a.address, a.verified_at IS NOT NULL AS verified, p.operator FROM person p
         JOIN person_address a ON a.person = p.id AND a.is_primary WHERE p.operator ORDER BY p.folded, p.id"
    ))
}

/// Makes somebody an operator, or ends that. True if that changed anything.
pub fn set(tx: &mut Tx, _: &System, person: PersonId, operator: bool) -> Result<bool, Error> {
    Ok(tx.run(sql!("UPDATE person SET operator = ? WHERE id = ? AND operator <> ?", operator, person, operator))? == 1)
}
