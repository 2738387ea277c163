//! What holds now, on this node, and taking a change up.

use std::sync::Arc;

use domain::access::System;
use store::mail_server::{self, Stored};

use super::PURPOSE;
use crate::{
    App, Failure, Settings,
    mail::channel::{Login, MailFrom, Reach, SmtpUrl},
    settings::{Mail, Outbox},
    vault::Vault,
};

/// How mail leaves now.
#[derive(Clone, Debug)]
pub(crate) struct InEffect {
    /// `None` is copy-link mode.
    pub(crate) mail: Option<Arc<Mail>>,
    /// Of what operators set.
    version: i64,
}

impl InEffect {
    /// As the command line says.
    pub(crate) fn at_first(settings: &Settings) -> Self {
        Self { mail: settings.mail.clone().map(Arc::new), version: 0 }
    }
}

/// Takes up what operators set, here or on another node. Where the command line names a mail server, that stays.
pub async fn reread(app: &App) -> Result<(), Failure> {
    if app.settings().mail.is_some() {
        return Ok(());
    }
    let system = System::because("the mail server in effect is the server's business");
    let stored = app.read(move |db, _| Ok(mail_server::get(db, &system)?)).await?;
    let version = stored.version;
    if app.mail_in_effect().borrow().version < version {
        let mail = opened(stored, app.vault(), &app.settings().outbox).map(Arc::new);
        app.mail_in_effect().send_if_modified(|now| {
            let newer = now.version < version;
            if newer {
                *now = InEffect { mail, version };
            }
            newer
        });
    }
    Ok(())
}

/// What was stored, ready for use. What cannot be used is told in the log, and is no mail server.
fn opened(stored: Stored, vault: &Vault, outbox: &Outbox) -> Option<Mail> {
    stored.host.as_ref()?;
    let mail = mail(stored, vault, outbox);
    if mail.is_none() {
        tracing::error!("the stored mail server cannot be used: was the secret key changed? Set it again on its page");
    }
    mail
}

fn mail(stored: Stored, vault: &Vault, outbox: &Outbox) -> Option<Mail> {
    let login = match stored.login.zip(stored.password) {
        Some((user, sealed)) => {
            let password = String::from_utf8(vault.open(PURPOSE, &sealed).ok()?).ok()?;
            Some(Login { user, password: password.into() })
        }
        None => None,
    };
    let port = u16::try_from(stored.port?).ok()?;
    let smtp = SmtpUrl::of(&stored.host?, port, stored.tls?.parse().ok()?, login)?;
    let theirs = MailFrom::of(&stored.from_address?, stored.from_name.as_deref().unwrap_or_default()).ok()?;
    let from = outbox.from.clone().unwrap_or(theirs);
    let reach = if stored.own_network { Reach::Anywhere } else { Reach::Public };
    Some(Mail { smtp, reach, from, connections: outbox.connections, retry_first: outbox.retry_first })
}
