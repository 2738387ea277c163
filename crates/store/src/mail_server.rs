//! The mail server as operators set it. Flags of the command line win over it; that is not known here.

use db::{Conn, Error, Tx};
use domain::{
    access::{Operator, System},
    time::Time,
};

/// What nodes listen to, to take a change up.
pub const TOPIC: &str = "mail_server";

record! {
    /// What is set, if anything is.
    pub struct Stored {
        /// Counts the changes: another number, another setting.
        pub version: i64,
        /// Where mail goes; none is copy-link mode.
        pub host: Option<String>,
        /// TCP port.
        pub port: Option<i64>,
        /// How the way there is encrypted, as `--smtp-url` writes it.
        pub tls: Option<String>,
        /// User for AUTH.
        pub login: Option<String>,
        /// Its password, sealed.
        pub password: Option<Vec<u8>>,
        /// The sender of all mail.
        pub from_address: Option<String>,
        /// What the sender is called.
        pub from_name: Option<String>,
        /// Whether addresses of private networks and of this machine may be spoken to.
        pub own_network: bool,
        /// When it was changed last.
        pub changed_at: Option<Time>,
    }
}

const WHOLE: &str = "version, host, port, tls, login, password, from_address, from_name, own_network, changed_at";

/// What is set.
pub fn get(db: &mut Conn, _: &System) -> Result<Stored, Error> {
    db.one(sql!(format!("SELECT {WHOLE} FROM mail_server WHERE id = 1")))
}

/// The same, and nobody changes it until the transaction ends.
pub fn lock(tx: &mut Tx, _: &Operator) -> Result<Stored, Error> {
    tx.one(sql!(format!("SELECT {WHOLE} FROM mail_server WHERE id = 1 /*pg: FOR UPDATE */")))
}

/// A mail server to be set.
pub struct NewMailServer<'a> {
    /// Host name or address.
    pub host: &'a str,
    /// TCP port.
    pub port: u16,
    /// How the way there is encrypted.
    pub tls: &'a str,
    /// User for AUTH and the sealed password.
    pub login: Option<(&'a str, &'a [u8])>,
    /// The sender of all mail.
    pub from_address: &'a str,
    /// What the sender is called.
    pub from_name: Option<&'a str>,
    /// Whether addresses of private networks and of this machine may be spoken to.
    pub own_network: bool,
}

/// Sets it; all nodes hear of it after the commit.
pub fn set(tx: &mut Tx, operator: &Operator, new: &NewMailServer, now: Time) -> Result<(), Error> {
    tx.run(sql!(
        "UPDATE mail_server SET version = version + 1, host = ?, port = ?, tls = ?, login = ?, password = ?,
            from_address = ?, from_name = ?, own_network = ?, changed_at = ?, changed_by = ? WHERE id = 1",
        new.host,
        i64::from(new.port),
        new.tls,
        new.login.map(|(user, _)| user),
        new.login.map(|(_, password)| password),
        new.from_address,
        new.from_name,
        new.own_network,
        now,
        operator.who().person
    ))?;
    tx.notify(TOPIC, String::new());
    Ok(())
}

/// Forgets it: links are copied by hand. False if none was set.
pub fn clear(tx: &mut Tx, operator: &Operator, now: Time) -> Result<bool, Error> {
    let cleared = tx.run(sql!(
        "UPDATE mail_server SET version = version + 1, host = NULL, port = NULL, tls = NULL, login = NULL,
            password = NULL, from_address = NULL, from_name = NULL, own_network = FALSE, changed_at = ?, changed_by = ?
         WHERE id = 1 AND host IS NOT NULL",
        now,
        operator.who().person
    ))?;
    if cleared == 1 {
        tx.notify(TOPIC, String::new());
    }
    Ok(cleared == 1)
}
