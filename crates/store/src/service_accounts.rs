//! Service accounts: members without address or sign-in, which act by keys alone.

use db::{Conn, Error, Tx};
use domain::{
    access::{ManageMembers, May, Role, Still, System},
    id::{MemberId, PersonId, ServiceId, WorkspaceId},
    now::Now,
    time::Time,
    title::PersonName,
};

use crate::{
    Param,
    erasure::NOBODY,
    members,
    sql::{All, within},
};

record! {
    /// A service account that is a current member.
    pub struct ServiceAccount {
        /// Which.
        pub id: ServiceId,
        /// Its membership.
        pub member: MemberId,
        /// What it is called.
        pub name: String,
        /// Its role in the workspace.
        pub role: Role,
        /// `active` or `deactivated`.
        pub state: String,
        /// Since when.
        pub created_at: Time,
        /// What whoever made it is called.
        pub created_by: String,
        /// So many keys that are not revoked.
        pub keys: i64,
        /// The last request with one of them, to the minute.
        pub used_at: Option<Time>,
    }
}

const WHOLE: &str =
    "SELECT s.person AS id, m.id AS member, p.name, m.role, m.state, p.created_at, c.name AS created_by,
    (SELECT COUNT(*) FROM api_key k WHERE k.workspace = s.workspace AND k.person = s.person AND k.revoked_at IS NULL)
    AS keys,
    (SELECT MAX(k.used_at) FROM api_key k WHERE k.workspace = s.workspace AND k.person = s.person) AS used_at
    FROM service_account s JOIN person p ON p.id = s.person JOIN person c ON c.id = s.created_by
    JOIN member m ON m.workspace = s.workspace AND m.person = s.person AND m.state IN ('active', 'deactivated')";

fn here(may: &May<ManageMembers>) -> All {
    All::of("s.workspace = ?", vec![may.workspace().value()])
}

/// Those of the workspace, by name.
pub fn list(db: &mut Conn, may: &May<ManageMembers>) -> Result<Vec<ServiceAccount>, Error> {
    db.all(here(may).rows(WHOLE, "ORDER BY p.folded, p.id", Vec::new()))
}

/// One of them.
pub fn find(db: &mut Conn, may: &May<ManageMembers>, id: ServiceId) -> Result<Option<ServiceAccount>, Error> {
    db.first(here(may).and("s.person = ?", vec![id.value()]).rows(WHOLE, "", Vec::new()))
}

/// Makes one, with its membership.
pub fn insert(
    tx: &mut Tx,
    still: &Still<ManageMembers>,
    name: &PersonName,
    role: Role,
    now: &Now,
) -> Result<(ServiceId, MemberId), Error> {
    let key: PersonId = now.id();
    tx.run(sql!(
        "INSERT INTO person (id, name, folded, created_at) VALUES (?, ?, ?, ?)",
        key,
        name.as_str(),
        name.folded(),
        now.at
    ))?;
    tx.run(sql!(
        "INSERT INTO service_account (person, workspace, created_by) VALUES (?, ?, ?)",
        key,
        still.workspace(),
        still.person()
    ))?;
    let member = members::insert(tx, still.workspace(), key, role, None, now)?;
    Ok((ServiceId::of(key), member.ok_or_else(|| Error::Shape("a new account is no member yet".to_owned()))?))
}

record! {
    struct Of {
        person: PersonId,
    }
}

/// Whoever was a service account of a workspace that is erased, removed ones too.
pub fn of_erased(tx: &mut Tx, _: &System, workspace: WorkspaceId) -> Result<Vec<PersonId>, Error> {
    let rows: Vec<Of> =
        tx.all(sql!("SELECT person FROM service_account WHERE workspace = ? ORDER BY person", workspace))?;
    Ok(rows.into_iter().map(|row| row.person).collect())
}

/// Takes out what is left of service accounts whose workspace is gone. One that its log still names stays, without a name.
pub fn bury(tx: &mut Tx, _: &System, accounts: &[PersonId]) -> Result<(), Error> {
    if accounts.is_empty() {
        return Ok(());
    }
    let references = tx.references()?.into_iter().filter(|reference| reference.parent == "person");
    let free: Vec<String> = references
        .map(|it| format!("NOT EXISTS (SELECT 1 FROM \"{}\" r WHERE r.\"{}\" = person.id)", it.table, it.column))
        .collect();
    let text = format!("DELETE FROM person WHERE id IN ({{}}) AND {}", free.join(" AND "));
    tx.run(within(&text, Vec::new(), accounts))?;
    let nobody = vec![NOBODY.value(), NOBODY.to_lowercase().value()];
    tx.run(within("UPDATE person SET name = ?, folded = ? WHERE id IN ({})", nobody, accounts))?;
    Ok(())
}
