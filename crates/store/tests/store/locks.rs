//! What locks promise: whoever comes second waits for the first and then sees what he did.

use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use db::{Engine, Tx};
use domain::{
    access::{ManageMembers, Role, Still},
    now::Now,
};
use store::{Lost, access, invitations, members, workspaces};

use crate::{
    bed::on_both_engines,
    house::{House, invite},
};

on_both_engines! { House:
    the_second_to_lock_a_workspace_waits
    the_second_to_lock_an_invitation_waits
    the_second_to_lock_a_member_waits
    the_second_to_show_a_proof_again_waits
}

async fn the_second_to_lock_a_workspace_waits(house: House) {
    let workspace = house.owner.workspace;
    waits(&house, move |tx, _| Ok(workspaces::lock(tx, workspace)?)).await;
}

async fn the_second_to_lock_an_invitation_waits(house: House) {
    let id = house.invite(house.owner, "ann@x.example").await;
    waits(&house, move |tx, now| Ok(invitations::lock(tx, id, now.at).map(drop)?)).await;
}

async fn the_second_to_lock_a_member_waits(house: House) {
    let (owner, ann) = (house.owner, house.member("Ann", Role::Tester).await);
    let other = house.member("Bob", Role::Admin).await;
    let turns = Mutex::new([owner, other].into_iter().cycle());
    waits(&house, move |tx, _| {
        // Two actors, so that it is the target's row they meet at.
        let actor = turns.lock().unwrap().next().unwrap();
        let still: Still<ManageMembers> = actor.still(tx)?;
        Ok(members::lock(tx, &still, ann.member).map(drop)?)
    })
    .await;
}

async fn the_second_to_show_a_proof_again_waits(house: House) {
    let ann = house.member("Ann", Role::Tester).await;
    waits(&house, move |tx, _| Ok(access::locked_member(tx, ann.member).map(drop)?)).await;
}

/// The first of two transactions holds the lock until it has written its name.
async fn waits(house: &House, lock: impl Fn(&mut Tx, &Now) -> Result<(), Lost> + Send + Sync + 'static) {
    let (lock, order) = (Arc::new(lock), Arc::new(Mutex::new(Vec::new())));
    let (holds, held) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let first = {
        let (lock, order) = (lock.clone(), order.clone());
        let released = Mutex::new(released);
        house.try_write(move |tx, now| {
            lock(tx, now)?;
            holds.send(()).unwrap();
            released.lock().unwrap().recv().unwrap();
            order.lock().unwrap().push("first");
            Ok(())
        })
    };
    let second = {
        let order = order.clone();
        house.try_write(move |tx, now| {
            lock(tx, now)?;
            order.lock().unwrap().push("second");
            Ok(())
        })
    };
    let conduct = async {
        tokio::task::spawn_blocking(move || held.recv().unwrap()).await.unwrap();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(150)).await;
            release.send(()).unwrap();
        });
        second.await.unwrap();
    };
    let (first, ()) = tokio::join!(first, conduct);
    first.unwrap();
    assert_eq!(*order.lock().unwrap(), ["first", "second"]);
}

/// Only `PostgreSQL` has two writers. A lock on the key would also deadlock: accepting locks the inviter's row and then
/// refers to the workspace, changing a member goes the other way.
#[tokio::test(flavor = "multi_thread")]
async fn a_locked_workspace_takes_new_rows_that_refer_to_it() {
    let house = House::on(Engine::Postgres).await;
    let owner = house.owner;
    let (holds, held) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let first = house.try_write(move |tx, _| {
        workspaces::lock(tx, owner.workspace)?;
        holds.send(()).unwrap();
        released.lock().unwrap().recv().unwrap();
        Ok(())
    });
    let second = async {
        tokio::task::spawn_blocking(move || held.recv().unwrap()).await.unwrap();
        let invited = house.write(move |tx, now| invite(tx, now, owner, "ann@x.example"));
        let invited = tokio::time::timeout(Duration::from_secs(5), invited).await;
        release.send(()).unwrap();
        assert!(invited.expect("nothing to wait for").is_some());
    };
    let (first, ()) = tokio::join!(first, second);
    first.unwrap();
}
