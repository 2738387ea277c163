//! Finding people, projects, pages and actions.

use domain::access::Role;
use serde_json::{Value, json};

use crate::on_both_engines;

const SEARCH: &str = "/api/v1/workspaces/hollin-ash/search";

fn names(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|hit| hit["name"].as_str().unwrap()).collect()
}

on_both_engines! {
    people_and_projects_are_found_by_the_beginnings_of_their_words(world) {
        let (lena, id) = world.member("lena", Role::Tester).await;
        let made = json!({"key": "LEN", "name": "Lens shop"});
        world.owner.post("/api/v1/workspaces/hollin-ash/projects", made).await.is(201);
        let found = world.owner.get(&format!("{SEARCH}?q=LE")).await.is(200).json();
        assert_eq!(names(&found), ["lena", "Lens shop"]);
        let hit = json!({"kind": "person", "id": id, "name": "lena", "email": "lena@hollin.example", "role": "tester", "status": "active"});
        assert_eq!(found["items"][0], hit);
        let found = world.owner.get(&format!("{SEARCH}?q=sh+le&kinds=project")).await.is(200).json();
        assert_eq!(names(&found), ["Lens shop"]);
        let found = lena.get(&format!("{SEARCH}?q=lena")).await.is(200).json();
        assert!(found["items"][0].get("email").is_none(), "{found}");
        assert_eq!(lena.get(&format!("{SEARCH}?q=lena@hollin")).await.json()["items"], json!([]));
        assert_eq!(lena.get(SEARCH).await.json()["items"], json!([]));
    }

    what_is_asked_wrongly_is_said(world) {
        for (query, code) in [("kinds=case", "unknown_kind"), ("limit=0", "out_of_range"), ("limit=51", "out_of_range")] {
            let answer = world.owner.get(&format!("{SEARCH}?q=a&{query}")).await.is(422).json();
            assert_eq!(answer["errors"][0]["code"], code);
        }
    }

    a_private_project_and_strangers_are_found_by_nobody_who_may_not_see_them(world) {
        world.private_project("HID", "Hidden").await;
        world.member("lena", Role::Tester).await;
        let (gus, _) = world.member("gus", Role::Guest).await;
        let (tess, _) = world.member("tess", Role::Tester).await;
        assert_eq!(names(&world.owner.get(&format!("{SEARCH}?q=hid")).await.json()), ["Hidden"]);
        for (actor, q) in [(&gus, "hid"), (&tess, "hid"), (&gus, "lena"), (&gus, "web")] {
            assert_eq!(names(&actor.get(&format!("{SEARCH}?q={q}")).await.json()), Vec::<&str>::new(), "{q}");
        }
    }

    the_page_finds_the_same_and_offers_only_what_one_may_do(world) {
        let (tess, _) = world.member("tess", Role::Tester).await;
        let (adam, _) = world.member("adam", Role::Admin).await;
        let page = adam.get("/w/hollin-ash/search?q=te").await.is(200).text;
        assert!(page.contains("tess@hollin.example") && page.contains("Invite Users"), "{page}");
        let page = tess.get("/w/hollin-ash/search?q=ad").await.is(200).text;
        assert!(page.contains("adam") && !page.contains("adam@hollin.example"), "{page}");
        let page = tess.get("/w/hollin-ash/search?q=invite").await.is(200).text;
        assert!(!page.contains("Invite Users"), "{page}");
        assert!(tess.get("/w/hollin-ash/search?q=%3Cb%3E%00").await.is(200).text.contains("Nothing is called so"));
    }
}
