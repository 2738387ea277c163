//! What stands behind an invitation's link. GET and HEAD change nothing; every state has one working way on.

use app::{
    App, Bad, Failure,
    invitations::{self, Needs, Offer as Offered},
    limits::Action,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use domain::{access::Role, invitation::State as Where, secret::Token, time::days};
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use store::people;

use super::{
    form::{Form, field},
    moment::exact,
    page::{Page, forget, on, told},
    users::grants,
};
use crate::{
    api::joining,
    client,
    cookies::Name,
    extract::Caller,
    failed::{Failed, status},
    opened::JOIN,
    pages::sessions,
    views::{
        frame::{Bare, Flash},
        join::{Join, JoinState, Offer},
        parts::{Face, Field, Person},
        paths,
    },
};

/// Opens a link: remembers its token for a quarter of an hour and goes on to a clean address. A dead one says so here.
pub async fn open(
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    Path(text): Path<String>,
) -> Result<Response, Failed> {
    let opened = JOIN.open(&app, &from, jar, &text, |db, token, now| invitations::lookup(db, token, None, now));
    match (opened.await, text.parse()) {
        (Ok(response), _) => Ok(response),
        (Err(failure), Ok(token)) => dead(&app, token, failure).await,
        (Err(Failure::Unknown), Err(_)) => Ok(page(StatusCode::NOT_FOUND, JoinState::Unknown)),
        (Err(failure), Err(_)) => Err(failure.into()),
    }
}

/// The page of the remembered link. Every view counts the quarter of an hour anew.
pub async fn show(
    caller: Option<Caller>,
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
) -> Result<Response, Failed> {
    let Some(token) = JOIN.token(&app, &jar) else { return Ok(page(StatusCode::OK, typing("", "", None))) };
    invitations::lookup::looked_at(&app, &token, from.client).await?;
    let flash = told(&jar, app.settings());
    let jar = forget(JOIN.keep(&app, jar, &token), app.settings());
    let response = render_told(&app, token, caller, Typed::default(), &[], flash).await?;
    Ok((jar, response).into_response())
}

/// Address and code as typed.
#[derive(Debug, Deserialize)]
pub struct AddressAndCode {
    #[serde(default)]
    address: String,
    #[serde(default)]
    code: SecretString,
}

/// Takes a typed code for the link it stands for, and remembers that for a quarter of an hour.
pub async fn code(
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    Form(entered): Form<AddressAndCode>,
) -> Result<Response, Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    match invitations::code::typed(&app, &entered.address, entered.code.expose_secret(), from.client).await {
        Ok(token) => Ok((JOIN.keep(&app, jar, &token), JOIN.page()).into_response()),
        Err(wrong @ (Failure::WrongCode | Failure::TooFast(_))) => {
            let status =
                if matches!(wrong, Failure::WrongCode) { StatusCode::UNPROCESSABLE_ENTITY } else { status(&wrong) };
            Ok(page(status, typing(&entered.address, entered.code.expose_secret(), Some(said(&wrong)))))
        }
        Err(other) => Err(other.into()),
    }
}

fn said(wrong: &Failure) -> String {
    match wrong {
        Failure::TooFast(wait) => {
            let minutes = wait.as_secs().div_ceil(60);
            format!(
                "Too many wrong codes came from your network. Try again in {minutes} minutes, or open the link instead."
            )
        }
        other => other.to_string(),
    }
}

/// The form as typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    invitation: String,
}

/// Which invitation a form showed.
#[derive(Debug, Default, Deserialize)]
pub struct Shown {
    #[serde(default)]
    invitation: String,
}

/// Whether the remembered link still is the one whose form was sent: another may have been opened in another tab.
async fn is_shown(app: &App, token: &Token, invitation: &str) -> Result<bool, Failure> {
    let look = token.hash();
    let borne = app.point(move |db, now| Ok(store::access::bearer(db, &look, now.at)?)).await?;
    let id = match borne {
        Some(store::access::Borne::Live(bearer)) => bearer.invitation,
        Some(store::access::Borne::Spent(id, _)) => id,
        None => return Ok(true),
    };
    Ok(invitation.is_empty() || invitation == id.to_string())
}

fn another(jar: CookieJar, app: &App) -> Response {
    on(jar, app.settings(), paths::JOIN, &Flash::AnotherInvitation)
}

/// Accepts: with a new account, with the password of the address's account, or as whom one is signed in.
pub async fn accept(
    caller: Option<Caller>,
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    Form(typed): Form<Typed>,
) -> Result<Response, Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    let Some(token) = JOIN.token(&app, &jar) else { return Ok(JOIN.page()) };
    if !is_shown(&app, &token, &typed.invitation).await? {
        return Ok(another(jar, &app));
    }
    let before = caller.is_some();
    let caller = match signed_in(&app, &token, caller.clone(), &typed, &from).await {
        Ok(caller) => caller,
        Err(Failure::SignedOut { .. }) => {
            let bad = [Bad::new("password", "wrong_pair", WRONG_PASSWORD)];
            return render(&app, token, caller, typed, &bad).await;
        }
        Err(other) => return refused(&app, token, caller, typed, other).await,
    };
    let form = joining::Form { name: Some(typed.name.clone()), password: Some(typed.password.clone()) };
    match joining::join(&app, token.clone(), caller.clone(), form, from).await {
        Ok(accepted) => {
            let jar = Name::Session.set(JOIN.forget(&app, jar), app.settings(), accepted.session.reveal());
            let flash = Flash::Joined { workspace: accepted.workspace.name };
            Ok(on(jar, app.settings(), &paths::dashboard(&accepted.workspace.slug), &flash))
        }
        Err(failure) => {
            // The password was right: the session stays, whatever became of the invitation.
            let opened = caller.as_ref().and_then(|caller| caller.session.clone()).filter(|_| !before);
            let jar = opened.map_or(jar.clone(), |token| Name::Session.set(jar, app.settings(), token.reveal()));
            Ok((jar, refused(&app, token, caller, typed, failure).await?).into_response())
        }
    }
}

const WRONG_PASSWORD: &str = "Not the password of this address's account.";

/// Signs in to the account of the address where the form holds its password and nobody is signed in.
async fn signed_in(
    app: &App,
    token: &Token,
    caller: Option<Caller>,
    typed: &Typed,
    from: &app::sessions::Browser,
) -> Result<Option<Caller>, Failure> {
    if caller.is_some() {
        return Ok(caller);
    }
    let look = token.clone();
    let offer = match app.read(move |db, now| invitations::lookup(db, &look, None, now)).await {
        Ok(offer) if offer.needs == Needs::SignIn => offer,
        // A dead link is refused by the verb, which notes the attempt.
        Ok(_) | Err(Failure::Gone(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let address = &offer.invitation.address;
    let session = app::sessions::sign_in(app, address, typed.password.clone(), None, from.clone()).await?;
    let who = app::sessions::by_session(app, session.clone()).await?;
    Ok(who.map(|who| Caller { who, session: Some(session) }))
}

/// The page again with what is wrong, or the page of what happened to the invitation meanwhile.
async fn refused(
    app: &App,
    token: Token,
    caller: Option<Caller>,
    typed: Typed,
    failure: Failure,
) -> Result<Response, Failed> {
    match failure {
        Failure::Invalid(bad) => render(app, token, caller, typed, &bad).await,
        Failure::SignedOut { .. }
        | Failure::Forbidden { .. }
        | Failure::Conflict {
            code: "invitation_on_hold" | "domain_blocked" | "domain_not_allowed" | "member_limit",
            ..
        } => Ok(JOIN.page()),
        failure @ (Failure::Gone(_) | Failure::Unknown) => dead(app, token, failure).await,
        other => Err(other.into()),
    }
}

/// Declines, for good. The link's page then says so.
pub async fn decline(
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    Form(shown): Form<Shown>,
) -> Result<Response, Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    let Some(token) = JOIN.token(&app, &jar) else { return Ok(JOIN.page()) };
    if !is_shown(&app, &token, &shown.invitation).await? {
        return Ok(another(jar, &app));
    }
    let (act, verbs) = (token.clone(), app.clone());
    match app.write(from.client, move |tx, now| invitations::decline(tx, verbs.post(), &act, now)).await {
        Ok(()) => Ok(JOIN.page()),
        Err(failure) => dead(&app, token, failure).await,
    }
}

/// An expired link's token.
#[derive(Debug, Default, Deserialize)]
pub struct Expired {
    #[serde(default)]
    token: SecretString,
}

/// Asks for a new link. The link's page then says so.
pub async fn want_anew(
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
    Form(expired): Form<Expired>,
) -> Result<Response, Failed> {
    app.limits().attempt(Action::Join, from.client, None)?;
    let Ok(token) = expired.token.expose_secret().parse::<Token>() else { return Ok(JOIN.page()) };
    let (act, verbs) = (token.clone(), app.clone());
    match app.write(from.client, move |tx, now| invitations::want_anew(tx, verbs.post(), &act, now)).await {
        Ok(()) | Err(Failure::Conflict { .. }) => Ok((JOIN.keep(&app, jar, &token), JOIN.page()).into_response()),
        Err(failure) => dead(&app, token, failure).await,
    }
}

/// Signs out and comes back to the invitation.
pub async fn sign_out(
    caller: Option<Caller>,
    client::From(from): client::From,
    State(app): State<App>,
    jar: CookieJar,
) -> Result<Response, Failed> {
    let jar = sessions::end(caller, from, &app, jar).await?;
    Ok((jar, JOIN.page()).into_response())
}

async fn render(
    app: &App,
    token: Token,
    caller: Option<Caller>,
    typed: Typed,
    bad: &[Bad],
) -> Result<Response, Failed> {
    render_told(app, token, caller, typed, bad, None).await
}

async fn render_told(
    app: &App,
    token: Token,
    caller: Option<Caller>,
    typed: Typed,
    bad: &[Bad],
    flash: Option<Flash>,
) -> Result<Response, Failed> {
    let who = caller.map(|caller| caller.who);
    let look = token.clone();
    let found = app
        .read(move |db, now| {
            let offer = invitations::lookup(db, &look, who.as_ref(), now)?;
            let me = who.as_ref().map(|who| people::me(db, who)).transpose()?;
            Ok((offer, me))
        })
        .await;
    let (offer, me) = match found {
        Ok(found) => found,
        Err(failure) => return dead(app, token, failure).await,
    };
    let status = if bad.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let bare = Bare { flash, ..Bare::default() };
    Ok(Page::with(status, Join { bare, state: state(offer, me, &typed, bad) }).into_response())
}

fn state(offer: Offered, me: Option<people::Person>, typed: &Typed, bad: &[Bad]) -> JoinState {
    let person = me.map(|me| Person { face: Face::of(&me.name, &me.id.to_string()), name: me.name, email: me.address });
    if offer.state == Where::OnHold {
        return JoinState::OnHold { workspace: offer.workspace.name, inviter: offer.invitation.inviter };
    }
    if let Some(why) = offer.barred {
        return JoinState::Barred { why, inviter: offer.invitation.inviter };
    }
    let (needs, address, masked) = (offer.needs, offer.invitation.address.clone(), offer.masked.clone());
    let somebody_else = offer.somebody_else == Some(true);
    let name = offer.invitation.name.clone().filter(|_| typed.name.is_empty()).unwrap_or_else(|| typed.name.clone());
    let password = field("password", "", bad);
    match (person, needs) {
        (Some(person), _) if somebody_else => JoinState::SomebodyElse { masked, person },
        (_, Needs::Account) => {
            JoinState::NewAccount { offer: shown(offer), address, name: field("name", &name, bad), password }
        }
        (Some(person), Needs::SignIn) => JoinState::SignedIn { offer: shown(offer), person },
        (None, Needs::SignIn) => JoinState::Account { offer: shown(offer), address, password },
    }
}

fn shown(offer: Offered) -> Offer {
    let role = offer.invitation.role;
    let best = offer.projects.iter().map(|on| on.role).min().filter(|_| role == Role::Guest).unwrap_or(role);
    Offer {
        invitation: offer.invitation.id.to_string(),
        workspace: offer.workspace.name,
        inviter: offer.invitation.inviter,
        can: format!("You will be able to {}.", best.words()),
        grants: grants(role, offer.projects.into_iter().map(|on| (on.role, on.key))),
        expires: exact(offer.invitation.ends_at),
    }
}

/// The page of a link that does not work, with the one way on that its state has.
async fn dead(app: &App, token: Token, failure: Failure) -> Result<Response, Failed> {
    let gone = match failure {
        Failure::Unknown => return Ok(page(StatusCode::NOT_FOUND, JoinState::Unknown)),
        Failure::Gone(state) => state,
        other => return Err(other.into()),
    };
    let shown = token.reveal().to_owned();
    let (spent, now) = app.read(move |db, now| Ok((invitations::lookup::spent(db, &token, now)?, now.at))).await?;
    let Some((invitation, _)) = spent else { return Ok(page(StatusCode::NOT_FOUND, JoinState::Unknown)) };
    let inviter = invitation.inviter;
    let state = match gone {
        Some(Where::Accepted | Where::Superseded) => JoinState::Used,
        Some(Where::Declined) => JoinState::Declined { inviter },
        Some(Where::Revoked) => JoinState::Revoked { inviter },
        Some(Where::Expired) if invitation.successor.is_some() => JoinState::Replaced,
        Some(Where::Expired) if invitation.wanted_at.is_some_and(|at| now.since(at) < days(1)) => {
            JoinState::Wanted { inviter }
        }
        Some(Where::Expired) => JoinState::Expired { at: exact(invitation.ends_at), inviter, token: shown },
        Some(Where::Pending | Where::OnHold) | None => JoinState::Replaced,
    };
    Ok(page(StatusCode::GONE, state))
}

/// The form for address and code, with what is wrong with them together.
fn typing(address: &str, code: &str, wrong: Option<String>) -> JoinState {
    JoinState::Typing { address: Field::new(address), code: Field { value: code.to_owned(), error: wrong } }
}

fn page(status: StatusCode, state: JoinState) -> Response {
    Page::with(status, Join { bare: Bare::default(), state }).into_response()
}
