//! Finding people, projects, pages and actions.

use domain::access::Role;
use serde_json::{Value, json};

use crate::{kit::Actor, on_both_engines};

const SEARCH: &str = "/api/v1/workspaces/hollin-ash/search";

const PROJECTS: &str = "/api/v1/workspaces/hollin-ash/projects";

async fn write(by: &Actor, project: &str, case: Value) {
    by.post(&format!("{PROJECTS}/{project}/cases"), case).await.is(201);
}

/// Hits in square brackets.
fn marked(pieces: &Value) -> String {
    let piece = |piece: &Value| {
        let text = piece["text"].as_str().unwrap();
        if piece["hit"] == true { format!("[{text}]") } else { text.to_owned() }
    };
    pieces.as_array().unwrap().iter().map(piece).collect()
}

fn titles(answer: &Value) -> Vec<String> {
    answer["items"].as_array().unwrap().iter().map(|hit| marked(&hit["title"])).collect()
}

fn numbers(answer: &Value) -> Vec<String> {
    let number = |hit: &Value| format!("{}-{}", hit["project"].as_str().unwrap(), hit["number"]);
    answer["items"].as_array().unwrap().iter().map(number).collect()
}

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
        for (query, code) in [("kinds=run", "unknown_kind"), ("limit=0", "out_of_range"), ("limit=51", "out_of_range")] {
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

    cases_are_found_by_what_they_say_and_by_number(world) {
        write(&world.owner, "WEB", json!({"title": "Redeem a gift card", "steps": [{"action": "Pay the rest by cash", "expected": "164.00 remain"}]})).await;
        write(&world.owner, "WEB", json!({"title": "Print a coupon", "description": "For gifts"})).await;
        let found = world.owner.get(&format!("{SEARCH}?q=Gift+ca&kinds=case")).await.is(200).json();
        assert_eq!(titles(&found), ["Redeem a [gift] [card]"], "{found}");
        let found = world.owner.get(&format!("{SEARCH}?q=gift&kinds=case,person")).await.is(200).json();
        assert_eq!(titles(&found), ["Redeem a [gift] card", "Print a coupon"]);
        assert_eq!(marked(&found["items"][1]["excerpt"]), "For [gifts]");
        let found = world.owner.get(&format!("{SEARCH}?q=cash&kinds=case")).await.json();
        assert_eq!(marked(&found["items"][0]["excerpt"]), "Pay the rest by [cash]");
        let found = world.owner.get(&format!("{SEARCH}?q=web-2&kinds=case")).await.json();
        assert_eq!(titles(&found), ["Print a coupon"]);
        assert_eq!(world.owner.get(&format!("{SEARCH}?q=gift")).await.json()["items"], json!([]));
    }

    a_list_of_cases_has_pages_and_may_be_of_one_project(world) {
        world.private_project("HID", "Hidden").await;
        for _ in 0..3 {
            write(&world.owner, "WEB", json!({"title": "Gift"})).await;
        }
        write(&world.owner, "HID", json!({"title": "Gift"})).await;
        let list = format!("{SEARCH}?q=gift&kinds=case&limit=2");
        let first = world.owner.get(&list).await.json();
        assert_eq!(numbers(&first), ["HID-1", "WEB-3"]);
        let next = first["next_cursor"].as_str().unwrap();
        let second = world.owner.get(&format!("{list}&cursor={next}")).await.json();
        assert_eq!((numbers(&second), &second["next_cursor"]), (vec!["WEB-2".to_owned(), "WEB-1".to_owned()], &Value::Null));
        assert_eq!(numbers(&world.owner.get(&format!("{list}&project=hid")).await.json()), ["HID-1"]);
        for (query, code) in [("case&cursor=x", "malformed"), ("case&project=NONE", "unknown"), ("person&cursor=x", "malformed")] {
            let answer = world.owner.get(&format!("{SEARCH}?q=gift&kinds={query}")).await.is(422).json();
            assert_eq!(answer["errors"][0]["code"], code, "{answer}");
        }
    }

    cases_of_a_private_project_are_found_by_nobody_who_may_not_read_it(world) {
        world.private_project("HID", "Hidden").await;
        write(&world.owner, "HID", json!({"title": "Secret gift"})).await;
        write(&world.owner, "WEB", json!({"title": "Open gift"})).await;
        let (tess, _) = world.member("tess", Role::Tester).await;
        let (gus, _) = world.member("gus", Role::Guest).await;
        for (actor, q, hits) in [(&tess, "gift", 1), (&tess, "secret", 0), (&tess, "HID-1", 0), (&tess, "1", 1), (&gus, "gift", 0), (&gus, "1", 0)] {
            let found = actor.get(&format!("{SEARCH}?q={q}&kinds=case")).await.is(200).json();
            assert_eq!(found["items"].as_array().unwrap().len(), hits, "{q}: {found}");
            for query in ["", "&only=cases"] {
                let page = actor.get(&format!("/w/hollin-ash/search?q={q}{query}")).await.is(200).text;
                assert!(!page.contains("HID") || q.contains("HID"), "{q}: {page}");
                assert!(!page.contains("Secret"), "{q}: {page}");
            }
        }
        let answer = tess.get(&format!("{SEARCH}?q=secret&kinds=case&project=HID")).await.is(422).json();
        let unknown = tess.get(&format!("{SEARCH}?q=secret&kinds=case&project=NONE")).await.is(422).json();
        assert_eq!(answer["errors"], unknown["errors"]);
    }

    the_page_marks_what_was_found_and_leads_to_the_case(world) {
        write(&world.owner, "WEB", json!({"title": "Redeem <b>a gift</b>", "preconditions": "A <script>gift</script>"})).await;
        for _ in 0..30 {
            write(&world.owner, "WEB", json!({"title": "Another gift"})).await;
        }
        let page = world.owner.get("/w/hollin-ash/search?q=redeem+gift").await.is(200).text;
        assert!(page.contains("<mark>Redeem</mark> &#60;b&#62;a <mark>gift</mark>"), "{page}");
        assert!(page.contains("href=\"/w/hollin-ash/p/WEB/cases/1\"") && !page.contains("<script>gift"), "{page}");
        let page = world.owner.get("/w/hollin-ash/search?q=gift").await.is(200).text;
        assert!(page.contains("All cases with these words"), "{page}");
        let page = world.owner.get("/w/hollin-ash/search?q=gift&only=cases&project=WEB").await.is(200).text;
        let next = page.split("href=\"").find(|part| part.contains("cursor=")).unwrap().split('"').next().unwrap();
        let page = world.owner.get(&next.replace("&#38;", "&").replace("&amp;", "&")).await.is(200).text;
        assert!(page.contains("WEB-1<") && !page.contains("Next page"), "{page}");
    }

    a_case_that_is_saved_is_found_by_what_it_says_now(world) {
        write(&world.owner, "WEB", json!({"title": "Gift"})).await;
        let case = format!("{PROJECTS}/WEB/cases/1");
        world.owner.patch(&case, json!({"revision": 1, "title": "Coupon", "steps": [{"action": "Scan"}]})).await.is(200);
        for (q, hits) in [("gift", 0), ("coupon", 1), ("coupon+scan", 1)] {
            let found = world.owner.get(&format!("{SEARCH}?q={q}&kinds=case")).await.json();
            assert_eq!(found["items"].as_array().unwrap().len(), hits, "{q}");
        }
    }
}
