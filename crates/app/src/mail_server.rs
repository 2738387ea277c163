//! The mail server: as the command line names it, or else as operators set it on a page.

mod in_effect;
mod trial;
mod wanted;

use db::Tx;
use domain::{
    access::Operator,
    event::{Event, What},
    now::Now,
};
use secrecy::ExposeSecret;
use store::{
    channel, events,
    mail_server::{self, NewMailServer, Stored},
};

pub(crate) use in_effect::InEffect;
pub use in_effect::reread;
pub use trial::{End, Trial, trial};
pub use wanted::{Typed, Wanted};

use crate::{Failure, Settings, mail_channel::begin, vault::Vault};

/// What the password is sealed for.
const PURPOSE: &str = "mail server password";

/// What verbs about the mail server need.
#[derive(Clone, Copy)]
pub struct With<'a> {
    /// Seals the password.
    pub vault: &'a Vault,
    /// Whether the command line names the mail server, which wins.
    pub settings: &'a Settings,
}

impl With<'_> {
    fn is_ours_to_set(&self) -> Result<(), Failure> {
        let detail = "The command line names the mail server (--smtp-url), so it cannot be changed here.";
        if self.settings.mail.is_some() { Err(Failure::conflict("set_by_command_line", detail)) } else { Ok(()) }
    }
}

/// Sets it. A channel that paused itself is tried at once: what was wrong may be mended now.
pub fn set(tx: &mut Tx, with: With, operator: &Operator, wanted: &Wanted, now: &Now) -> Result<(), Failure> {
    begin(tx, operator, "set the mail server", now)?;
    with.is_ours_to_set()?;
    let old = mail_server::lock(tx, operator)?;
    let sealed = password(with.vault, &old, wanted, now)?;
    let login = wanted.login.as_ref().map(|login| login.user.as_str()).zip(sealed.as_deref());
    let tls = wanted.tls.to_string();
    let new = NewMailServer {
        host: &wanted.host,
        port: wanted.port,
        tls: &tls,
        login,
        from_address: wanted.from.address(),
        from_name: wanted.from.name(),
        own_network: wanted.own_network,
    };
    mail_server::set(tx, operator, &new, now.at)?;
    channel::probe_now(tx, operator, now.at)?;
    let port = old.port.map_or(serde_json::Value::Null, Into::into);
    let event = Event::new(What::MailServerChanged, "mail_server", "mail_server", &wanted.host)
        .change("port", port, wanted.port)
        .change("tls", old.tls, tls)
        .change("own_network", old.own_network, wanted.own_network);
    Ok(events::add(tx, None, Some(operator.who().person), &event, now)?)
}

/// Removes it: from now on links are copied by hand, and what waits is kept.
pub fn remove(tx: &mut Tx, with: With, operator: &Operator, now: &Now) -> Result<(), Failure> {
    begin(tx, operator, "remove the mail server", now)?;
    with.is_ours_to_set()?;
    let old = mail_server::lock(tx, operator)?;
    if mail_server::clear(tx, operator, now.at)? {
        let host = old.host.unwrap_or_default();
        let event = Event::new(What::MailServerRemoved, "mail_server", "mail_server", host);
        events::add(tx, None, Some(operator.who().person), &event, now)?;
    }
    Ok(())
}

/// The password sealed. One left empty stays, but only for the server and user it was given for: whoever changes the
/// host must know it, lest it be sent to a machine that collects passwords.
fn password(vault: &Vault, old: &Stored, wanted: &Wanted, now: &Now) -> Result<Option<Vec<u8>>, Failure> {
    let Some(login) = &wanted.login else { return Ok(None) };
    if let Some(password) = &login.password {
        return Ok(Some(vault.seal(PURPOSE, password.expose_secret().as_bytes(), now)));
    }
    let same_server = old.host.as_ref() == Some(&wanted.host) && old.port == Some(i64::from(wanted.port));
    let kept = old.password.clone().filter(|_| same_server && old.login.as_ref() == Some(&login.user));
    let why = "Type the password: it is only kept for the server, port and user it was given for.";
    kept.map(Some).ok_or_else(|| Failure::invalid("password", "required", why))
}
