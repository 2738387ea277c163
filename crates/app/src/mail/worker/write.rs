//! From what was taken to the letter.

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::time::Time;

use super::errand::Errand;
use crate::{
    App,
    invitations::MAILED_TOKEN,
    mail::{
        channel::MailFrom,
        letter::{Invitation, Inviter, Letter, LetterError, MessageId, Person, Project},
    },
    vault::CannotOpen,
};

/// Why no letter can be written. Never the link.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritable {
    #[error("the link in the outbox is {0}; send the invitation again")]
    Sealed(#[from] CannotOpen),
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
    let (settings, invitation) = (app.settings(), &errand.invitation);
    let base_url = &settings.base_url;
    let link = settings.link(&format!("/join/{}", token(errand, app)?));
    let projects: Vec<_> = errand.projects.iter().map(|on| project(on, invitation.role)).collect();
    let says = Invitation {
        to: Person { name: invitation.name.as_deref(), address: &errand.message.address },
        inviter: Inviter { name: &invitation.inviter, address: invitation.inviter_address.as_deref() },
        workspace: &errand.workspace.name,
        base_url,
        link: &link,
        code: None,
        role: invitation.role.name(),
        role_can: invitation.role.words(),
        projects: &projects,
        groups: &[],
        message: invitation.message.as_deref(),
        ends: &invitation.end_if_out(now).in_words(),
    };
    let send = u32::try_from(errand.message.send).unwrap_or(u32::MAX);
    let id = MessageId::of_invitation(&invitation.id.to_string(), send, base_url)?;
    let date = jiff::Timestamp::from_microsecond(now.micros()).unwrap_or_default();
    Ok(says.letter(from, &id, date)?)
}

/// The one place that opens the mailed token.
fn token(errand: &Errand, app: &App) -> Result<String, CannotOpen> {
    let sealed = errand.message.secret.as_deref().ok_or(CannotOpen)?;
    String::from_utf8(app.vault().open(MAILED_TOKEN, sealed)?).map_err(|_| CannotOpen)
}

fn project(on: &store::invitations::OnProject, usual: domain::access::Role) -> Project<'_> {
    Project { name: &on.name, role: (on.role != usual).then(|| on.role.name()) }
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
