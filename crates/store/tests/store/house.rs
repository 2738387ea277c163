//! A workspace with an owner, and a clock that stands still until a test moves it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use db::{Conn, Db, Engine, Tx};
use domain::{
    access::{
        CreateProjects, Grants, InviteMembers, May, Membership, ProjectRole, Rights, Role, SignedIn, Still, Visible,
        Wanted,
    },
    email::Email,
    id::{InvitationId, MemberId, PersonId, WorkspaceId},
    invitation::ValidDays,
    now::Now,
    project_key::ProjectKey,
    slug::Slug,
    time::Time,
    title::{KeyName, PersonName, ProjectName, WorkspaceName},
};
use store::{
    Again, Lost, access, invitations, keys, members, people, projects, projects::Project, sessions, workspaces,
};

use crate::bed::Bed;

/// Tuesday, 1 December 2026, 10:40 UTC.
pub const START: Time = Time::from_micros(1_796_121_600_000_000);

/// A moment whose random values come from a seed.
pub fn moment(at: Time, seed: u64) -> Now {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Now::new(at, move |bytes| {
        for byte in bytes {
            // A counter, mixed: unique enough, and the same every time.
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed >> 56) as u8;
        }
    })
}

/// A database with one workspace and its owner.
pub struct House {
    bed: Bed,
    clock: Arc<AtomicI64>,
    seed: Arc<AtomicU64>,
    pub owner: Actor,
}

/// Somebody who is a member of a workspace.
#[derive(Clone, Copy)]
pub struct Actor {
    pub who: SignedIn,
    pub workspace: WorkspaceId,
    pub member: MemberId,
}

impl House {
    pub async fn on(engine: Engine) -> House {
        let bed = Bed::on(engine).await;
        let (clock, seed) = (Arc::new(AtomicI64::new(START.micros())), Arc::new(AtomicU64::new(1)));
        let owner = bed.db.write(move |tx| found(tx, &moment(START, 0), "Olga", "Hollin")).await.unwrap();
        House { bed, clock, seed, owner }
    }

    pub fn db(&self) -> &Db {
        &self.bed.db
    }

    /// All that the database keeps.
    pub async fn contents(&self) -> String {
        self.bed.contents().await
    }

    /// Moves the clock.
    pub fn pass(&self, span: Duration) {
        self.clock.store((self.now() + span).micros(), SeqCst);
    }

    pub fn now(&self) -> Time {
        Time::from_micros(self.clock.load(SeqCst))
    }

    /// Runs a transaction that is to succeed.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx, &Now) -> Result<T, Lost> + Send + 'static,
    ) -> T {
        self.try_write(work).await.unwrap()
    }

    pub async fn try_write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx, &Now) -> Result<T, Lost> + Send + 'static,
    ) -> Result<T, Lost> {
        let (at, seed) = (self.now(), self.seed.clone());
        self.bed.db.write(move |tx| work(tx, &moment(at, seed.fetch_add(1, SeqCst)))).await
    }

    /// Runs a query that is to succeed, where nothing can be written.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Conn) -> Result<T, db::Error> + Send + 'static,
    ) -> T {
        self.bed.db.read(query).await.unwrap()
    }

    /// As [`House::read`], with the reader's proof of being a member.
    pub async fn read_as<T: Send + 'static>(
        &self,
        reader: Actor,
        query: impl FnOnce(&mut Conn, &May<Membership>) -> Result<T, db::Error> + Send + 'static,
    ) -> T {
        self.read(move |db| {
            let may = reader.may(db).expect("every member holds a membership");
            query(db, &may)
        })
        .await
    }

    /// Another workspace with an owner of its own.
    pub async fn another(&self) -> Actor {
        self.write(|tx, now| Ok(found(tx, now, "Otto", "Ash")?)).await
    }

    /// A new member of the owner's workspace, at an address made of the name.
    pub async fn member(&self, name: &'static str, role: Role) -> Actor {
        let workspace = self.owner.workspace;
        self.write(move |tx, now| {
            let person = person(tx, now, name)?;
            Ok(join(tx, now, workspace, person, role)?)
        })
        .await
    }

    /// A project of the owner's workspace, on which nobody holds a role.
    pub async fn project(&self, key: &'static str, private: bool) -> Project {
        self.project_of(self.owner, key, private).await
    }

    pub async fn project_of(&self, owner: Actor, key: &'static str, private: bool) -> Project {
        self.write(move |tx, now| {
            let still: Still<CreateProjects> = owner.still(tx)?;
            let (key, name) = (ProjectKey::parse(key).unwrap(), ProjectName::parse(key).unwrap());
            Ok(projects::insert(tx, &still, &key, &name, private, now)?.unwrap())
        })
        .await
    }

    pub async fn grant(&self, to: Actor, project: &Project, role: Role) {
        let (grant, by) = (ProjectRole { project: project.facts(), role }, self.owner.who.person);
        self.write(move |tx, now| Ok(projects::grant(tx, to.member, grant, by, now)?)).await;
    }

    /// The same actor by a key of his, limited to these rights if any are named.
    pub async fn by_key(&self, of: Actor, limit: Option<Rights>) -> Actor {
        let who = self.write(move |tx, now| {
            let (still, name) = (of.still(tx)?, KeyName::parse("CI").unwrap());
            let (_, key) = keys::insert(tx, &still, &name, limit, None, now)?;
            Ok(access::key(tx, &key.hash(), now.at)?.expect("just made").0)
        });
        Actor { who: who.await, ..of }
    }

    /// An invitation of this address to Tester, by an actor.
    pub async fn invite(&self, by: Actor, address: &'static str) -> InvitationId {
        self.write(move |tx, now| Ok(invite(tx, now, by, address)?.unwrap())).await
    }
}

impl Actor {
    /// A proof, from what the database says now.
    pub fn may<R: Wanted>(self, db: &mut Conn) -> Result<May<R>, Lost> {
        let member = access::member(db, &self.who, self.workspace)?.expect("the actor is an active member");
        Ok(Arc::new(member).may()?)
    }

    /// A proof in one project, from what the database says now.
    pub fn may_in<R: Wanted>(self, db: &mut Conn, project: &Project) -> Result<May<R>, Lost> {
        let member = access::member(db, &self.who, self.workspace)?.expect("the actor is an active member");
        Ok(Arc::new(member).may_in(project.facts())?)
    }

    pub fn still<R: Wanted>(self, tx: &mut Tx) -> Result<Still<R>, Lost> {
        let may = self.may(tx)?;
        // Everybody's session lives for all of a test, whatever its clock says.
        tx.still(&may, START)
    }

    pub fn visible(self, db: &mut Conn) -> Result<Visible, db::Error> {
        Ok(access::member(db, &self.who, self.workspace)?.expect("the actor is an active member").visible())
    }
}

/// Signed in at some browser.
pub fn signed_in(tx: &mut Tx, now: &Now, person: PersonId) -> Result<SignedIn, db::Error> {
    let token = sessions::open(tx, person, None, now)?;
    Ok(access::session(tx, &token.hash(), now.at)?.expect("just opened").0)
}

pub fn email(address: &str) -> Email {
    Email::parse(address).unwrap()
}

/// A new person, `ann@people.example` for Ann.
pub fn person(tx: &mut Tx, now: &Now, name: &str) -> Result<PersonId, db::Error> {
    let address = format!("{}@people.example", name.to_lowercase().replace(' ', "."));
    let (name, email) = (PersonName::parse(name).unwrap(), email(&address));
    let new = people::NewPerson { name: &name, email: &email, password: None, verified: true, operator: false };
    Ok(people::insert(tx, &new, now)?.expect("a name is used once"))
}

pub fn join(tx: &mut Tx, now: &Now, workspace: WorkspaceId, person: PersonId, role: Role) -> Result<Actor, db::Error> {
    let member = members::insert(tx, workspace, person, role, None, now)?.expect("nobody joins twice");
    Ok(Actor { who: signed_in(tx, now, person)?, workspace, member })
}

fn found(tx: &mut Tx, now: &Now, owner: &str, name: &str) -> Result<Actor, db::Error> {
    let founder = person(tx, now, owner)?;
    let name = WorkspaceName::parse(name).unwrap();
    let workspace = workspaces::insert(tx, founder, &name, &Slug::suggest(&name), now)?.expect("a slug is used once");
    join(tx, now, workspace, founder, Role::Owner)
}

/// Invites an address to Tester.
pub fn invite(tx: &mut Tx, now: &Now, by: Actor, address: &str) -> Result<Option<InvitationId>, Lost> {
    invite_to(tx, now, by, address, &Grants { role: Role::Tester, projects: Vec::new() })
}

pub fn invite_to(
    tx: &mut Tx,
    now: &Now,
    by: Actor,
    address: &str,
    grants: &Grants,
) -> Result<Option<InvitationId>, Lost> {
    let still: Still<InviteMembers> = by.still(tx)?;
    let email = email(address);
    let new =
        invitations::NewInvitation { email: &email, name: None, grants, message: None, valid: ValidDays::default() };
    Ok(invitations::insert(tx, &still, &new, now)?)
}
