//! Accepting (T8): by an explicit act of whoever bears a live token, and checked against the inviter's rights at that
//! moment (I3).

use db::Tx;
use domain::{
    access::{Bearer, Member, ProjectRole, SignedIn, System},
    email::Email,
    event::{Event, What},
    id::{MemberId, PersonId},
    invitation::State,
    message::Kind,
    now::Now,
    secret::Token,
    title::PersonName,
};
use store::{
    access, events,
    invitations::{self, Invitation},
    links, members, messages, people, projects, sessions, workspaces,
    workspaces::Workspace,
};

use super::{
    hold::backs,
    lookup::{address, bearer, bearer_to},
    moved, policy,
    supersede::supersede,
    wanted,
};
use crate::Failure;

/// A new account, its password already hashed.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What the person is called.
    pub name: PersonName,
    /// The PHC string of the password.
    pub password: String,
}

/// Who accepts.
#[derive(Clone, Debug, Default)]
pub struct Joiner {
    /// Who is signed in, if anybody.
    pub who: Option<SignedIn>,
    /// The session's token, which is replaced.
    pub session: Option<Token>,
    /// The account to be made, if the form was filled in.
    pub account: Option<NewAccount>,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

/// A membership began.
#[derive(Debug)]
pub struct Accepted {
    /// The membership.
    pub member: MemberId,
    /// Of what.
    pub workspace: Workspace,
    /// The new session: its id changes on acceptance.
    pub session: Token,
}

/// Makes exactly one membership (I1) of a live token, in one transaction.
pub fn accept(tx: &mut Tx, token: &Token, joiner: &Joiner, now: &Now) -> Result<Accepted, Failure> {
    let inviter = hold_still(tx, token, joiner, now)?;
    let bearer = bearer(tx, token, now)?;
    let invitation = invitations::of_bearer(tx, &bearer)?;
    let (person, verified) = person(tx, &bearer, &invitation, joiner, now)?;
    if !backs(tx, inviter.as_ref(), &invitation)? {
        let detail = format!("{} may not grant this any more. Ask for a new invitation.", invitation.inviter);
        return Err(Failure::conflict("invitation_on_hold", detail));
    }
    policy::takes(tx, invitation.workspace, &address(&invitation)?)?;
    policy::room(tx, invitation.workspace)?;
    if !invitations::close(tx, invitation.id, State::Accepted, now.at)? {
        return Err(Failure::Gone(Some(State::Accepted)));
    }
    let (member, projects) = join(tx, &invitation, person, now)?;
    tell(tx, &invitation, person, (member, &projects), verified, now)?;
    supersede(tx, person, now)?;
    if let Some(former) = &joiner.session {
        sessions::close(tx, &former.hash())?;
    }
    let session = sessions::open(tx, person, joiner.agent.as_deref(), now)?;
    Ok(Accepted { member, workspace: workspaces::named(tx, invitation.workspace)?, session })
}

/// Locks the inviter's membership, then the invitation: what is read after this cannot change any more.
fn hold_still(tx: &mut Tx, token: &Token, joiner: &Joiner, now: &Now) -> Result<Option<Member>, Failure> {
    let bearer = bearer_to(tx, "accept", token, joiner.who.map(|who| who.person), now)?;
    let invitation = invitations::of_bearer(tx, &bearer)?;
    policy::queue(tx, invitation.workspace)?;
    let inviter = match access::active_member(tx, invitation.invited_by, invitation.workspace)? {
        Some(member) => access::locked_member(tx, member.id())?,
        None => None,
    };
    invitations::lock(tx, invitation.id, now.at)?;
    Ok(inviter)
}

/// Who joins: the account of the address, whose session must be shown, or a new one. The address is the invitation's.
/// Gives also whether its address was proved just now.
fn person(
    tx: &mut Tx,
    bearer: &Bearer,
    invitation: &Invitation,
    joiner: &Joiner,
    now: &Now,
) -> Result<(PersonId, bool), Failure> {
    let email = address(invitation)?;
    let proves = bearer.kind.proves_address();
    let account = people::account(tx, &System::because("an invitation is accepted"), &email)?;
    let signed_in = joiner.who.filter(|who| who.session().is_some());
    if signed_in.is_some_and(|who| account.as_ref().is_none_or(|account| account.person != who.person)) {
        let detail = format!("This invitation is for {}. You are signed in as somebody else.", email.masked());
        return Err(Failure::forbidden("wrong_account", detail));
    }
    match account {
        None => Ok((sign_up(tx, &email, proves, joiner, now)?, proves)),
        Some(account) if account.verified_at.is_none() && proves => {
            let new = joiner.account.as_ref().ok_or_else(account_wanted)?;
            if !people::verify(tx, account.address, now.at)? {
                // Proved this very moment with another token: from now on nothing replaces the password.
                return Err(SIGN_IN_REQUIRED);
            }
            for kind in [Kind::Reset, Kind::Verification] {
                links::end_all(tx, account.person, kind, None, now.at)?;
            }
            let ended = people::take_over(tx, account.person, account.address, Some(&new.name), &new.password, now.at)?;
            let event = Event::new(What::PersonTakenOver, "person", account.person, email.as_str());
            let event = event.change("keys", ended.keys, 0).change("sessions", ended.sessions, 0);
            events::add(tx, None, Some(account.person), &event, now)?;
            Ok((account.person, true))
        }
        Some(account) => signed_in.map(|_| (account.person, false)).ok_or(SIGN_IN_REQUIRED),
    }
}

const SIGN_IN_REQUIRED: Failure =
    Failure::SignedOut { code: "sign_in_required", detail: "This address has an account. Sign in, then join." };

fn account_wanted() -> Failure {
    Failure::Invalid(vec![
        crate::Bad::new("name", "required", "Enter your name."),
        crate::Bad::new("password", "required", "Choose a password."),
    ])
}

fn sign_up(tx: &mut Tx, email: &Email, verified: bool, joiner: &Joiner, now: &Now) -> Result<PersonId, Failure> {
    let new = joiner.account.as_ref().ok_or_else(account_wanted)?;
    let person = people::NewPerson { name: &new.name, email, password: Some(&new.password), verified, operator: false };
    let id = people::insert(tx, &person, now)?.ok_or(SIGN_IN_REQUIRED)?;
    events::add(tx, None, Some(id), &Event::new(What::PersonCreated, "person", id, new.name.as_str()), now)?;
    Ok(id)
}

/// A membership and its roles on projects.
type Joined = (MemberId, Vec<ProjectRole>);

fn join(tx: &mut Tx, invitation: &Invitation, person: PersonId, now: &Now) -> Result<Joined, Failure> {
    let here = || Failure::conflict("already_member", "You are a member of this workspace already.");
    let member = members::insert(tx, invitation.workspace, person, invitation.role, Some(invitation.id), now)?;
    let member = member.ok_or_else(here)?;
    let grants = invitations::grants(tx, invitation)?.projects;
    for grant in &grants {
        projects::grant(tx, member, *grant, invitation.invited_by, now)?;
    }
    messages::withdraw(tx, invitation.id, now.at)?;
    Ok((member, grants))
}

fn tell(
    tx: &mut Tx,
    invitation: &Invitation,
    person: PersonId,
    (member, projects): (MemberId, &[ProjectRole]),
    verified: bool,
    now: &Now,
) -> Result<(), Failure> {
    let workspace = Some(invitation.workspace);
    let accepted = moved(What::InvitationAccepted, invitation, State::Accepted);
    events::add(tx, workspace, Some(person), &accepted, now)?;
    let joined = Event::new(What::MemberJoined, "member", member, &invitation.address);
    let joined = joined.change("role", (), invitation.role.slug());
    let joined = match projects {
        [] => joined,
        projects => joined.change("projects", (), wanted::words(projects)),
    };
    events::add(tx, workspace, Some(person), &joined, now)?;
    if verified {
        let proved = Event::new(What::AddressVerified, "person", person, &invitation.address);
        events::add(tx, None, Some(person), &proved, now)?;
    }
    Ok(())
}
