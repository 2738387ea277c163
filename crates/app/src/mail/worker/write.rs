//! From what was taken to the letter.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::{secret::Code, time::Time};
use jiff::Timestamp;

use super::errand::{Errand, Invited};
use crate::{
    App,
    invitations::MAILED_TOKEN,
    mail::{
        channel::MailFrom,
        letter::{
            Content, Invitation, Inviter, Letter, LetterError, MessageId, Notice, Person, Project, Reset, Verification,
            WayOn,
        },
    },
    post::{self, Posted, Says},
    vault::CannotOpen,
};

/// Why no letter can be written. Never the link.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritable {
    #[error("the link in the outbox is {0}; send the invitation again")]
    Sealed(#[from] CannotOpen),
    #[error("what the letter says is {0}")]
    Posted(CannotOpen),
    #[error("the letter cannot be written: {0}")]
    Letter(#[from] LetterError),
    #[error("the letter cannot be written: a mistake of this program, whose log says more")]
    Panic,
}

/// Writes the letter. A panic concerns this message alone.
pub(super) fn write(errand: &Errand, app: &App, from: &MailFrom, now: Time) -> Result<Letter, Unwritable> {
    catch(|| letter(errand, app, from, now))
}

fn catch<T>(write: impl FnOnce() -> Result<T, Unwritable>) -> Result<T, Unwritable> {
    // What a panic leaves half-written is thrown away.
    catch_unwind(AssertUnwindSafe(write)).unwrap_or(Err(Unwritable::Panic))
}

fn letter(errand: &Errand, app: &App, from: &MailFrom, now: Time) -> Result<Letter, Unwritable> {
    let date = Timestamp::from_microsecond(now.micros()).unwrap_or_default();
    match errand.invited.as_deref() {
        Some(invited) => invitation(errand, invited, app, from, (now, date)),
        None => posted(errand, app, from, date),
    }
}

fn invitation(
    errand: &Errand,
    invited: &Invited,
    app: &App,
    from: &MailFrom,
    (now, date): (Time, Timestamp),
) -> Result<Letter, Unwritable> {
    let (settings, invitation) = (app.settings(), &invited.invitation);
    let base_url = &settings.base_url;
    let (token, code) = secrets(errand, app)?;
    let link = settings.link(&format!("/join/{token}"));
    let projects: Vec<_> = invited.projects.iter().map(|on| project(on, invitation.role)).collect();
    let says = Invitation {
        to: Person { name: invitation.name.as_deref(), address: &errand.message.address },
        inviter: Inviter { name: &invitation.inviter, address: invitation.inviter_address.as_deref() },
        workspace: &invited.workspace.name,
        base_url,
        link: &link,
        code: Some(&code.reveal()),
        role: invitation.role.name(),
        role_can: invitation.role.words(),
        projects: &projects,
        groups: &[],
        message: invitation.message.as_deref(),
        ends: &invitation.end_if_out(now).in_words(),
    };
    let send = u32::try_from(errand.message.send).unwrap_or(u32::MAX);
    let id = MessageId::of_invitation(&invitation.id.to_string(), send, base_url)?;
    Ok(says.letter(from, &id, date)?)
}

/// The one place that opens the mailed token and the code.
fn secrets(errand: &Errand, app: &App) -> Result<(String, Code), CannotOpen> {
    let sealed = errand.message.secret.as_deref().ok_or(CannotOpen)?;
    let opened = String::from_utf8(app.vault().open(MAILED_TOKEN, sealed)?).map_err(|_| CannotOpen)?;
    let (token, code) = opened.split_once(' ').ok_or(CannotOpen)?;
    Ok((token.to_owned(), code.parse().map_err(|_| CannotOpen)?))
}

fn project(on: &store::invitations::OnProject, usual: domain::access::Role) -> Project<'_> {
    Project { name: &on.name, role: (on.role != usual).then(|| on.role.name()) }
}

/// A letter of the server to a person, from what was posted.
fn posted(errand: &Errand, app: &App, from: &MailFrom, date: Timestamp) -> Result<Letter, Unwritable> {
    let (message, base_url) = (&errand.message, &app.settings().base_url);
    let sealed = message.secret.as_deref().ok_or(Unwritable::Posted(CannotOpen))?;
    let Posted { name, says } = post::open(app.vault(), sealed).map_err(Unwritable::Posted)?;
    let to = Person { name: Some(&name), address: &message.address };
    let id = MessageId::of_message(&message.id.to_string(), base_url)?;
    match &says {
        Says::Reset { token, ends_at } => {
            let (link, ends) = (app.settings().link(&format!("/reset/{token}")), ends_at.in_words());
            Ok(Reset { to, base_url, link: &link, ends: &ends }.letter(from, &id, date)?)
        }
        Says::Verification { token, ends_at } => {
            let (link, ends) = (app.settings().link(&format!("/verify/{token}")), ends_at.in_words());
            let to = Person { name: None, ..to };
            Ok(Verification { to, account: &name, base_url, link: &link, ends: &ends }.letter(from, &id, date)?)
        }
        Says::Notice(notice) => {
            let way = notice.way_on().map(|(label, path)| (label, app.settings().link(&path)));
            let way_on = way.as_ref().map(|(label, link)| WayOn { label, link });
            let says = Notice { to, base_url, heading: notice.heading(), lines: notice.lines(), way_on };
            Ok(says.letter(from, &id, date)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_while_writing_is_one_unwritable_letter() {
        let wrote = catch::<()>(|| panic!("a template's mistake"));
        assert!(wrote.unwrap_err().to_string().contains("cannot be written"));
    }
}
