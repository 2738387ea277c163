//! What a link leads to, before anybody decides. Changes nothing, whoever looks (scanners do).

use std::net::IpAddr;

use db::{Conn, Tx};
use domain::{
    access::{Bearer, SignedIn, System, TokenKind},
    email::Email,
    event::{Attempt, Event, What},
    id::PersonId,
    invitation::State,
    now::Now,
    secret::Token,
};
use store::{
    access::{self, Borne},
    events,
    invitations::{self, Invitation, OnProject},
    people, quotas, workspaces,
    workspaces::Workspace,
};

use super::policy;
use crate::{App, Failure};

/// What the invitee has to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// A new account, or a new beginning for one whose address was never proved.
    Account,
    /// The session of the account that the address has.
    SignIn,
}

/// What a live link offers.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The invitation.
    pub invitation: Invitation,
    /// Its project roles.
    pub projects: Vec<OnProject>,
    /// Where to.
    pub workspace: Workspace,
    /// For whom, with most letters hidden.
    pub masked: String,
    /// Where it stands: pending or on hold.
    pub state: State,
    /// Which of its links was looked up.
    pub kind: TokenKind,
    /// What the invitee has to bring.
    pub needs: Needs,
    /// Why nobody can join by it now, though it is open: the workspace's domains, or its members.
    pub barred: Option<String>,
    /// Whether the one who looks is signed in as somebody else; `None` if nobody is, by a session. Keys do not join.
    pub somebody_else: Option<bool>,
}

/// Looks a token up. Unknown is unknown; once live is gone, with the state that says why.
pub fn lookup(db: &mut Conn, token: &Token, who: Option<&SignedIn>, now: &Now) -> Result<Offer, Failure> {
    let bearer = bearer(db, token, now)?;
    let invitation = invitations::of_bearer(db, &bearer)?;
    let email = address(&invitation)?;
    let account = people::account(db, &System::because("an invitation's page"), &email)?;
    let needs = match &account {
        Some(account) if account.verified_at.is_some() || !bearer.kind.proves_address() => Needs::SignIn,
        _ => Needs::Account,
    };
    let barred =
        match policy::takes(db, invitation.workspace, &email).and_then(|()| policy::room(db, invitation.workspace)) {
            Ok(()) => None,
            Err(Failure::Conflict { detail, .. }) => Some(detail),
            Err(other) => return Err(other),
        };
    Ok(Offer {
        barred,
        projects: invitations::projects(db, &[invitation.id])?,
        workspace: workspaces::named(db, invitation.workspace)?,
        masked: email.masked(),
        state: invitation.state_at(now.at),
        kind: bearer.kind,
        needs,
        somebody_else: who
            .filter(|who| who.session().is_some())
            .map(|who| account.as_ref().is_none_or(|account| account.person != who.person)),
        invitation,
    })
}

/// The same for a program. Of a copied link it tells whether the address has an account, so that is audited.
pub async fn look_up(app: &App, token: Token, client: Option<IpAddr>) -> Result<Offer, Failure> {
    let offer = app.read(move |db, now| lookup(db, &token, None, now)).await?;
    if offer.kind == TokenKind::Copied {
        let seen = offer.invitation.clone();
        app.write(client, move |tx, now| {
            let event = Event::new(What::InvitationLookedUp, "invitation", seen.id, &seen.address);
            Ok(events::add(tx, Some(seen.workspace), None, &event, now)?)
        })
        .await?;
    }
    Ok(offer)
}

/// Notes that the page of a copied link was looked at, which tells the same: once an hour, because a page is loaded
/// again and again. The invitation is as it was.
pub async fn looked_at(app: &App, token: &Token, client: Option<IpAddr>) -> Result<(), Failure> {
    let look = token.hash();
    let borne = app.point(move |db, now| Ok(access::bearer(db, &look, now.at)?)).await?;
    let Some(Borne::Live(Bearer { invitation: id, kind: TokenKind::Copied, .. })) = borne else { return Ok(()) };
    app.write(client, move |tx, now| {
        if quotas::spend(tx, now.at.hour(), "looked at", &id.to_string(), 1, 1)?.is_ok() {
            let seen = invitations::of_token(tx, id)?;
            let event = Event::new(What::InvitationLookedUp, "invitation", id, &seen.address);
            events::add(tx, Some(seen.workspace), None, &event, now)?;
        }
        Ok(())
    })
    .await
}

/// The invitation a once-live link led to, for a page that says what became of it.
pub fn spent(db: &mut Conn, token: &Token, now: &Now) -> Result<Option<(Invitation, Workspace)>, Failure> {
    let Some(Borne::Spent(id, _)) = access::bearer(db, &token.hash(), now.at)? else { return Ok(None) };
    let invitation = invitations::of_token(db, id)?;
    let workspace = workspaces::named(db, invitation.workspace)?;
    Ok(Some((invitation, workspace)))
}

/// Proof of bearing a live token.
pub(super) fn bearer(db: &mut Conn, token: &Token, now: &Now) -> Result<Bearer, Failure> {
    live(&access::bearer(db, &token.hash(), now.at)?.ok_or(Failure::Unknown)?)
}

/// The same for somebody who sets out to do this `deed`.
pub(super) fn bearer_to(
    tx: &mut Tx,
    deed: &str,
    token: &Token,
    actor: Option<PersonId>,
    now: &Now,
) -> Result<Bearer, Failure> {
    let borne = access::bearer(tx, &token.hash(), now.at)?.ok_or(Failure::Unknown)?;
    let (Borne::Live(Bearer { invitation, .. }) | Borne::Spent(invitation, _)) = &borne;
    now.tries(Attempt::new(What::InvitationRefused, "invitation", invitation, deed).by_person(actor));
    live(&borne)
}

fn live(borne: &Borne) -> Result<Bearer, Failure> {
    match borne {
        Borne::Live(bearer) => Ok(*bearer),
        Borne::Spent(_, state) => Err(Failure::Gone(*state)),
    }
}

pub(super) fn address(invitation: &Invitation) -> Result<Email, Failure> {
    crate::stored_email(&invitation.address)
}
