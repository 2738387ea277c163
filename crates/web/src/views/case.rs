//! A case: read, written, its versions.

use askama::Template;

use super::frame::{Flash, Frame, Notice, Place};
use super::parts::{Choice, Face, Field, Moment};
use super::{filters, paths};

/// Markdown as HTML that `domain::markdown` made: nothing else can stand in it, so it is safe to put into a page.
#[derive(Clone, Debug, Default)]
pub struct Prose(pub domain::markdown::Html);

impl Prose {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Which case, for the head of each of its pages.
#[derive(Clone, Debug)]
pub struct Heading {
    /// The id of the case, which open pages follow.
    pub id: String,
    /// The project's key.
    pub key: String,
    /// The project's name.
    pub project: String,
    /// The 123 of `WEB-123`.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its newest version.
    pub version: i64,
    /// Whether this person may change it.
    pub writes: bool,
    /// Since when it lies in the trash.
    pub trashed: Option<Moment>,
}

/// The page of a case.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/case.html")]
pub struct Case {
    /// Around the page.
    pub frame: Frame,
    /// Which.
    pub heading: Heading,
    /// What it says.
    pub text: CaseText,
    /// What it is.
    pub facts: Facts,
    /// Its review, if its project has reviews.
    pub review: Option<Review>,
    /// The files on it.
    pub files: Files,
}

/// The files on a case.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// In the order they came.
    pub rows: Vec<File>,
    /// Whether there are more.
    pub more: bool,
    /// Whether this person may attach and remove.
    pub writes: bool,
    /// The most bytes of one.
    pub limit: u64,
    /// The same as people read it.
    pub limit_in_words: String,
    /// What was wrong with the one that was sent.
    pub error: Option<String>,
}

/// A file on a case.
#[derive(Clone, Debug)]
pub struct File {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub path: String,
    /// Whether it is shown.
    pub picture: bool,
    /// How large: `1.5 MB`.
    pub size: String,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// What a case says, to be read.
#[derive(Clone, Debug, Default)]
pub struct CaseText {
    /// What it is about.
    pub description: Prose,
    /// What must hold before.
    pub preconditions: Prose,
    /// The text of a document.
    pub text: Prose,
    /// The steps, if that is its template.
    pub steps: Option<Vec<StepText>>,
}

/// A step to be read.
#[derive(Clone, Debug)]
pub struct StepText {
    /// What to do.
    pub action: Prose,
    /// What is to be seen then.
    pub expected: Prose,
    /// The id of a group of steps it stands for.
    pub group: Option<String>,
}

/// What a case is, beside what it says.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Status, priority, type and automation by name.
    pub properties: Vec<Fact>,
    /// Who answers for it.
    pub owner: Option<Somebody>,
    /// Who is to review it.
    pub reviewer: Option<Somebody>,
    /// How long it takes: `1h 30m`.
    pub estimate: Option<String>,
    /// Its labels.
    pub labels: Vec<Tag>,
    /// What it has in the project's own fields.
    pub own: Vec<OwnFact>,
    /// Who wrote it, and when.
    pub created: (String, Moment),
    /// Who saved it last, and when.
    pub changed: (String, Moment),
}

/// A label or option: a word with a colour.
#[derive(Clone, Debug)]
pub struct Tag {
    /// `smoke`.
    pub name: String,
    /// `green`.
    pub colour: &'static str,
}

/// One of the project's own fields.
#[derive(Clone, Debug)]
pub struct OwnFact {
    /// What it is called.
    pub name: String,
    /// What the case has in words; `None` is nothing.
    pub value: Option<String>,
    /// The value as options, where it is some.
    pub tags: Vec<Tag>,
    /// Whether it leads somewhere.
    pub link: bool,
}

/// One of the project's own fields, to be filled in.
#[derive(Clone, Debug)]
pub struct OwnForm {
    /// As the form sends it.
    pub name: String,
    /// What it is called.
    pub words: String,
    /// `text`, `number`, `date`, `select`, `multi_select`, `person`, `url` or `checkbox`.
    pub kind: &'static str,
    /// Whether it must have a value.
    pub required: bool,
    /// As typed; ids of options with commas between.
    pub value: String,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// A property and its value.
#[derive(Clone, Debug)]
pub struct Fact {
    /// `Priority`.
    pub name: &'static str,
    /// `High`.
    pub value: String,
    /// The hue of the value.
    pub colour: i64,
    /// One to four strokes, for a priority that is one of four.
    pub level: Option<i64>,
}

/// Somebody by name.
#[derive(Clone, Debug, Default)]
pub struct Somebody {
    /// The name.
    pub name: String,
    /// Initials and hue.
    pub face: Face,
}

/// Where a review stands, and what this person may do about it.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// `draft`, `in_review`, `ready` or `rework`.
    pub state: &'static str,
    /// The same in words.
    pub words: &'static str,
    /// Who said so, and when.
    pub by: Option<(String, Moment)>,
    /// Why it is to be written again.
    pub note: Option<String>,
    /// Who can be asked, if this person may ask; the case's reviewer is chosen.
    pub reviewers: Vec<Choice>,
    /// Whether this person may ask.
    pub asks: bool,
    /// Whether this person may answer.
    pub answers: bool,
    /// Whether this person may take the case out of review.
    pub withdraws: bool,
    /// The revision that is read.
    pub revision: i64,
    /// What is wrong with the reason that was typed, and the reason.
    pub rework: Field,
    /// What is wrong with the reviewer that was chosen.
    pub fault: Option<String>,
}

/// A case to be written: a new one, or one that is changed.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/case_form.html")]
pub struct CaseForm {
    /// Around the page.
    pub frame: Frame,
    /// The project's key.
    pub key: String,
    /// The project's name.
    pub project: String,
    /// The case that is changed; `None` for a new one.
    pub case: Option<Editing>,
    /// The folder a new one is to lie in.
    pub folder: String,
    /// The title as typed.
    pub title: Field,
    /// `steps` or `document`.
    pub template: String,
    /// As typed.
    pub description: Field,
    /// As typed.
    pub preconditions: Field,
    /// As typed.
    pub text: Field,
    /// As typed, and at least one.
    pub steps: Vec<StepForm>,
    /// What is wrong with the steps.
    pub steps_error: Option<String>,
    /// Status, priority, type and automation.
    pub properties: Vec<PropertyForm>,
    /// Who can answer for it.
    pub owners: Vec<Choice>,
    /// Who can review it.
    pub reviewers: Vec<Choice>,
    /// As typed.
    pub estimate: Field,
    /// Names with commas between, as typed.
    pub labels: Field,
    /// Names of labels to choose from.
    pub known_labels: Vec<String>,
    /// The project's own fields.
    pub own: Vec<OwnForm>,
    /// The most bytes of a picture.
    pub limit: u64,
    /// What a person is called by where drafts are kept: nobody else sees them.
    pub draft: String,
}

impl CaseForm {
    fn number(&self) -> Option<i64> {
        self.case.as_ref().map(|case| case.number)
    }
}

/// The case that is changed.
#[derive(Clone, Debug)]
pub struct Editing {
    /// Its number.
    pub number: i64,
    /// The revision that was read.
    pub revision: i64,
    /// What each field held then, as marks: what is sent unchanged changes nothing.
    pub marks: String,
    /// Fields that somebody else has changed meanwhile.
    pub conflicts: Vec<ConflictRow>,
}

/// Two values of one field.
#[derive(Clone, Debug)]
pub struct ConflictRow {
    /// The field, as the form names it.
    pub field: String,
    /// The field in words.
    pub words: String,
    /// What somebody else has saved.
    pub theirs: String,
    /// What was typed.
    pub yours: String,
}

/// A step as typed.
#[derive(Clone, Debug, Default)]
pub struct StepForm {
    /// What to do.
    pub action: String,
    /// What is to be seen then.
    pub expected: String,
    /// The id of a group of steps it stands for, or nothing.
    pub group: String,
}

/// A property to be chosen.
#[derive(Clone, Debug)]
pub struct PropertyForm {
    /// `priority`.
    pub field: &'static str,
    /// `Priority`.
    pub words: &'static str,
    /// Its values.
    pub choices: Vec<Choice>,
    /// What is wrong with the choice.
    pub error: Option<String>,
}

/// The versions of a case.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/case_versions.html")]
pub struct Versions {
    /// Around the page.
    pub frame: Frame,
    /// Which case.
    pub heading: Heading,
    /// Newest first.
    pub rows: Vec<VersionRow>,
    /// The address of the next page.
    pub more: Option<String>,
}

/// A version in the list.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// Counts from 1.
    pub version: i64,
    /// What somebody called it.
    pub name: Option<String>,
    /// Who wrote it.
    pub by: Somebody,
    /// When it was saved last.
    pub at: Moment,
    /// The version whose content it took up again.
    pub restored: Option<i64>,
}

/// One version beside another.
#[derive(Clone, Debug, Template)]
#[template(path = "pages/case_version.html")]
pub struct Compared {
    /// Around the page.
    pub frame: Frame,
    /// Which case.
    pub heading: Heading,
    /// The version that is looked at.
    pub version: VersionRow,
    /// The version it is compared with; `None` for the first.
    pub against: Option<i64>,
    /// All versions to compare with, newest first.
    pub choices: Vec<Choice>,
    /// Whether texts stand beside each other.
    pub beside: bool,
    /// Fields that differ.
    pub changes: Vec<ChangeRow>,
    /// What the case said in this version.
    pub text: CaseText,
    /// The name as typed.
    pub name: Field,
}

/// A field of two versions.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// The field in words.
    pub words: String,
    /// Its text as one: kept, gone and new pieces in the order of reading.
    pub inline: Vec<PieceText>,
    /// Its lines beside each other.
    pub sides: Vec<(Side, Side)>,
}

/// A line on one side, if it has one there.
pub type Side = Option<Vec<PieceText>>;

/// A piece of text.
#[derive(Clone, Debug)]
pub struct PieceText {
    /// `kept`, `gone` or `new`.
    pub fate: &'static str,
    /// Its words.
    pub text: String,
}
