//! What stands around every page of a workspace.

use app::{App, Failure};
use askama::Template;
use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use db::Conn;
use domain::{
    access::{May, Membership, People, Right, Role, SignedIn},
    now::Now,
};
use http::{header, request::Parts};
use store::{channel, holders, members, messages, people, projects, workspaces};

use super::page::{Page, forget, told};
use crate::{
    extract::Caller,
    failed::Failed,
    site::Site,
    views::{
        frame::{Flash, Frame, Notice, Own, Place, Settings, Theme},
        operator_mail::{Area, Around},
        parts::{Face, Person, ProjectLink, WorkspaceLink},
        paths,
    },
};

/// Somebody looks at a page.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who.
    pub who: SignedIn,
    /// The browser's cookies; what just happened is taken out.
    pub jar: CookieJar,
    /// What just happened.
    pub flash: Option<Flash>,
    elsewhere: Option<String>,
    here: String,
    answers: bool,
}

impl FromRequestParts<Site> for Visit {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failed> {
        let caller = <Caller as FromRequestParts<Site>>::from_request_parts(parts, site).await?;
        let settings = site.app().settings();
        let jar = CookieJar::from_headers(&parts.headers);
        // A page that reads itself anew must not take what the next one has to tell.
        let reads_anew = parts.headers.contains_key("x-live");
        let flash = told(&jar, settings).filter(|_| !reads_anew);
        let jar = if reads_anew { jar } else { forget(jar, settings) };
        let here = here(parts);
        Ok(Self {
            who: caller.who,
            jar,
            flash,
            elsewhere: elsewhere(parts, site.app()),
            here,
            answers: !parts.method.is_safe(),
        })
    }
}

/// The page itself, to come back to; a form that comes back with its faults has none.
fn here(parts: &Parts) -> String {
    let path = parts.uri.path_and_query().filter(|_| parts.method.is_safe());
    path.map_or_else(|| paths::HOME.to_owned(), ToString::to_string)
}

/// The same page under the base URL, if it was opened under another host.
fn elsewhere(parts: &Parts, app: &App) -> Option<String> {
    let host = parts.headers.get(header::HOST)?.to_str().ok()?;
    let base = &app.settings().base_url;
    let own = base.host_str().map(|own| base.port().map_or_else(|| own.to_owned(), |port| format!("{own}:{port}")))?;
    let path = parts.uri.path_and_query()?.as_str();
    (host != own).then(|| app.settings().link(path))
}

/// Links to these projects, the reader's favourites first; their order stays otherwise.
pub(super) fn favourites_first(
    db: &mut Conn,
    may: &May<Membership>,
    rows: Vec<projects::Project>,
) -> Result<Vec<ProjectLink>, Failure> {
    let favourites = projects::marks::favourites(db, may)?;
    let link = |row: projects::Project| ProjectLink {
        favourite: favourites.contains(&row.id),
        key: row.key,
        name: row.name,
        private: row.private,
    };
    let mut links: Vec<ProjectLink> = rows.into_iter().map(link).collect();
    links.sort_by_key(|link| !link.favourite);
    Ok(links)
}

impl Visit {
    /// A page that one read gathers. What just happened is told with it, and then forgotten.
    pub async fn shows<V: Template + Send + 'static>(
        self,
        app: &App,
        gather: impl FnOnce(&App, &mut Conn, &Self, &Now) -> Result<V, Failure> + Send + 'static,
    ) -> Result<Response, Failed> {
        let (jar, with) = (self.jar.clone(), app.clone());
        let view = app.read(move |db, now| gather(&with, db, &self, now)).await?;
        Ok((jar, Page::of(view)).into_response())
    }

    /// The frame of a page, with everything one query can gather for it.
    pub fn frame(&self, app: &App, db: &mut Conn, may: &May<Membership>, here: Place) -> Result<Frame, Failure> {
        let (workspace, me) = (workspaces::of(db, may.member())?, people::me(db, &self.who)?);
        let notices = self.notices(app, db, may, &me, here)?;
        let mine = workspaces::mine(db, &self.who)?;
        let rights = may.member().rights();
        let all = projects::visible(db, &may.member().visible())?;
        let projects = favourites_first(db, may, all)?;
        Ok(Frame {
            others: mine.into_iter().filter(|row| row.id != workspace.id).map(link).collect(),
            person: Person { face: Face::of(&me.name, &me.id.to_string()), name: me.name, email: me.address },
            here,
            settings: Settings {
                users: Some(u32::try_from(members::count(db, may)?).unwrap_or(u32::MAX)),
                service_accounts: rights.contains(Right::ManageMembers),
                general: rights.contains(Right::ManageWorkspace),
                projects: true,
                mail: rights.contains(Right::ManageMail),
                api_keys: true,
                server: me.operator,
                audit: rights.contains(Right::ReadAudit),
            },
            projects,
            notices,
            flash: self.flash.clone(),
            theme: Theme::System,
            operator: me.operator,
            is_answer: self.answers,
            project: None,
            slug: workspace.slug,
            workspace: workspace.name,
        })
    }

    /// The frame of a page inside the project with this key: the navigation says so.
    pub fn inside(&self, app: &App, db: &mut Conn, may: &May<Membership>, key: &str) -> Result<Frame, Failure> {
        Ok(Frame { project: Some(key.to_owned()), ..self.frame(app, db, may, Place::Cases)? })
    }

    /// The frame of a page about one's own account.
    pub fn own(&self, app: &App, me: &people::Person) -> Own {
        Own {
            person: Person {
                face: Face::of(&me.name, &me.id.to_string()),
                name: me.name.clone(),
                email: me.address.clone(),
            },
            notices: self.of_person(app, me),
            flash: self.flash.clone(),
            theme: Theme::System,
            operator: me.operator,
        }
    }

    /// The frame of a page for operators.
    pub fn operates(&self, me: people::Person, here: Area) -> Around {
        let person = Person { face: Face::of(&me.name, &me.id.to_string()), name: me.name, email: me.address };
        Around { person, flash: self.flash.clone(), theme: Theme::System, operator: true, here }
    }

    /// What concerns the person, wherever he is.
    fn of_person(&self, app: &App, me: &people::Person) -> Vec<Notice> {
        let mut notices = Vec::new();
        if let Some(url) = &self.elsewhere {
            notices.push(Notice::OtherHost { url: url.clone() });
        }
        if !me.verified && app.mail().is_some() {
            notices.push(Notice::Unverified { address: me.address.clone(), back: self.here.clone() });
        }
        notices
    }

    fn notices(
        &self,
        app: &App,
        db: &mut Conn,
        may: &May<Membership>,
        me: &people::Person,
        here: Place,
    ) -> Result<Vec<Notice>, Failure> {
        let mut notices = self.of_person(app, me);
        if !may.member().rights().contains(Right::InviteMembers) {
            return Ok(notices);
        }
        let waiting = |db: &mut Conn| Ok::<_, Failure>(u32::try_from(messages::waiting(db, may)?).unwrap_or(u32::MAX));
        if let Some(pause) = messages::pause_of(db, may)?.filter(|_| here != Place::Mail) {
            let slug = workspaces::of(db, may.member())?.slug;
            let page = may.member().rights().contains(Right::ManageMail).then(|| paths::mail(&slug));
            notices.push(Notice::WorkspaceMailPaused { by: pause.paused_by, waiting: waiting(db)?, page });
        }
        if app.mail().is_none() {
            notices.push(Notice::CopyLinkMode);
        } else if let Some(reason) = paused(db)? {
            let waiting = waiting(db)?;
            // The server's words may be about another workspace's recipient: they are for operators.
            let words = if me.operator { reason } else { String::new() };
            notices.push(Notice::MailPaused { words, waiting });
        }
        Ok(notices)
    }
}

fn paused(db: &mut Conn) -> Result<Option<String>, Failure> {
    let channel = channel::get(db)?;
    Ok(channel.paused_at.map(|_| channel.reason.unwrap_or_default()))
}

/// A workspace to go to.
pub fn link(row: workspaces::Mine) -> WorkspaceLink {
    WorkspaceLink { name: row.name, slug: row.slug, role: row.role.name().to_owned() }
}

/// Who has a right, for those who lack it: `Priya Raman and 2 others`.
pub fn who_can(db: &mut Conn, may: &May<Membership>, right: Right) -> Result<String, Failure> {
    if may.member().people() == People::OfMyProjects {
        return Ok("Its owners and admins".to_owned());
    }
    let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.rights().contains(right)).collect();
    let names = holders::of_roles(db, may, &roles, 100)?;
    Ok(match names.as_slice() {
        [] => "Nobody here".to_owned(),
        [one] => one.clone(),
        [one, other] => format!("{one} and {other}"),
        [one, others @ ..] => format!("{one} and {} others", others.len()),
    })
}
