//! Projects and their people, as outsiders rely on them.

use domain::access::Role;
use serde_json::{Value, json};

use crate::on_both_engines;

const PROJECTS: &str = "/api/v1/workspaces/hollin-ash/projects";

fn keys(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap()).collect()
}

on_both_engines! {
    projects_are_searched_by_name_and_key(world) {
        world.owner.post(PROJECTS, json!({"name": "Büro", "key": "BUE"})).await.is(201);
        for (words, found) in [("buro", vec!["BUE"]), ("we", vec!["WEB"]), ("%25", vec![]), ("", vec!["BUE", "WEB"])] {
            assert_eq!(keys(&world.owner.get(&format!("{PROJECTS}?q={words}")).await.is(200).json()), found, "{words}");
        }
    }

    an_invisible_project_answers_like_one_that_is_not_there(world) {
        let secret = json!({"name": "Secret", "key": "SEC", "private": true});
        let id = world.owner.post(PROJECTS, secret).await.is(201).json()["id"].as_str().unwrap().to_owned();
        let (tom, _) = world.member("tom", Role::Tester).await;
        let unknown = tom.get(&format!("{PROJECTS}/NOPE")).await.is(404).text;
        for reference in ["SEC", id.as_str()] {
            assert_eq!(tom.get(&format!("{PROJECTS}/{reference}")).await.is(404).text, unknown);
            tom.patch(&format!("{PROJECTS}/{reference}"), json!({"name": "Mine"})).await.is(404);
            tom.get(&format!("{PROJECTS}/{reference}/members")).await.is(404);
            tom.get(&format!("/w/hollin-ash/settings/projects/{reference}")).await.is(404);
        }
        assert_eq!(keys(&tom.get(PROJECTS).await.json()), ["WEB"]);
        let page = tom.get("/w/hollin-ash/settings/projects").await.is(200).text;
        assert!(!page.contains("SEC") && page.contains("WEB"), "{page}");
        world.owner.get(&format!("{PROJECTS}/sec")).await.is(200);
    }

    a_project_is_renamed_and_closed_by_who_manages_it(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        let web = format!("{PROJECTS}/WEB");
        tom.patch(&web, json!({"name": "Shop"})).await.is(403);
        let changed = world.owner.patch(&web, json!({"name": "Shop"})).await.is(200).json();
        assert_eq!((&changed["name"], &changed["private"]), (&json!("Shop"), &json!(false)));
        world.owner.patch(&web, json!({"private": true})).await.is(200);
        tom.get(&web).await.is(404);
        world.owner.patch(&web, json!({"name": ""})).await.is(422);
        world.owner.patch(&web, json!({"key": "X"})).await.is(422);
    }

    making_a_project_private_holds_invitations_whose_inviter_no_longer_reaches_it(world) {
        let (lead, _) = world.member("max", Role::Manager).await;
        let batch = json!({"recipients": "a@x.example", "role": "guest", "projects": [{"project": "WEB", "role": "tester"}]});
        let path = "/api/v1/workspaces/hollin-ash/invitations";
        let id = lead.post(path, batch).await.is(201).json()["results"][0]["invitation"].as_str().unwrap().to_owned();
        let state = async || world.owner.get(&format!("{path}/{id}")).await.json()["state"].clone();
        world.owner.patch(&format!("{PROJECTS}/WEB"), json!({"private": true})).await.is(200);
        assert_eq!(state().await, "on_hold");
        assert_eq!(lead.get(&format!("{path}/{id}")).await.json()["projects"], json!([]), "he does not see it any more");
        world.owner.patch(&format!("{PROJECTS}/WEB"), json!({"private": false})).await.is(200);
        assert_eq!(state().await, "pending");
    }

    who_manages_a_project_gives_and_takes_back_roles_on_it(world) {
        let (guest, id) = world.member("gus", Role::Guest).await;
        let (_, other) = world.member("tom", Role::Tester).await;
        let on = |project: &str, id: &str| format!("{PROJECTS}/{project}/members/{id}");
        world.owner.put(&on("WEB", &id), json!({"role": "admin"})).await.is(204);
        assert_eq!(guest.put(&on("WEB", &id), json!({"role": "owner"})).await.is(403).code(), "above_your_rights");
        guest.put(&on("WEB", &other), json!({"role": "manager"})).await.is(204);
        let people = guest.get(&format!("{PROJECTS}/WEB/members")).await.is(200).json();
        let people: Vec<_> = people["items"].as_array().unwrap().iter().map(|row| (row["name"].as_str().unwrap(), row["role"].as_str().unwrap())).collect();
        assert_eq!(people, [("Ann Keller", "admin"), ("gus", "admin"), ("tom", "manager")]);
        guest.delete(&on("WEB", &other)).await.is(204);
        world.owner.post(PROJECTS, json!({"name": "App", "key": "APP"})).await.is(201);
        guest.put(&on("APP", &other), json!({"role": "tester"})).await.is(404);
        let page = guest.get("/w/hollin-ash/settings/projects/WEB").await.is(200).text;
        assert!(page.contains("Save project") && page.contains("Give somebody a role"), "{page}");
        let found = guest.get("/w/hollin-ash/settings/projects/WEB?find=tom").await.is(200).text;
        assert!(found.contains("WEB tester"), "{found}");
    }

    a_project_is_saved_on_its_page(world) {
        let (owner, _) = world.member("olga", Role::Owner).await;
        let path = "/w/hollin-ash/settings/projects/WEB";
        assert!(owner.get(path).await.is(200).text.contains("Web shop"));
        owner.form(path, &[("name", "Shop"), ("private", "true")]).await.is(303);
        let page = owner.get(path).await.is(200).text;
        assert!(page.contains("Project Shop saved") && page.contains("Private"), "{page}");
        assert!(owner.form(path, &[("name", "")]).await.is(422).text.contains("Nothing to read in it"));
        owner.form("/w/hollin-ash/projects", &[("name", "Vault"), ("key", "VLT"), ("private", "true")]).await.is(303);
        assert_eq!(world.owner.get(&format!("{PROJECTS}/VLT")).await.json()["private"], true);
    }

    a_project_has_a_description_and_a_switch_for_reviews(world) {
        let web = format!("{PROJECTS}/WEB");
        let changed = world.owner.patch(&web, json!({"description": "Shop\nand checkout", "review": false})).await.is(200).json();
        assert_eq!((&changed["description"], &changed["review"]), (&json!("Shop\nand checkout"), &json!(false)));
        let kept = world.owner.patch(&web, json!({"name": "Shop"})).await.is(200).json();
        assert_eq!((&kept["description"], &kept["review"]), (&json!("Shop\nand checkout"), &json!(false)));
        let long = json!({"description": "x".repeat(2_001)});
        assert_eq!(world.owner.patch(&web, long).await.is(422).json()["errors"][0]["field"], "description");
    }

    an_archived_project_is_listed_only_where_it_is_asked_for_and_its_settings_rest(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        let web = format!("{PROJECTS}/WEB");
        tom.put(&format!("{web}/archive"), json!({})).await.is(403);
        assert_eq!(world.owner.put(&format!("{web}/archive"), json!({})).await.is(200).json()["state"], "archived");
        assert_eq!(keys(&tom.get(PROJECTS).await.json()), Vec::<&str>::new());
        assert_eq!(keys(&tom.get(&format!("{PROJECTS}?which=archived")).await.json()), ["WEB"]);
        tom.get(&web).await.is(200);
        assert_eq!(world.owner.patch(&web, json!({"name": "Shop"})).await.is(409).code(), "project_archived");
        let page = tom.get("/w/hollin-ash/settings/projects/WEB").await.is(200).text;
        assert!(page.contains("This project is archived") && !page.contains("Reopen it"), "{page}");
        assert_eq!(world.owner.delete(&format!("{web}/archive")).await.is(200).json()["state"], "active");
        world.owner.patch(&web, json!({"name": "Shop"})).await.is(200);
    }

    a_deleted_project_is_gone_for_everybody_until_who_may_delete_it_restores_it(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        let web = format!("{PROJECTS}/WEB");
        let wrong = world.owner.post(&format!("{web}/deletion"), json!({"confirm": "APP"})).await.is(422).json();
        assert_eq!(wrong["errors"][0]["code"], "mismatch");
        world.owner.post(&format!("{web}/deletion"), json!({"confirm": "web"})).await.is(204);
        for actor in [&tom, &world.owner] {
            actor.get(&web).await.is(404);
            assert_eq!(keys(&actor.get(PROJECTS).await.json()), Vec::<&str>::new());
        }
        let taken = world.owner.post(PROJECTS, json!({"name": "Other", "key": "WEB"})).await.is(422).json();
        assert_eq!(taken["errors"][0]["code"], "taken", "a key in the trash stays taken");
        assert_eq!(keys(&tom.get(&format!("{PROJECTS}?which=trashed")).await.json()), Vec::<&str>::new());
        let trash = world.owner.get(&format!("{PROJECTS}?which=trashed")).await.json();
        assert_eq!(trash["items"][0]["restorable_until"], "2026-12-31T10:40:00Z");
        tom.post(&format!("{web}/restoration"), json!({})).await.is(403);
        world.owner.post(&format!("{web}/restoration"), json!({})).await.is(200);
        tom.get(&web).await.is(200);
        world.owner.post(&format!("{web}/restoration"), json!({})).await.is(404);
    }

    after_thirty_days_in_the_trash_a_project_is_gone_and_its_events_stay(world) {
        let web = format!("{PROJECTS}/WEB");
        world.owner.post(&format!("{web}/deletion"), json!({"confirm": "WEB"})).await.is(204);
        world.pass(domain::time::days(30));
        world.app.write(None, app::tidy::tidy).await.unwrap();
        world.owner.post(&format!("{web}/restoration"), json!({})).await.is(404);
        world.owner.post(PROJECTS, json!({"name": "Other", "key": "WEB"})).await.is(201);
        let events = world.owner.get("/api/v1/workspaces/hollin-ash/audit").await.is(200).json();
        let told: Vec<_> = events["items"].as_array().unwrap().iter().map(|row| row["event"].as_str().unwrap()).collect();
        assert!(told.contains(&"project.erased") && told.contains(&"project.deleted"), "{told:?}");
    }

    favourites_are_ones_own_and_come_first(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        world.owner.post(PROJECTS, json!({"name": "App", "key": "APP"})).await.is(201);
        tom.put(&format!("{PROJECTS}/WEB/favourite"), json!({})).await.is(204);
        assert_eq!(keys(&tom.get(&format!("{PROJECTS}?which=favourite")).await.json()), ["WEB"]);
        assert_eq!(keys(&world.owner.get(&format!("{PROJECTS}?which=favourite")).await.json()), Vec::<&str>::new());
        let page = tom.get("/w/hollin-ash").await.is(200).text;
        assert!(page.find("Favourite: Web shop").unwrap() < page.find("Favourite: App").unwrap(), "{page}");
        tom.form("/w/hollin-ash/projects/WEB/favourite", &[("favourite", "false"), ("next", "//evil.example")]).await.is(303);
        assert_eq!(keys(&tom.get(&format!("{PROJECTS}?which=favourite")).await.json()), Vec::<&str>::new());
        world.owner.patch(&format!("{PROJECTS}/WEB"), json!({"private": true})).await.is(200);
        tom.put(&format!("{PROJECTS}/WEB/favourite"), json!({})).await.is(404);
    }

    a_project_is_archived_deleted_and_restored_on_its_page(world) {
        let (owner, _) = world.member("olga", Role::Owner).await;
        let path = "/w/hollin-ash/settings/projects/WEB";
        owner.form(&format!("{path}/archive"), &[]).await.is(303);
        let page = owner.get(path).await.is(200).text;
        assert!(page.contains("Reopen it") && !page.contains("Save project"), "{page}");
        owner.form(&format!("{path}/reopening"), &[]).await.is(303);
        assert!(owner.form(&format!("{path}/deletion"), &[("confirm", "NO")]).await.is(422).text.contains("Type WEB to delete it."));
        owner.form(&format!("{path}/deletion"), &[("confirm", "WEB")]).await.is(303);
        let list = owner.get("/w/hollin-ash/settings/projects?which=trashed").await.is(200).text;
        assert!(list.contains("Restore Web shop") && list.contains("is in the trash"), "{list}");
        owner.form(&format!("{path}/restoration"), &[]).await.is(303);
        owner.get(path).await.is(200);
    }
}
