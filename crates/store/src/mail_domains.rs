//! The domains a workspace allows and blocks.

use db::{Conn, Error, Tx};
use domain::{
    access::{ManageWorkspace, Still},
    id::WorkspaceId,
    mail_domain::{MailDomain, MailDomains},
};

record! {
    struct Rule {
        shown: String,
        blocked: bool,
    }
}

/// Those of a workspace, in the order they were written down. They are obeyed whoever asks, so the workspace is that of
/// an invitation or of a proof.
pub fn of(db: &mut Conn, workspace: WorkspaceId) -> Result<MailDomains, Error> {
    let rows: Vec<Rule> =
        db.all(sql!("SELECT shown, blocked FROM workspace_domain WHERE workspace = ? ORDER BY blocked, n", workspace))?;
    let mut domains = MailDomains::default();
    for row in rows {
        let domain = MailDomain::parse(&row.shown).map_err(|error| Error::Shape(error.to_string()))?;
        if row.blocked { domains.blocked.push(domain) } else { domains.allowed.push(domain) }
    }
    Ok(domains)
}

/// Puts these in place of those there were.
pub fn replace(tx: &mut Tx, still: &Still<ManageWorkspace>, domains: &MailDomains) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM workspace_domain WHERE workspace = ?", still.workspace()))?;
    for (list, blocked) in [(&domains.allowed, false), (&domains.blocked, true)] {
        for (n, domain) in (0_i64..).zip(list) {
            tx.run(sql!(
                "INSERT INTO workspace_domain (workspace, ascii, shown, blocked, n) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (workspace, ascii, blocked) DO NOTHING",
                still.workspace(),
                domain.ascii(),
                domain.as_str(),
                blocked,
                n
            ))?;
        }
    }
    Ok(())
}
