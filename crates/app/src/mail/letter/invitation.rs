//! The letter of an invitation.

use askama::Template;
use url::Url;

use super::{Content, LetterError, Parts, Person, filters, names, own_link};

/// What an invitation says. Names may hold anything but control characters.
#[derive(Clone, Copy)]
pub struct Invitation<'a> {
    /// Who is invited.
    pub to: Person<'a>,
    /// Who invites.
    pub inviter: Inviter<'a>,
    /// The workspace's name.
    pub workspace: &'a str,
    /// The server's, from its settings.
    pub base_url: &'a Url,
    /// `{base}/join/{token}`, a secret.
    pub link: &'a str,
    /// The typed code as shown, `H4QX-7MRT`; a secret.
    pub code: Option<&'a str>,
    /// The role's name.
    pub role: &'a str,
    /// What the role can do, in a few words: `write cases, execute runs`.
    pub role_can: &'a str,
    /// Projects the invited person will see; may be empty.
    pub projects: &'a [Project<'a>],
    /// Groups the invited person will be in; may be empty.
    pub groups: &'a [&'a str],
    /// The inviter's own words, of several lines.
    pub message: Option<&'a str>,
    /// When the link ends, with time zone: `Tuesday, 1 December 2026, 10:40 UTC`.
    pub ends: &'a str,
}

/// Who invites.
#[derive(Debug, Clone, Copy)]
pub struct Inviter<'a> {
    /// As the person wrote it; nothing in it becomes a link.
    pub name: &'a str,
    /// Where answers go, if it is proved to be this person's.
    pub address: Option<&'a str>,
}

impl<'a> Inviter<'a> {
    fn person(self) -> Option<Person<'a>> {
        self.address.map(|address| Person { name: Some(self.name), address })
    }
}

/// A project named in an invitation.
#[derive(Debug, Clone, Copy)]
pub struct Project<'a> {
    /// Its name.
    pub name: &'a str,
    /// The name of the role there, if it is another than in the workspace.
    pub role: Option<&'a str>,
}

impl Content for Invitation<'_> {
    fn to(&self) -> Person<'_> {
        self.to
    }

    fn reply_to(&self) -> Option<Person<'_>> {
        self.inviter.person()
    }

    fn parts(&self) -> Result<Parts, LetterError> {
        let words = self.words()?;
        Ok(Parts {
            subject: format!("{} invites you to {}", words.inviter, words.workspace),
            text: Text { words: &words }.render()?,
            html: Html { words: &words }.render()?,
        })
    }
}

impl Invitation<'_> {
    fn words(&self) -> Result<Words<'_>, LetterError> {
        let name = names::unlinked_line;
        let projects = self.projects.iter().map(|project| match project.role {
            Some(role) => Ok(format!("{} ({})", name(project.name, "project's name")?, name(role, "role's name")?)),
            None => name(project.name, "project's name"),
        });
        let projects: Vec<_> = projects.collect::<Result<_, LetterError>>()?;
        let groups: Vec<_> = self.groups.iter().map(|group| name(group, "group's name")).collect::<Result<_, _>>()?;
        Ok(Words {
            inviter: name(self.inviter.name, "inviter's name")?,
            inviter_address: self.inviter.address,
            to: self.to.address,
            workspace: name(self.workspace, "workspace's name")?,
            link: own_link(self.base_url, "/join/", self.link)?,
            join: self.base_url.join("/join").map_err(|_| LetterError::Link)?.to_string(),
            code: self.code,
            role: format!("{}: {}", name(self.role, "role's name")?, name(self.role_can, "role's rights")?),
            projects: projects.join(", "),
            groups: groups.join(", "),
            message: self.message.map(message).unwrap_or_default(),
            ends: self.ends,
            host: self.base_url.host_str().unwrap_or_default(),
        })
    }
}

/// The inviter's words line by line. Control characters are left out, and links stay words: a stranger's link under
/// this server's name is what a swindler wants.
fn message(text: &str) -> Vec<String> {
    let clean = |line: &str| names::unlinked(line.replace(char::is_control, " ").trim());
    text.trim().lines().map(clean).collect()
}

/// Everything both parts say, cleaned and unlinked; the link is the one thing left as it is.
struct Words<'a> {
    inviter: String,
    inviter_address: Option<&'a str>,
    to: &'a str,
    workspace: String,
    link: &'a str,
    join: String,
    code: Option<&'a str>,
    role: String,
    projects: String,
    groups: String,
    message: Vec<String>,
    ends: &'a str,
    host: &'a str,
}

#[derive(Template)]
#[template(path = "mail/invitation.txt", escape = "none")]
struct Text<'a> {
    words: &'a Words<'a>,
}

#[derive(Template)]
#[template(path = "mail/invitation.html")]
struct Html<'a> {
    words: &'a Words<'a>,
}
