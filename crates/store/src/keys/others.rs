//! Keys of others, for who manages members: by name, holder and last use, never the key.

use db::{Conn, Error, Tx};
use domain::{
    access::{ManageMembers, May, Rights, Role, Still},
    id::{KeyId, PersonId, ServiceId},
    time::Time,
};

use super::Key;
use crate::{
    Param,
    paging::{Page, Slice},
    sql::All,
};

record! {
    /// A key with its holder.
    pub struct HeldKey {
        /// Which.
        pub id: KeyId,
        /// What for.
        pub name: String,
        /// The rights it is limited to, if any.
        pub rights: Option<Rights>,
        /// Since when.
        pub created_at: Time,
        /// Until when, if not for ever.
        pub ends_at: Option<Time>,
        /// When it was last used, to the minute.
        pub used_at: Option<Time>,
        /// Whose.
        pub holder: PersonId,
        /// What the holder is called.
        pub holder_name: String,
        /// Whether the holder is a service account.
        pub service: bool,
        /// The holder's role in the workspace.
        pub role: Role,
    }
}

const HELD: &str = "SELECT k.id, k.name, k.rights, k.created_at, k.ends_at, k.used_at, k.person AS holder,
    p.name AS holder_name, s.person IS NOT NULL AS service, m.role
    FROM api_key k JOIN person p ON p.id = k.person LEFT JOIN service_account s ON s.person = k.person
    JOIN member m ON m.workspace = k.workspace AND m.person = k.person AND m.state IN ('active', 'deactivated')";

/// The keys of every current member that are not revoked, newest first.
pub fn everyones(db: &mut Conn, may: &May<ManageMembers>, page: &Page<KeyId>) -> Result<Slice<HeldKey>, Error> {
    let mut wanted = All::of("k.workspace = ? AND k.revoked_at IS NULL", vec![may.workspace().value()]);
    if let Some(after) = page.after {
        wanted = wanted.and("k.id < ?", vec![after.value()]);
    }
    Ok(page.cut(db.all(wanted.rows(HELD, "ORDER BY k.id DESC LIMIT ?", vec![page.probe().value()]))?))
}

/// One of them.
pub fn find_held(db: &mut Conn, may: &May<ManageMembers>, id: KeyId) -> Result<Option<HeldKey>, Error> {
    let wanted = All::of("k.workspace = ? AND k.revoked_at IS NULL", vec![may.workspace().value()]);
    db.first(wanted.and("k.id = ?", vec![id.value()]).rows(HELD, "", Vec::new()))
}

/// The keys of a service account that are not revoked, newest first.
pub fn of_service(db: &mut Conn, may: &May<ManageMembers>, id: ServiceId) -> Result<Vec<Key>, Error> {
    db.all(sql!(
        "SELECT k.id, k.name, k.rights, k.created_at, k.ends_at, k.used_at FROM api_key k
         JOIN service_account s ON s.person = k.person AND s.workspace = k.workspace
         WHERE k.workspace = ? AND k.person = ? AND k.revoked_at IS NULL ORDER BY k.id DESC",
        may.workspace(),
        id
    ))
}

/// Takes back anybody's key. False if it was taken back before.
pub fn revoke_held(tx: &mut Tx, still: &Still<ManageMembers>, id: KeyId, now: Time) -> Result<bool, Error> {
    let changed = tx.run(sql!(
        "UPDATE api_key SET revoked_at = ? WHERE id = ? AND workspace = ? AND revoked_at IS NULL",
        now,
        id,
        still.workspace()
    ))?;
    Ok(changed == 1)
}
