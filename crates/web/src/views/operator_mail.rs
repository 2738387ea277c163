//! Pages for those who run the server.

use askama::Template;

use super::frame::{Flash, Theme};
use super::mail::Channel;
use super::parts::{Field, Person};
use super::{filters, paths};

/// Around a page of operators.
#[derive(Clone, Debug)]
pub struct Around {
    /// Who is signed in.
    pub person: Person,
    /// What just happened.
    pub flash: Option<Flash>,
    /// Light, dark or as the system has it.
    pub theme: Theme,
    /// That this person runs the server.
    pub operator: bool,
    /// The page one is on.
    pub here: Area,
}

impl Around {
    pub(super) fn is_here(&self, area: Area) -> bool {
        self.here == area
    }
}

/// Pages with an entry in the operators' navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Workspaces and limits.
    Limits,
    /// Mail.
    Mail,
}

/// The mail of the whole server. Posts `host`, `port`, `tls`, `user`, `password`, `from_address`, `from_name`,
/// `own_network`.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/operator_mail.html")]
pub struct OperatorMail {
    /// Around the page.
    pub frame: Around,
    /// Whether the command line names the mail server: then the form only shows it.
    pub fixed: bool,
    /// Whether the command line names the sender.
    pub fixed_from: bool,
    /// Whether a mail server is set.
    pub set: bool,
    /// The form.
    pub form: ServerForm,
    /// How the mail of the whole server is.
    pub channel: Channel,
    /// Messages of all workspaces that wait.
    pub waiting: i64,
    /// A test letter just sent.
    pub trial: Option<Trial>,
    /// Why no test letter was sent, or nothing was tried.
    pub refused: Option<String>,
}

/// The mail server as a form.
#[derive(Clone, Debug, Default)]
pub struct ServerForm {
    /// Host name or address.
    pub host: Field,
    /// TCP port.
    pub port: Field,
    /// `starttls`, `implicit` or `none`.
    pub tls: Field,
    /// User.
    pub user: Field,
    /// The password's fault, never its text.
    pub password: Field,
    /// Whether there is a password that stays if none is typed.
    pub has_password: bool,
    /// The sender's address.
    pub from_address: Field,
    /// The sender's name.
    pub from_name: Field,
    /// Whether it may stand in the own network.
    pub own_network: bool,
}

/// How a test letter fared.
#[derive(Clone, Debug)]
pub struct Trial {
    /// To whom.
    pub to: String,
    /// By which server.
    pub server: String,
    /// Whether it was taken.
    pub sent: bool,
    /// What was said of it.
    pub words: String,
    /// What to do.
    pub advice: String,
    /// The conversation.
    pub lines: Vec<Line>,
}

/// A line of the conversation.
#[derive(Clone, Debug)]
pub struct Line {
    /// Whether the mail server said it.
    pub theirs: bool,
    /// What was said.
    pub text: String,
}
