//! What a deed would change, shown before it is done, and doing it.

use app::{
    App, Failure, members,
    members::{Deed, Effects, Seen, Wish},
};
use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use db::Conn;
use domain::{
    access::{May, Membership, Right, Rights, Role},
    id::MemberId,
    now::Now,
};
use http::StatusCode;
use serde::Deserialize;

use super::super::{
    form::Form,
    page::{Page, on},
    shell::Visit,
};
use crate::{
    client,
    extract::Can,
    failed::Failed,
    views::{
        frame::{Flash, Place, Undo},
        member::{DeedKind, Effect, Review, Unable},
        parts::{Choice, Face},
        paths,
    },
};

/// A deed and whom it is for, as addresses and forms have it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// Which deed.
    #[serde(rename = "do", default)]
    deed: String,
    /// The role to be given.
    #[serde(default)]
    role: String,
    /// Ids; in a form each with how the member stood.
    #[serde(default)]
    member: Vec<String>,
    /// `KEY role`, or the bare key for no role.
    #[serde(default)]
    on: Vec<String>,
    /// One project more, and the role on it.
    #[serde(default)]
    project: String,
    #[serde(default)]
    project_role: String,
}

/// Somebody who was changed, and how he stood before.
struct Changed {
    id: MemberId,
    seen: Option<Seen>,
    name: String,
}

/// So many at once: the most that a page of the list shows.
const MOST: usize = 200;

/// The page.
pub async fn show(
    Can(may): Can<Membership>,
    visit: Visit,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let asked = Asked::of(query.as_deref().unwrap_or_default())?;
    visit.shows(&app, move |app, db, visit, now| gathered(app, db, visit, &may, &asked, Vec::new(), now)).await
}

/// Does it, for each in a transaction of his own: one who cannot be changed does not keep the others.
pub async fn act(
    Can(may): Can<Membership>,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(asked): Form<Asked>,
) -> Result<Response, Failed> {
    let (deed, targets) = (asked.deed()?, asked.targets()?);
    let (mut changed, mut refused) = (Vec::new(), Vec::new());
    for (id, seen) in targets {
        let (may, deed, sight) = (may.clone(), deed.clone(), seen.clone());
        let done = app.write(from.client, move |tx, now| {
            // Once removed, nobody has a name here any more.
            let name = store::members::find(tx, &may, id)?.map(|member| member.name).unwrap_or_default();
            members::act(tx, &may, id, &deed, sight.as_ref(), now).map(|()| name)
        });
        match done.await {
            Ok(name) => changed.push(Changed { id, seen, name }),
            Err(trouble @ (Failure::Db(_) | Failure::Broken(_) | Failure::SignedOut { .. })) => {
                return Err(trouble.into());
            }
            Err(refusal) => refused.push(refusal),
        }
    }
    if changed.is_empty() {
        return again(&app, visit, may, asked, refused).await;
    }
    let (kind, done) = (asked.kind()?, changed.len());
    let gone = changed.iter().any(|one| one.id == may.member_id());
    let told = app.read(move |db, _| told(db, &may, kind, &changed, refused.len())).await?;
    let path = match kind {
        DeedKind::Remove | DeedKind::Deactivate if gone => paths::HOME.to_owned(),
        _ if done == 1 => told.0,
        _ => told.1,
    };
    Ok(on(visit.jar, app.settings(), &path, &told.2))
}

/// Nobody could be changed: the page again, as it would be now.
async fn again(
    app: &App,
    visit: Visit,
    may: May<Membership>,
    asked: Asked,
    refused: Vec<Failure>,
) -> Result<Response, Failed> {
    let stale: Vec<String> =
        refused.iter().filter(|one| matches!(one, Failure::Stale(_))).map(Failure::to_string).collect();
    if stale.is_empty() && asked.member.len() == 1 {
        return Err(refused.into_iter().next().ok_or(Failure::Unknown)?.into());
    }
    let gather = app.clone();
    let view = app.read(move |db, now| gathered(&gather, db, &visit, &may, &asked, stale, now)).await?;
    Ok(Page::with(StatusCode::CONFLICT, view).into_response())
}

/// Where to go on, for one and for several, and what to say.
fn told(
    db: &mut Conn,
    may: &May<Membership>,
    kind: DeedKind,
    changed: &[Changed],
    skipped: usize,
) -> Result<(String, String, Flash), Failure> {
    let slug = store::workspaces::of(db, may.member())?.slug;
    let all = paths::users(&slug);
    let first = changed.first().ok_or(Failure::Unknown)?;
    let found = if changed.len() == 1 { store::members::find(db, may, first.id)? } else { None };
    let one = found.as_ref().map_or_else(|| all.clone(), |_| paths::member(&slug, &first.id.to_string()));
    let undo = match &found {
        Some(member) => undo(db, may, &slug, kind, member, first.seen.as_ref())?,
        None => None,
    };
    let flash = Flash::MembersChanged {
        deed: kind.slug().to_owned(),
        name: (changed.len() == 1).then(|| first.name.clone()),
        changed: u32::try_from(changed.len()).unwrap_or(u32::MAX),
        skipped: u32::try_from(skipped).unwrap_or(u32::MAX),
        undo,
    };
    Ok((one, all, flash))
}

/// Role changes and deactivations are undone by their opposite, unless somebody changed the member once more.
fn undo(
    db: &mut Conn,
    may: &May<Membership>,
    slug: &str,
    kind: DeedKind,
    member: &store::members::Listed,
    seen: Option<&Seen>,
) -> Result<Option<Undo>, Failure> {
    let Some(Seen::Standing(then)) = seen else { return Ok(None) };
    let (deed, role) = match kind {
        DeedKind::Role => (DeedKind::Role, Some(then.role.slug().to_owned())),
        DeedKind::Deactivate => (DeedKind::Reactivate, None),
        _ => return Ok(None),
    };
    let standing = members::standing(db, may.member(), member)?;
    let member = format!("{} {standing}", member.id);
    Ok(Some(Undo { workspace: slug.to_owned(), deed: deed.slug().to_owned(), role, member }))
}

fn gathered(
    app: &App,
    db: &mut Conn,
    visit: &Visit,
    may: &May<Membership>,
    asked: &Asked,
    stale: Vec<String>,
    now: &Now,
) -> Result<Review, Failure> {
    let (deed, kind) = (asked.deed()?, asked.kind()?);
    let (mut able, mut unable) = (Vec::new(), Vec::new());
    for (id, _) in asked.targets()? {
        let effects = members::effects(db, may, id, &deed, now)?;
        match reason(&effects, kind) {
            Some(why) => unable.push(Unable { name: effects.member.name, why }),
            None => able.push(effect(db, may, effects)?),
        }
    }
    let frame = visit.frame(app, db, may, Place::Users)?;
    let back = match asked.targets()?.as_slice() {
        [(id, _)] => paths::member(&frame.slug, &id.to_string()),
        _ => paths::users(&frame.slug),
    };
    let role = match &deed {
        Deed::Role(role) => Some(Choice::new(role.slug(), role.name(), true)),
        _ => None,
    };
    Ok(Review { frame, deed: kind, role, on: asked.on(), able, unable, stale, back })
}

fn reason(effects: &Effects, kind: DeedKind) -> Option<String> {
    let nothing = match kind {
        DeedKind::Role => format!("has the role {} already.", effects.member.role.name()),
        DeedKind::Projects => "has these roles already.".to_owned(),
        DeedKind::Deactivate | DeedKind::ShutOut => "is deactivated already.".to_owned(),
        DeedKind::Reactivate => "is active.".to_owned(),
        DeedKind::Remove => String::new(),
    };
    let refusal = effects.refusal.as_ref().map(|refusal| format!("cannot be changed by you. {refusal}"));
    refusal.or_else(|| effects.idle.then_some(nothing))
}

fn effect(db: &mut Conn, may: &May<Membership>, effects: Effects) -> Result<Effect, Failure> {
    let mut projects = Vec::new();
    for one in &effects.regrants {
        let name = |role: Option<Role>| role.map_or(String::new(), |role| role.name().to_owned());
        let key = store::projects::key_of(db, &may.member().visible(), one.project.id)?.unwrap_or_default();
        projects.push((key, name(one.from), name(one.to)));
    }
    let member = effects.member;
    Ok(Effect {
        token: format!("{} {}", member.id, effects.standing),
        face: Face::of(&member.name, &member.person.to_string()),
        you: member.person == may.person(),
        role: member.role.name().to_owned(),
        gained: words(effects.gained),
        lost: words(effects.lost),
        projects,
        held: effects.held.into_iter().map(|held| (held.key, held.role.name().to_owned())).collect(),
        on_hold: effects.on_hold,
        released: effects.released,
        keys: u32::try_from(effects.keys).unwrap_or(u32::MAX),
        name: member.name,
    })
}

fn words(rights: Rights) -> Vec<&'static str> {
    rights.iter().map(Right::words).collect()
}

impl Asked {
    /// Repeated names make lists, as in forms.
    fn of(query: &str) -> Result<Self, Failure> {
        let mut asked = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            match &*name {
                "do" => asked.deed = value,
                "role" => asked.role = value,
                "member" => asked.member.push(value),
                "on" => asked.on.push(value),
                "project" => asked.project = value,
                "project_role" => asked.project_role = value,
                _ => {}
            }
        }
        if asked.member.is_empty() {
            return Err(Failure::invalid("member", "required", "Select at least one member first."));
        }
        Ok(asked)
    }

    fn kind(&self) -> Result<DeedKind, Failure> {
        DeedKind::of(&self.deed)
            .ok_or_else(|| Failure::invalid("do", "unknown_deed", "Nothing of this name is done to members."))
    }

    fn deed(&self) -> Result<Deed, Failure> {
        Ok(match self.kind()? {
            DeedKind::Role => Deed::Role(role(&self.role)?),
            DeedKind::Projects => Deed::Projects(self.on().iter().map(|wish| wished(wish)).collect::<Result<_, _>>()?),
            DeedKind::Deactivate => Deed::Deactivate,
            DeedKind::Reactivate => Deed::Reactivate,
            DeedKind::Remove => Deed::Remove,
            DeedKind::ShutOut => Deed::ShutOut,
        })
    }

    /// The wishes, with the one more if a project was chosen.
    fn on(&self) -> Vec<String> {
        let more = (!self.project.is_empty()).then(|| format!("{} {}", self.project, self.project_role));
        self.on.iter().cloned().chain(more).collect()
    }

    fn targets(&self) -> Result<Vec<(MemberId, Option<Seen>)>, Failure> {
        if self.member.len() > MOST {
            return Err(Failure::invalid("member", "too_many", format!("At most {MOST} members at once.")));
        }
        self.member.iter().map(|token| target(token)).collect()
    }
}

fn target(token: &str) -> Result<(MemberId, Option<Seen>), Failure> {
    let (id, standing) = token.split_once(' ').unwrap_or((token, ""));
    let seen = if standing.is_empty() { None } else { Some(standing.parse().map_err(|_| Failure::Unknown)?) };
    Ok((id.parse().map_err(|_| Failure::Unknown)?, seen.map(Seen::Standing)))
}

fn wished(text: &str) -> Result<Wish, Failure> {
    match text.split_once(' ') {
        Some((project, slug)) => Ok((project.to_owned(), Some(role(slug)?))),
        None => Ok((text.to_owned(), None)),
    }
}

fn role(slug: &str) -> Result<Role, Failure> {
    slug.parse().map_err(|_| Failure::invalid("role", "unknown_role", "Choose a role."))
}
