//! Bodies that no file has any more are thrown away.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{access::System, attachment::Digest, id::WorkspaceId, time::days};
use store::attachments;
use tokio::task::spawn_blocking;

use crate::{
    App, Failure,
    objects::{GRACE, Key, Objects},
};

/// How long a file that was taken off its cases can be put back.
pub const KEPT: Duration = days(30);

/// How long a file waits for the case it came for.
pub const LEFT: Duration = days(7);

/// Forgets files that had their time, then throws away the bodies that nobody refers to; says how many. To be called every
/// day, on any node: two at once do no harm.
pub async fn sweep(app: &App) -> Result<usize, Failure> {
    sweep_older(app, GRACE).await
}

/// The same of bodies that were kept longer ago than `age`.
pub async fn sweep_older(app: &App, age: Duration) -> Result<usize, Failure> {
    app.write(None, |tx, now| Ok(attachments::forget(tx, now.at - KEPT, now.at - LEFT)?)).await?;
    let objects = Arc::clone(app.objects());
    let old = blocking(move || older(&*objects, age)).await?;
    let mut swept = 0;
    for (workspace, digests) in old {
        let asked = digests.clone();
        let system = System::because("bodies of files are swept");
        let wanted = app.read(move |db, _| Ok(attachments::wanted(db, &system, workspace, &asked)?)).await?;
        let objects = Arc::clone(app.objects());
        swept += blocking(move || {
            let nobodys = digests.into_iter().filter(|digest| !wanted.contains(digest));
            let mut removed = 0;
            for digest in nobodys {
                removed += usize::from(objects.remove(Key { workspace, digest }, age)?);
            }
            Ok(removed)
        })
        .await?;
    }
    Ok(swept)
}

fn older(objects: &dyn Objects, age: Duration) -> std::io::Result<BTreeMap<WorkspaceId, Vec<Digest>>> {
    let mut found: BTreeMap<WorkspaceId, Vec<Digest>> = BTreeMap::new();
    objects.older(age, &mut |key| found.entry(key.workspace).or_default().push(key.digest))?;
    Ok(found)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Failure> {
    let done = spawn_blocking(work).await.map_err(|error| Failure::Broken(error.to_string()))?;
    done.map_err(|error| Failure::Broken(format!("the store of files: {error}")))
}
