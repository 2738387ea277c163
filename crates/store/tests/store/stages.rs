//! Projects in the archive and in the trash, and what they are to one person.

use db::Tx;
use domain::{
    access::{ManageProject, Read, Refused, RestoreProject, Role, Still, System, Wanted, WriteCases},
    project::ProjectState,
    time::days,
};
use store::{
    Again, Lost, access, belongings,
    projects::{self, Project},
};

use crate::{
    bed::on_both_engines,
    house::{Actor, House, START},
};

on_both_engines! { House:
    an_archived_project_is_read_and_not_written_and_left_out_of_lists
    a_project_in_the_trash_is_known_only_to_who_may_restore_it
    what_has_been_in_the_trash_for_long_is_erased_with_all_it_holds_and_nothing_else
    favourites_and_recent_projects_are_a_persons_own
}

fn proof<R: Wanted>(tx: &mut Tx, actor: Actor, project: &Project) -> Result<Still<R>, Lost> {
    let member = std::sync::Arc::new(access::member(tx, &actor.who, actor.workspace)?.unwrap());
    let facts = access::project(tx, &member, &project.key)?.ok_or(Refused::Unknown)?;
    let may = member.may_in(facts)?;
    tx.still(&may, START)
}

async fn refused<R: Wanted>(house: &House, actor: Actor, project: &Project) -> Option<Refused> {
    let project = project.clone();
    let tried = house.try_write(move |tx, _| proof::<R>(tx, actor, &project).map(drop)).await;
    tried.err().map(|lost| match lost {
        Lost::Refused(refused) => refused,
        other => panic!("{other}"),
    })
}

async fn keys(house: &House, reader: Actor, archived: bool) -> Vec<String> {
    let found = house.read(move |db| {
        let visible = reader.visible(db)?;
        if archived { projects::archived(db, &visible) } else { projects::visible(db, &visible) }
    });
    found.await.into_iter().map(|project| project.key).collect()
}

async fn trashed(house: &House, reader: Actor) -> Vec<Project> {
    let found = house.read(move |db| {
        let member = access::member(db, &reader.who, reader.workspace)?.unwrap();
        projects::trashed(db, &member)
    });
    found.await
}

async fn an_archived_project_is_read_and_not_written_and_left_out_of_lists(house: House) {
    let (owner, web, app) = (house.owner, house.project("WEB", false).await, house.project("APP", false).await);
    let (tester, web_id) = (house.member("Tom", Role::Tester).await, web.id);
    let put = |archived: bool| {
        let web = web.clone();
        move |tx: &mut Tx, now: &domain::now::Now| {
            let still: Still<ManageProject> = proof(tx, owner, &web)?;
            Ok(if archived { projects::archive(tx, &still, now.at)? } else { projects::reopen(tx, &still)? })
        }
    };
    assert!(house.write(put(true)).await && !house.write(put(true)).await, "once is enough");
    assert_eq!(
        (keys(&house, tester, false).await, keys(&house, tester, true).await),
        (vec!["APP".into()], vec!["WEB".into()])
    );
    assert_eq!(refused::<Read>(&house, tester, &web).await, None);
    assert_eq!(refused::<WriteCases>(&house, tester, &web).await, Some(Refused::Archived));
    assert_eq!(refused::<WriteCases>(&house, tester, &app).await, None);
    let found = house.read(move |db| {
        let visible = tester.visible(db)?;
        projects::find(db, &visible, web_id)
    });
    assert_eq!(found.await.unwrap().state(), ProjectState::Archived);
    assert!(house.write(put(false)).await && !house.write(put(false)).await);
    assert_eq!(refused::<WriteCases>(&house, tester, &web).await, None);
}

async fn trash(house: &House, project: &Project) {
    let (owner, project) = (house.owner, project.clone());
    house
        .write(move |tx, now| {
            let still: Still<ManageProject> = proof(tx, owner, &project)?;
            Ok(projects::trash(tx, &still, now.at)?)
        })
        .await;
}

async fn a_project_in_the_trash_is_known_only_to_who_may_restore_it(house: House) {
    let (owner, web) = (house.owner, house.project("WEB", false).await);
    let (tester, guest) = (house.member("Tom", Role::Tester).await, house.member("Gus", Role::Guest).await);
    house.grant(guest, &web, Role::Admin).await;
    trash(&house, &web).await;
    for actor in [owner, tester, guest] {
        assert!(keys(&house, actor, false).await.is_empty());
        assert_eq!(refused::<Read>(&house, actor, &web).await, Some(Refused::Unknown));
        assert_eq!(refused::<ManageProject>(&house, actor, &web).await, Some(Refused::Unknown));
    }
    let any = house.read(move |db| {
        let member = access::member(db, &owner.who, owner.workspace)?.unwrap();
        projects::any(db, &member)
    });
    assert!(!any.await);
    assert_eq!((trashed(&house, owner).await.len(), trashed(&house, guest).await.len()), (1, 1));
    assert!(trashed(&house, tester).await.is_empty());
    assert!(matches!(refused::<RestoreProject>(&house, tester, &web).await, Some(Refused::Lacks { .. })));
    let back = move |tx: &mut Tx, _: &domain::now::Now| {
        let still: Still<RestoreProject> = proof(tx, guest, &web)?;
        Ok(projects::restore(tx, &still)?.map(|project| project.state()))
    };
    assert_eq!(house.write(back.clone()).await, Some(ProjectState::Active));
    assert!(
        matches!(house.try_write(back).await, Err(Lost::Refused(Refused::Unknown))),
        "it does not lie there any more"
    );
    assert_eq!(keys(&house, tester, false).await, ["WEB"]);
}

async fn what_has_been_in_the_trash_for_long_is_erased_with_all_it_holds_and_nothing_else(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    let tester = house.member("Tom", Role::Guest).await;
    house.grant(tester, &web, Role::Manager).await;
    house.grant(tester, &app, Role::Tester).await;
    trash(&house, &web).await;
    let due =
        move |tx: &mut Tx, now: &domain::now::Now| Ok(projects::due(tx, &System::because("a test"), now.at, days(30))?);
    house.pass(days(29));
    assert!(house.write(due).await.is_empty());
    house.pass(days(1));
    let due = house.write(due).await;
    assert_eq!(due.iter().map(|due| (due.id, due.name.as_str())).collect::<Vec<_>>(), [(web.id, "WEB")]);
    house.write(move |tx, _| Ok(projects::erase(tx, &System::because("a test"), web.id)?)).await;
    assert!(trashed(&house, house.owner).await.is_empty());
    assert_eq!(keys(&house, tester, false).await, ["APP"], "what belongs to another project stays");
    assert!(house.read(belongings::of_projects).await.iter().any(|one| one.table.name == "project_grant"));
    house.project("WEB", false).await;
}

async fn favourites_and_recent_projects_are_a_persons_own(house: House) {
    let (owner, tester) = (house.owner, house.member("Tom", Role::Tester).await);
    let (web, app, vault) =
        (house.project("WEB", false).await, house.project("APP", false).await, house.project("SEC", true).await);
    for (favourite, project) in [(true, &web), (true, &app), (false, &app)] {
        let project = project.clone();
        house
            .write(move |tx, _| {
                let still: Still<Read> = proof(tx, tester, &project)?;
                Ok(projects::mark(tx, &still, favourite)?)
            })
            .await;
    }
    for project in [&web, &vault, &app] {
        let (id, person) = (project.id, tester.who.person);
        house.pass(days(1));
        house.write(move |tx, now| Ok(projects::opened(tx, person, id, now.at)?)).await;
    }
    let of = async |actor: Actor| {
        house.read_as(actor, |db, may| Ok((projects::favourites(db, may)?, projects::recent(db, may, 2)?))).await
    };
    let (favourites, recent) = of(tester).await;
    assert_eq!(favourites, [web.id]);
    assert_eq!(
        recent.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(),
        ["APP", "WEB"],
        "the private one is not told"
    );
    let (favourites, recent) = of(owner).await;
    assert!(favourites.is_empty() && recent.is_empty());
    let (id, now) = (app.id, house.now());
    let last = |actor: Actor| {
        house.read(move |db| {
            let member = access::member(db, &actor.who, actor.workspace)?.unwrap();
            projects::last_opened(db, &member, id)
        })
    };
    assert_eq!((last(tester).await, last(owner).await), (Some(now), None));
}
