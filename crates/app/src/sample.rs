//! A large project for trials, tests and benches that reads like a real one: the same for the same seed.

mod dice;
mod outline;
mod words;
mod writing;

use std::{mem, sync::Arc};

use db::Tx;
use domain::{
    access::{May, ProjectFacts, SignedIn, System, Wanted, WriteCases},
    case::{Fields, version::Snapshot},
    change::Changed,
    event::{Event, What},
    id::{FolderId, PersonId, WorkspaceId},
    now::Now,
    project_key::ProjectKey,
    rank::Rank,
    secret::Token,
    title::{FolderName, ProjectName},
};
use store::{Again, access, cases, changes, events, folders, members, properties, sessions, workspaces};

use self::{dice::Dice, outline::Shelf, writing::Writer};
use crate::{App, Failure, projects};

/// What sample is wanted.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Id or slug of the workspace; may be left out where the server has one alone.
    pub workspace: Option<String>,
    /// The key of the project, which is made.
    pub key: ProjectKey,
    /// Its name.
    pub name: ProjectName,
    /// How many cases.
    pub cases: usize,
    /// Which sample: the same seed makes the same project.
    pub seed: u64,
}

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// Folders.
    pub folders: usize,
    /// Cases.
    pub cases: usize,
}

/// Cases that are written in one transaction: other writers wait that long.
const AT_ONCE: usize = 500;

/// Makes the project in the name of the workspace's first owner, beside a running server or without one. `told` hears
/// how many cases there are so far. If it is cut off, the project stays with what was written.
pub async fn make(app: &App, sample: Sample, mut told: impl FnMut(usize)) -> Result<Made, Failure> {
    let wanted = sample.clone();
    let (token, workspace, project) = app.write(None, move |tx, now| begin(tx, &wanted, now)).await?;
    let by = By { app, token, workspace, project };
    let made = fill(&by, &sample, &mut told).await;
    let token = by.token;
    app.write(None, move |tx, _| Ok(sessions::close(tx, &token.hash())?)).await?;
    made
}

/// In whose name and where it is written.
struct By<'a> {
    app: &'a App,
    token: Token,
    workspace: WorkspaceId,
    project: ProjectFacts,
}

impl By<'_> {
    async fn may(&self) -> Result<May<WriteCases>, Failure> {
        let (hash, workspace, project) = (self.token.hash(), self.workspace, self.project);
        let may = self.app.read(move |db, now| {
            let (who, _) = access::session(db, &hash, now.at)?.ok_or(Failure::Unknown)?;
            let member = access::member(db, &who, workspace)?.ok_or(Failure::Unknown)?;
            Ok(Arc::new(member).may_in(project)?)
        });
        may.await
    }
}

fn begin(tx: &mut Tx, sample: &Sample, now: &Now) -> Result<(Token, WorkspaceId, ProjectFacts), Failure> {
    let system = System::because("muster sample");
    let workspace = which(tx, &system, sample.workspace.as_deref())?;
    let unknown = || Failure::conflict("no_owner", "There is no such workspace.");
    let owner = members::first_owner(tx, &system, workspace)?.ok_or_else(unknown)?;
    let token = sessions::open(tx, owner, Some("muster sample"), now)?;
    let (who, _) = access::session(tx, &token.hash(), now.at)?.ok_or(Failure::Unknown)?;
    let may = may_make(tx, &who, workspace)?;
    let project = projects::create(tx, &may, &sample.key, &sample.name, false, now)?;
    Ok((token, workspace, project.facts()))
}

fn may_make<R: Wanted>(tx: &mut Tx, who: &SignedIn, workspace: WorkspaceId) -> Result<May<R>, Failure> {
    let member = access::member(tx, who, workspace)?.ok_or(Failure::Unknown)?;
    Ok(Arc::new(member).may()?)
}

fn which(tx: &mut Tx, system: &System, named: Option<&str>) -> Result<WorkspaceId, Failure> {
    if let Some(named) = named {
        let unknown = || Failure::conflict("unknown_workspace", format!("There is no workspace {named}."));
        return workspaces::resolve(tx, named)?.ok_or_else(unknown);
    }
    match workspaces::all(tx, system)?.as_slice() {
        [only] => Ok(only.id),
        [] => Err(Failure::conflict("no_workspace", "This server has no workspace yet. Run muster setup first.")),
        several => {
            let slugs: Vec<&str> = several.iter().map(|one| one.slug.as_str()).collect();
            let detail = format!("Say which workspace with --workspace: {}.", slugs.join(", "));
            Err(Failure::conflict("which_workspace", detail))
        }
    }
}

async fn fill(by: &By<'_>, sample: &Sample, told: &mut impl FnMut(usize)) -> Result<Made, Failure> {
    let may = by.may().await?;
    let mut dice = Dice::of(sample.seed);
    let shelves: Arc<[Shelf]> = outline::shelves(sample.cases, &mut dice).into();
    let (all, to) = (shelves.clone(), may.clone());
    let ids = by.app.write(None, move |tx, now| make_folders(tx, &to, &all, now)).await?;
    let of = may.clone();
    let (values, people) = by
        .app
        .read(move |db, _| {
            let people = cases::candidates(db, &of, &[], 50)?;
            let people: Vec<PersonId> = people.into_iter().filter(|one| !one.service).map(|one| one.id).collect();
            Ok((properties::in_project(db, &of)?, people))
        })
        .await?;
    let mut writer = Writer::new(dice, values, people);
    let (mut batch, mut written) = (Vec::with_capacity(AT_ONCE), 0);
    for (shelf, folder) in shelves.iter().zip(&ids) {
        for _ in 0..shelf.cases {
            batch.push((*folder, writer.case(shelf)?));
            written += 1;
            if batch.len() == AT_ONCE || written == sample.cases {
                let (some, to) = (mem::take(&mut batch), may.clone());
                by.app.write(None, move |tx, now| make_cases(tx, &to, &some, now)).await?;
                told(written);
            }
        }
    }
    Ok(Made { folders: ids.len(), cases: written })
}

fn make_folders(tx: &mut Tx, may: &May<WriteCases>, shelves: &[Shelf], now: &Now) -> Result<Vec<FolderId>, Failure> {
    let still = tx.still(may, now.at)?;
    let root = folders::lock(tx, &still)?;
    let (mut ids, mut told, mut last) = (Vec::new(), Vec::new(), std::collections::BTreeMap::new());
    for shelf in shelves {
        let parent = shelf.parent.map_or(root, |parent| ids[parent]);
        let place = Rank::between(last.get(&parent), None).ok_or_else(|| Failure::Broken("no place".into()))?;
        let name = FolderName::parse(shelf.name).map_err(|bad| Failure::Broken(bad.to_string()))?;
        let made = folders::insert(tx, &still, parent, &name, &place, now)?;
        let made = made.ok_or_else(|| Failure::Broken(format!("two folders {} in one", shelf.name)))?;
        told.push(Event::new(What::FolderCreated, "folder", made, name.as_str()).in_project(still.project()));
        last.insert(parent, place);
        ids.push(made);
    }
    events::add_all(tx, Some(still.workspace()), Some(still.person()), &told, now)?;
    Ok(ids)
}

/// Writes cases as [`crate::cases::create`] writes each, but in few statements.
fn make_cases(tx: &mut Tx, may: &May<WriteCases>, batch: &[(FolderId, Fields)], now: &Now) -> Result<(), Failure> {
    let still = tx.still(may, now.at)?;
    let gone = || Failure::conflict("folder_gone", "Somebody deleted a folder of the sample meanwhile.");
    let ids = cases::insert_all(tx, &still, batch, now)?.ok_or_else(gone)?;
    let firsts: Vec<_> = ids.iter().zip(batch).map(|(id, (_, fields))| (*id, Snapshot::of(fields.clone()))).collect();
    cases::begin_versions(tx, &still, &firsts, now.at)?;
    let event = |(id, snapshot): &(_, Snapshot)| {
        Event::new(What::CaseCreated, "case", id, snapshot.fields.title.as_str()).in_project(still.project())
    };
    let told: Vec<Event> = firsts.iter().map(event).collect();
    events::note_all(tx, Some(still.workspace()), Some(still.person()), &told, now)?;
    if let Some(project) = still.project() {
        changes::tell(tx, still.workspace(), Changed::Project(project));
    }
    Ok(())
}
