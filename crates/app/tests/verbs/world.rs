//! A server that was set up: a workspace with an owner and a project, and a clock that stands still until a test moves it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering::SeqCst},
    },
    time::Duration,
};

use app::{
    App, Clock, Failure, Settings,
    invitations::{self, Accepted, Batch, Joiner, Verdict, invite::With},
    post::Post,
    settings::{Attachments, PerDay},
    setup,
    vault::Vault,
};
use db::{Conn, Engine, Tx, sql};
use domain::{
    access::{May, Member, ProjectRole, Right, Rights, Role, SignedIn, System, Wanted},
    id::{InvitationId, KeyId, MemberId, PersonId, WorkspaceId},
    invitation::{Outcome, State},
    now::Now,
    project_key::ProjectKey,
    secret::{Code, Token},
    time::{Time, days},
    title::{KeyName, PersonName, ProjectName, WorkspaceName},
};
use store::{access, invitations::Invitation, members, people, projects, sessions};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::bed::Bed;
pub use crate::{
    given::{as_is, batch, email, first_run, newcomer, on, secret},
    told::{outcomes, refusal},
};

/// Tuesday, 1 December 2026, 10:40 UTC.
pub const START: Time = Time::from_micros(1_796_121_600_000_000);

/// What everybody signs in with.
pub const PASSWORD: &str = "four unrelated words";

/// A server with one workspace, `hollin`, and its project WEB.
pub struct World {
    pub app: App,
    pub bed: Bed,
    pub owner: Actor,
    pub limits: Mutex<Option<PerDay>>,
    clock: Arc<AtomicI64>,
    names: Mutex<HashMap<Role, usize>>,
    /// Where bodies of files lie.
    pub files: tempfile::TempDir,
}

/// A member of a workspace, signed in at a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    pub who: SignedIn,
    pub workspace: WorkspaceId,
    pub member: MemberId,
}

/// A row of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub what: String,
    pub workspace: Option<WorkspaceId>,
    pub actor: Option<PersonId>,
    pub target: String,
    pub label: String,
    pub changes: String,
}

impl Entry {
    fn of(mut row: db::Row) -> Self {
        Self {
            what: row.get("what").unwrap(),
            workspace: row.get::<Option<Uuid>>("workspace").unwrap().map(WorkspaceId::from),
            actor: row.get::<Option<Uuid>>("actor").unwrap().map(PersonId::from),
            target: row.get("target_id").unwrap(),
            label: row.get("label").unwrap(),
            changes: row.get("changes").unwrap(),
        }
    }
}

/// A server nobody has set up yet.
pub struct Server {
    pub app: App,
    pub bed: Bed,
    clock: Arc<AtomicI64>,
    files: tempfile::TempDir,
}

impl Server {
    pub async fn on(engine: Engine) -> Server {
        let bed = Bed::on(engine).await;
        let clock = Arc::new(AtomicI64::new(START.micros()));
        let time = clock.clone();
        let time = Clock::by(move || Time::from_micros(time.load(SeqCst)));
        let files = tempfile::tempdir().unwrap();
        let app = App::new(bed.db.clone(), time, Vault::new([7; 32]), settings(files.path()));
        Server { app, bed, clock, files }
    }
}

impl World {
    pub async fn on(engine: Engine) -> World {
        let Server { app, bed, clock, files } = Server::on(engine).await;
        let first = first_run("olga@hollin.example", "Hollin");
        let made = app.write(None, move |tx, now| setup::first_run(tx, &system(), &first, None, now)).await.unwrap();
        let workspace = made.workspace.id;
        let owner = app
            .read(move |db, now| {
                let (who, _) = access::session(db, &made.session.hash(), now.at)?.unwrap();
                let member = access::member(db, &who, workspace)?.unwrap();
                Ok(Actor { who, workspace, member: member.id() })
            })
            .await
            .unwrap();
        app.write(None, move |tx, now| Ok(stays(tx, &owner.who, now)?)).await.unwrap();
        let limits = Mutex::new(Some(PerDay::default()));
        World { app, bed, owner, limits, clock, names: Mutex::default(), files }
    }

    pub fn now(&self) -> Time {
        Time::from_micros(self.clock.load(SeqCst))
    }

    /// Moves the clock.
    pub fn pass(&self, span: Duration) {
        self.clock.store((self.now() + span).micros(), SeqCst);
    }

    pub async fn write<T: Send + 'static>(
        &self,
        verb: impl Fn(&mut Tx, &Now) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        self.app.write(None, verb).await
    }

    /// Runs a query that is to succeed.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Conn, &Now) -> Result<T, Failure> + Send + 'static,
    ) -> T {
        self.app.read(query).await.unwrap()
    }

    /// A new member of the owner's workspace.
    pub async fn member(&self, role: Role) -> Actor {
        let n = {
            let mut names = self.names.lock().unwrap();
            let n = names.entry(role).or_default();
            *n += 1;
            *n
        };
        let (name, workspace) = (format!("{} {n}", role.name()), self.owner.workspace);
        self.write(move |tx, now| {
            let person = person(tx, now, &name, &name.to_lowercase().replace(' ', "."))?;
            let member = members::insert(tx, workspace, person, role, None, now)?.expect("nobody joins twice");
            Ok(Actor { who: signed_in(tx, now, person)?, workspace, member })
        })
        .await
        .unwrap()
    }

    /// The owner of another workspace, with a project APP.
    pub async fn another(&self) -> Actor {
        let made = self.write(|tx, now| {
            let person = person(tx, now, "Otto", "otto")?;
            make_operator(tx, person)?;
            let who = signed_in(tx, now, person)?;
            let name = WorkspaceName::parse("Ash").unwrap();
            let workspace = app::workspaces::create(tx, &who, &name, now)?.workspace.id;
            let member = access::member(tx, &who, workspace)?.unwrap();
            let may = Arc::new(member.clone()).may()?;
            let (key, name) = (ProjectKey::parse("APP").unwrap(), ProjectName::parse("App").unwrap());
            app::projects::create(tx, &may, &key, &name, false, now)?;
            Ok(Actor { who, workspace, member: member.id() })
        });
        made.await.unwrap()
    }

    /// A project of the owner's workspace.
    pub async fn project(&self, key: &'static str, private: bool) -> projects::Project {
        let may = self.may(self.owner).await;
        self.write(move |tx, now| {
            let (key, name) = (ProjectKey::parse(key).unwrap(), ProjectName::parse(key).unwrap());
            app::projects::create(tx, &may, &key, &name, private, now)
        })
        .await
        .unwrap()
    }

    /// Gives a member a role on a project, as the owner might.
    pub async fn grant(&self, to: Actor, project: &projects::Project, role: Role) {
        let (grant, by) = (ProjectRole { project: project.facts(), role }, self.owner.who.person);
        self.write(move |tx, now| Ok(projects::grant(tx, to.member, grant, by, now)?)).await.unwrap();
    }

    /// What somebody may, as known at the edge; the actor has to be an active member with the right.
    pub async fn may<R: Wanted>(&self, actor: Actor) -> May<R> {
        self.try_may(actor).await.unwrap()
    }

    pub async fn try_may<R: Wanted>(&self, actor: Actor) -> Result<May<R>, Failure> {
        self.app
            .read(move |db, _| {
                let member = access::member(db, &actor.who, actor.workspace)?.ok_or(Failure::Unknown)?;
                Ok(Arc::new(member).may()?)
            })
            .await
    }

    /// A proof under a key with this limit.
    pub async fn limited<R: Wanted>(&self, actor: Actor, rights: &[Right]) -> May<R> {
        self.may(self.by_key(actor, Some(rights), None).await.1).await
    }

    /// A new key of somebody, and its holder by it.
    pub async fn by_key(&self, actor: Actor, rights: Option<&[Right]>, ends_at: Option<Time>) -> (KeyId, Actor) {
        let (may, name) = (self.may(actor).await, KeyName::parse("CI").unwrap());
        let new = app::keys::NewKey { name, rights: rights.map(Rights::of), ends_at };
        let made = self.write(move |tx, now| {
            let (id, key) = app::keys::create(tx, &may, &new, now)?;
            Ok((id, Actor { who: access::key(tx, &key.hash(), now.at)?.expect("just made").0, ..actor }))
        });
        made.await.unwrap()
    }

    pub async fn revoke_key(&self, by: Actor, id: KeyId) -> Result<(), Failure> {
        let may = self.may(by).await;
        self.write(move |tx, now| app::keys::revoke(tx, &may, id, now).map(drop)).await
    }

    /// Sends a batch.
    pub async fn send(&self, by: Actor, batch: Batch) -> Result<Vec<Verdict>, Failure> {
        let may = self.try_may(by).await?;
        self.send_as(may, batch).await
    }

    pub async fn send_as(
        &self,
        may: May<domain::access::InviteMembers>,
        batch: Batch,
    ) -> Result<Vec<Verdict>, Failure> {
        let (app, per_day) = (self.app.clone(), *self.limits.lock().unwrap());
        let sent = self.write(move |tx, now| {
            let with = With { vault: app.vault(), per_day: per_day.as_ref(), mail: true };
            invitations::invite(tx, with, &may, &batch, now)
        });
        Ok(sent.await?.results)
    }

    /// Invites one address, which is to succeed.
    pub async fn invite(&self, by: Actor, address: &str) -> InvitationId {
        self.invite_to(by, address, Role::Tester).await
    }

    pub async fn invite_to(&self, by: Actor, address: &str, role: Role) -> InvitationId {
        let sent = self.send(by, Batch { role, ..batch(&[address]) }).await.unwrap();
        assert_eq!(sent[0].outcome, Outcome::Invited, "{sent:?}");
        sent[0].invitation.unwrap()
    }

    pub async fn copy(&self, by: Actor, id: InvitationId) -> Result<Token, Failure> {
        let may = self.try_may(by).await?;
        Ok(self.write(move |tx, now| invitations::copy_link(tx, &may, id, now)).await?.1)
    }

    /// Sends an invitation once more; gives the one whose link works now.
    pub async fn resend(&self, by: Actor, id: InvitationId) -> Result<InvitationId, Failure> {
        let (may, app, per_day) = (self.try_may(by).await?, self.app.clone(), *self.limits.lock().unwrap());
        let sent = self.write(move |tx, now| {
            let with = With { vault: app.vault(), per_day: per_day.as_ref(), mail: true };
            invitations::resend(tx, with, &may, id, now)
        });
        sent.await
    }

    /// Corrects the address; gives the successor.
    pub async fn correct(&self, by: Actor, id: InvitationId, address: &str) -> Result<InvitationId, Failure> {
        let (may, app, per_day) = (self.try_may(by).await?, self.app.clone(), *self.limits.lock().unwrap());
        let address = email(address);
        let corrected = self.write(move |tx, now| {
            let with = With { vault: app.vault(), per_day: per_day.as_ref(), mail: true };
            invitations::correct(tx, with, &may, id, &address, now)
        });
        corrected.await
    }

    pub async fn edit(&self, by: Actor, id: InvitationId, edit: invitations::Edit) -> Result<(), Failure> {
        let may = self.try_may(by).await?;
        self.edit_as(may, id, edit).await
    }

    pub async fn edit_as(
        &self,
        may: May<domain::access::InviteMembers>,
        id: InvitationId,
        edit: invitations::Edit,
    ) -> Result<(), Failure> {
        self.write(move |tx, now| invitations::edit(tx, &may, id, &edit, now)).await
    }

    /// Addresses of this domain are not to join any more.
    pub async fn block(&self, domain: &'static str) {
        let may = self.may(self.owner).await;
        let domains = app::mail_domains::parse([].iter().copied(), [domain].iter().copied()).unwrap();
        self.write(move |tx, now| app::mail_domains::replace(tx, &may, &domains, now)).await.unwrap();
    }

    pub async fn sponsor(&self, by: Actor, id: InvitationId) -> Result<(), Failure> {
        let may = self.try_may(by).await?;
        self.write(move |tx, now| invitations::sponsor(tx, &may, id, now)).await
    }

    pub async fn revoke(&self, by: Actor, id: InvitationId) -> Result<(), Failure> {
        let may = self.try_may(by).await?;
        self.write(move |tx, now| invitations::revoke(tx, &may, id, now)).await
    }

    /// The token in the last mail of an invitation, as the outbox holds it before the hand-over.
    pub async fn mailed(&self, id: InvitationId) -> Token {
        self.secrets(id).await.0
    }

    /// The code in the last mail of an invitation.
    pub async fn code(&self, id: InvitationId) -> Code {
        self.secrets(id).await.1
    }

    async fn secrets(&self, id: InvitationId) -> (Token, Code) {
        let text = "SELECT secret FROM message WHERE invitation = ? ORDER BY send DESC";
        let rows: Vec<db::Row> = self.read(move |db, _| Ok(db.all(sql!(text, Uuid::from(id)))?)).await;
        let secret: Vec<u8> = rows.into_iter().next().expect("a mail").get("secret").unwrap();
        let opened = String::from_utf8(self.app.vault().open("mailed token", &secret).unwrap()).unwrap();
        let (token, code) = opened.split_once(' ').unwrap();
        (token.parse().unwrap(), code.parse().unwrap())
    }

    pub async fn accept(&self, token: &Token, joiner: Joiner) -> Result<Accepted, Failure> {
        let token = token.clone();
        self.write(move |tx, now| invitations::accept(tx, &token, &joiner, now)).await
    }

    pub async fn decline(&self, token: &Token) -> Result<(), Failure> {
        let (token, app) = (token.clone(), self.app.clone());
        self.write(move |tx, now| invitations::decline(tx, post(&app), &token, now)).await
    }

    /// Asks for a new link in place of an expired one.
    pub async fn want_anew(&self, token: &Token) -> Result<(), Failure> {
        let (token, app) = (token.clone(), self.app.clone());
        self.write(move |tx, now| invitations::want_anew(tx, post(&app), &token, now)).await
    }

    /// To whom the outbox has notices.
    pub async fn told(&self) -> Vec<String> {
        let text = "SELECT address FROM message WHERE kind = 'notice' ORDER BY id";
        let rows: Vec<db::Row> = self.read(move |db, _| Ok(db.all(sql!(text))?)).await;
        rows.into_iter().map(|mut row| row.get("address").unwrap()).collect()
    }

    /// A session of a person, as a browser holds it.
    pub async fn browser(&self, person: PersonId) -> (SignedIn, Token) {
        self.write(move |tx, now| {
            let token = sessions::open(tx, person, None, now)?;
            let (who, _) = access::session(tx, &token.hash(), now.at)?.expect("just opened");
            Ok((who, token))
        })
        .await
        .unwrap()
    }

    pub async fn account(&self, address: &str) -> Option<people::Account> {
        let address = email(address);
        self.read(move |db, _| Ok(people::account(db, &system(), &address)?)).await
    }

    /// Where an invitation stands, as the tables have it.
    pub async fn stored(&self, id: InvitationId) -> State {
        self.invitation(id).await.state
    }

    pub async fn invitation(&self, id: InvitationId) -> Invitation {
        self.read(move |db, _| Ok(store::invitations::of_token(db, id)?)).await
    }

    /// What became of an invitation's mails.
    pub async fn mails(&self, id: InvitationId) -> Vec<String> {
        let rows: Vec<db::Row> = self
            .read(move |db, _| {
                Ok(db.all(sql!("SELECT state FROM message WHERE invitation = ? ORDER BY send", Uuid::from(id)))?)
            })
            .await;
        rows.into_iter().map(|mut row| row.get("state").unwrap()).collect()
    }

    /// The kinds of event written, in order.
    pub async fn events(&self) -> Vec<String> {
        let rows: Vec<db::Row> = self.read(|db, _| Ok(db.all(sql!("SELECT what FROM event ORDER BY id"))?)).await;
        rows.into_iter().map(|mut row| row.get("what").unwrap()).collect()
    }

    /// The audit log, newest first: what, who, the thing and the changes.
    pub async fn log(&self) -> Vec<Entry> {
        let text = "SELECT e.what, e.workspace, e.actor, e.target_id, e.changes, x.label FROM event e
            JOIN event_personal x ON x.event = e.id ORDER BY e.id DESC";
        let rows: Vec<db::Row> = self.read(move |db, _| Ok(db.all(sql!(text))?)).await;
        rows.into_iter().map(Entry::of).collect()
    }

    pub async fn count(&self, text: &'static str) -> i64 {
        let mut row: db::Row = self.read(move |db, _| Ok(db.one(sql!(text))?)).await;
        row.get("n").unwrap()
    }

    /// The membership an address leads to in a workspace.
    pub async fn member_of(&self, workspace: WorkspaceId, address: &str) -> Option<Member> {
        let address = email(address);
        self.read(move |db, _| {
            let Some(account) = people::account(db, &system(), &address)? else { return Ok(None) };
            Ok(access::active_member(db, account.person, workspace)?)
        })
        .await
    }

    /// The one membership of a person.
    pub async fn member_of_any(&self, person: PersonId) -> Actor {
        let found = self.write(move |tx, now| {
            let who = signed_in(tx, now, person)?;
            let workspace = store::workspaces::mine(tx, &who)?.remove(0).id;
            let member = access::member(tx, &who, workspace)?.unwrap();
            Ok(Actor { who, workspace, member: member.id() })
        });
        found.await.unwrap()
    }

    pub async fn change(&self, by: Actor, whom: Actor, change: app::members::Change) -> Result<(), Failure> {
        let may = self.try_may::<domain::access::Membership>(by).await?;
        self.write(move |tx, now| app::members::change(tx, &may, whom.member, &change, now).map(drop)).await
    }

    pub async fn set_role(&self, by: Actor, whom: Actor, role: Role) -> Result<(), Failure> {
        self.change(by, whom, app::members::Change { role: Some(role), projects: None }).await
    }

    pub async fn deactivate(&self, by: Actor, whom: Actor) -> Result<(), Failure> {
        let may = self.try_may(by).await?;
        self.write(move |tx, now| app::members::deactivate(tx, &may, whom.member, now)).await
    }

    pub async fn remove(&self, by: Actor, whom: Actor) -> Result<(), Failure> {
        let may = self.try_may(by).await?;
        self.write(move |tx, now| app::members::remove(tx, &may, whom.member, now)).await
    }

    pub async fn leave(&self, who: Actor) -> Result<(), Failure> {
        let may = self.try_may(who).await?;
        self.write(move |tx, now| app::members::leave(tx, &may, now)).await
    }

    pub async fn shut_out(&self, by: Actor, whom: Actor) -> Result<(), Failure> {
        let may = self.try_may(by).await?;
        self.write(move |tx, now| app::members::shut_out(tx, &may, whom.member, now)).await
    }

    pub async fn reactivate(&self, by: Actor, whom: Actor) -> Result<(), Failure> {
        let may = self.try_may(by).await?;
        self.write(move |tx, now| app::members::reactivate(tx, &may, whom.member, now)).await
    }
}

fn settings(files: &std::path::Path) -> Settings {
    Settings {
        base_url: "http://localhost:8080".parse().unwrap(),
        mail: None,
        outbox: app::settings::Outbox::default(),
        rate_limits: false,
        per_day: PerDay::default(),
        attachments: Attachments::within(files),
    }
}

/// As on a server that sends mail.
fn post(app: &App) -> Post<'_> {
    Post { vault: app.vault(), mail: true }
}

pub fn system() -> System {
    System::because("a test")
}

/// A person with a proved address at people.example.
pub fn person(tx: &mut Tx, now: &Now, name: &str, local: &str) -> Result<PersonId, Failure> {
    let (name, email) = (PersonName::parse(name).unwrap(), email(&format!("{local}@people.example")));
    let new = people::NewPerson { name: &name, email: &email, password: None, verified: true, operator: false };
    Ok(people::insert(tx, &new, now)?.expect("a name is used once"))
}

fn make_operator(tx: &mut Tx, person: PersonId) -> Result<(), Failure> {
    tx.run(sql!("UPDATE person SET operator = TRUE WHERE id = ?", Uuid::from(person)))?;
    Ok(())
}

/// Signed in at a browser that is used every day.
pub fn signed_in(tx: &mut Tx, now: &Now, person: PersonId) -> Result<SignedIn, Failure> {
    let token = sessions::open(tx, person, None, now)?;
    let (who, _) = access::session(tx, &token.hash(), now.at)?.expect("just opened");
    stays(tx, &who, now)?;
    Ok(who)
}

/// No session ends in the middle of a test about something else.
fn stays(tx: &mut Tx, who: &SignedIn, now: &Now) -> Result<(), db::Error> {
    sessions::seen(tx, who, now.at + days(365))
}

/// Runs these at the same time, and not for ever.
pub async fn at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let all: JoinSet<T> = tasks.into_iter().collect();
    tokio::time::timeout(Duration::from_mins(1), all.join_all()).await.expect("nothing waits for ever")
}
