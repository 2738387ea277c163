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
}
