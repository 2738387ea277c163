//! Deleting folders and cases, which is an act that can be taken back as a whole, and taking it back.

use db::Tx;
use domain::{
    access::{DeleteCases, May, Still},
    event::{Attempt, Event, What},
    folder::{DEEPEST, Misplaced},
    id::{CaseId, FolderId, TrashId},
    now::Now,
    title::FolderName,
};
use store::{
    Again, events, folders, moves,
    trash::{self, Act, Taken},
};

use crate::{
    Failure,
    folders::{misplaced, rank, tried},
};

/// What an act of deletion took, or gave back.
#[derive(Clone, Debug)]
pub struct Done {
    /// The act; names it for taking it back.
    pub act: TrashId,
    /// The folder's name, or the title of the first case.
    pub name: String,
    /// How many folders.
    pub folders: u64,
    /// How many cases.
    pub cases: u64,
    /// Whether a folder is at the top of it.
    pub folder: Option<FolderId>,
}

/// Puts a folder with all in it into the trash.
pub fn delete_folder(tx: &mut Tx, may: &May<DeleteCases>, id: FolderId, now: &Now) -> Result<Done, Failure> {
    now.tries(tried(may, id, "delete"));
    let still = tx.still(may, now.at)?;
    folders::lock(tx, &still)?;
    let tree = folders::tree(tx, &still)?;
    let name = tree.find(id).filter(|folder| folder.depth > 0).ok_or(Failure::Unknown)?.row.name.clone();
    let act: TrashId = now.id();
    let (folders, cases) = trash::take_folder(tx, &still, id, act, now)?;
    let done = Done { act, name, folders, cases, folder: Some(id) };
    keep(tx, &still, &done, now)?;
    let event = Event::new(What::FolderDeleted, "folder", id, &done.name);
    let event = event.change("folders", folders, 0).change("cases", cases, 0);
    add(tx, &still, event, now)?;
    Ok(done)
}

/// Puts cases into the trash. Those that are gone already, or of another project, are passed over.
pub fn delete_cases(tx: &mut Tx, may: &May<DeleteCases>, ids: &[CaseId], now: &Now) -> Result<Done, Failure> {
    now.tries(case_tried(may, "delete"));
    let still = tx.still(may, now.at)?;
    folders::lock(tx, &still)?;
    let found = moves::held(tx, &still, ids)?;
    let first = found.first().ok_or(Failure::Unknown)?;
    let (act, name) = (now.id(), first.title.clone());
    let known: Vec<CaseId> = found.iter().map(|case| case.id).collect();
    let cases = trash::take_cases(tx, &still, &known, act, now)?;
    let done = Done { act, name, folders: 0, cases, folder: None };
    keep(tx, &still, &done, now)?;
    let event =
        |case: &moves::Held| Event::new(What::CaseDeleted, "case", case.id, &case.title).in_project(still.project());
    let told: Vec<Event> = found.iter().map(event).collect();
    events::add_all(tx, Some(still.workspace()), Some(still.person()), &told, now)?;
    Ok(done)
}

fn keep(tx: &mut Tx, still: &Still<DeleteCases>, done: &Done, now: &Now) -> Result<(), Failure> {
    let taken = Taken { folder: done.folder, name: &done.name, folders: done.folders, cases: done.cases };
    Ok(trash::insert(tx, still, done.act, taken, now)?)
}

/// Takes an act of deletion back, exactly: what another act took stays in the trash. Where the folder it lay in is gone,
/// the answer is `folder_gone`, and `into` says where else; `Some(None)` is the top of the project.
pub fn restore(
    tx: &mut Tx,
    may: &May<DeleteCases>,
    act: TrashId,
    into: Option<Option<FolderId>>,
    now: &Now,
) -> Result<Done, Failure> {
    now.tries(tried(may, "", "restore"));
    let still = tx.still(may, now.at)?;
    let root = folders::lock(tx, &still)?;
    let act = trash::lock(tx, &still, act)?.ok_or(Failure::Unknown)?;
    let into = into.map(|into| into.unwrap_or(root));
    let name = match act.folder {
        Some(folder) => give_folder_back(tx, &still, &act, folder, into)?,
        None => give_cases_back(tx, &still, &act, into)?,
    };
    trash::remove(tx, &still, act.id)?;
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    let done = Done { act: act.id, name, folders: count(act.folders), cases: count(act.cases), folder: act.folder };
    let event = match act.folder {
        Some(folder) => Event::new(What::FolderRestored, "folder", folder, &done.name),
        None => Event::new(What::CasesRestored, "trash", act.id, &done.name),
    };
    add(tx, &still, event.change("folders", 0, act.folders).change("cases", 0, act.cases), now)?;
    Ok(done)
}

/// Lays the folder where it lay, or into another, under a name that is free there.
fn give_folder_back(
    tx: &mut Tx,
    still: &Still<DeleteCases>,
    act: &Act,
    folder: FolderId,
    into: Option<FolderId>,
) -> Result<String, Failure> {
    let parent = target(tx, still, into, act.parent)?;
    let name = free_name(tx, still, parent, &act.name)?;
    let place = rank(tx, still, parent, None, None)?;
    trash::rename_folder(tx, still, folder, &name)?;
    folders::place(tx, still, folder, parent, &place)?;
    trash::give_folder_back(tx, still, act.id)?;
    let tree = folders::tree(tx, still)?;
    match tree.subtree(folder).iter().map(|folder| folder.depth).max() {
        Some(depth) if depth > DEEPEST => Err(misplaced(Misplaced::TooDeep(depth), "into")),
        _ => Ok(name.as_str().to_owned()),
    }
}

fn give_cases_back(
    tx: &mut Tx,
    still: &Still<DeleteCases>,
    act: &Act,
    into: Option<FolderId>,
) -> Result<String, Failure> {
    if trash::homeless(tx, still, act.id)? > 0 {
        let into = target(tx, still, into, None)?;
        trash::lay_cases(tx, still, act.id, into)?;
    }
    trash::give_cases_back(tx, still, act.id)?;
    Ok(act.name.clone())
}

/// The folder asked for, or else where it lay, if that is still there.
fn target(
    tx: &mut Tx,
    still: &Still<DeleteCases>,
    into: Option<FolderId>,
    lay: Option<FolderId>,
) -> Result<FolderId, Failure> {
    let gone = || {
        let detail = "The folder this lay in is gone. Restore it to the top of the project, or into another folder.";
        Failure::conflict("folder_gone", detail)
    };
    let wanted = into.or(lay).ok_or_else(gone)?;
    match folders::held(tx, still, &[wanted])?.first() {
        Some(there) => Ok(*there),
        None if into.is_some() => Err(misplaced(Misplaced::Unknown, "into")),
        None => Err(gone()),
    }
}

/// `Payment`, or `Payment 2` where another took the name meanwhile.
fn free_name(tx: &mut Tx, still: &Still<DeleteCases>, parent: FolderId, name: &str) -> Result<FolderName, Failure> {
    let broken = |bad: domain::title::BadTitle| Failure::Broken(bad.to_string());
    let mut free = FolderName::parse(name).map_err(broken)?;
    for number in 2.. {
        if !folders::has_name(tx, still, parent, &free, None)? {
            break;
        }
        let ending = format!(" {number}");
        let kept: String = name.chars().take(FolderName::MOST - ending.len()).collect();
        free = FolderName::parse(&format!("{kept}{ending}")).map_err(broken)?;
    }
    Ok(free)
}

fn add(tx: &mut Tx, still: &Still<DeleteCases>, event: Event, now: &Now) -> Result<(), Failure> {
    let event = event.in_project(still.project());
    Ok(events::add(tx, Some(still.workspace()), Some(still.person()), &event, now)?)
}

fn case_tried(may: &May<DeleteCases>, deed: &str) -> Attempt {
    Attempt::new(What::CaseRefused, "case", "", deed).by(may)
}
