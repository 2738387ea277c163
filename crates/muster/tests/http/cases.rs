//! Cases, as scripts and pages meet them.

use domain::access::Role;
use http::Method;
use serde_json::{Value, json};

use crate::{kit::Actor, on_both_engines};

const CASES: &str = "/api/v1/workspaces/hollin-ash/projects/WEB/cases";

async fn written(by: &Actor, case: Value) -> Value {
    by.post(CASES, case).await.is(201).json()
}

fn of(case: &Value) -> String {
    format!("{CASES}/{}", case["number"])
}

async fn me(actor: &Actor) -> String {
    actor.get("/api/v1/me").await.is(200).json()["person"]["id"].as_str().unwrap().to_owned()
}

on_both_engines! {
    a_case_is_written_read_and_saved_field_by_field(world) {
        let (tester, _) = world.member("tess", Role::Tester).await;
        let case = written(&tester, json!({
            "title": "Redeem a gift card", "description": "Why it *matters*", "priority": 4, "estimate": 90,
            "steps": [{"action": "Open the basket", "expected": "The field is shown"}, {"action": "Pay"}],
        })).await;
        assert_eq!((&case["number"], &case["revision"], &case["folder"]), (&json!(1), &json!(1), &Value::Null));
        assert_eq!((&case["template"], &case["status"], &case["priority"]), (&json!("steps"), &json!(1), &json!(4)));
        assert_eq!(case["steps"][1], json!({"action": "Pay", "expected": ""}));
        assert_eq!((&case["created_by"]["name"], &case["review"]["state"]), (&json!("tess"), &json!("draft")));
        assert_eq!(tester.get(&of(&case)).await.is(200).json(), case);
        let by_id = format!("{CASES}/{}", case["id"].as_str().unwrap());
        assert_eq!(tester.get(&by_id).await.is(200).json(), case);
        let owner = me(&tester).await;
        let saved = tester.patch(&of(&case), json!({"revision": 1, "owner": owner, "estimate": null, "title": "Redeem"}));
        let saved = saved.await.is(200).json();
        assert_eq!((&saved["owner"]["id"], &saved["estimate"]), (&json!(owner), &Value::Null));
        assert_eq!((&saved["title"], &saved["revision"], &saved["version"]), (&json!("Redeem"), &json!(2), &json!(1)));
        let gone = tester.patch(&of(&case), json!({"revision": 2, "owner": null})).await.is(200).json();
        assert_eq!(gone["owner"], Value::Null);
        tester.get(&format!("{CASES}/2")).await.is(404);
        tester.get(&format!("{CASES}/nonsense")).await.is(404);
    }

    two_people_on_one_case_lose_nothing(world) {
        let ((ann, _), (ben, _)) = (world.member("ann", Role::Tester).await, world.member("ben", Role::Tester).await);
        let case = of(&written(&ann, json!({"title": "Redeem"})).await);
        ann.patch(&case, json!({"revision": 1, "title": "Redeem it"})).await.is(200);
        let merged = ben.patch(&case, json!({"revision": 1, "priority": 3})).await.is(200).json();
        assert_eq!((&merged["title"], &merged["priority"]), (&json!("Redeem it"), &json!(3)));
        let refused = ben.patch(&case, json!({"revision": 1, "title": "Pay", "priority": 1})).await.is(409);
        assert_eq!((refused.code(), refused.json()["revision"].clone()), ("edited_meanwhile".to_owned(), json!(3)));
        let conflicts = json!([{"field": "title", "theirs": "Redeem it", "yours": "Pay"}]);
        assert_eq!(refused.json()["conflicts"], json!([
            conflicts[0], {"field": "priority", "theirs": 3, "yours": 1},
        ]));
        let chosen = ben.patch(&case, json!({"revision": 3, "title": "Pay"})).await.is(200).json();
        assert_eq!((&chosen["title"], &chosen["priority"]), (&json!("Pay"), &json!(3)));
    }

    bad_cases_are_told_field_by_field(world) {
        let bad = json!({
            "title": " ", "folder": "fld_none", "template": "table", "priority": 99, "owner": "per_none", "estimate": 0,
            "colour": "red", "description": "a\0b", "steps": [{"group": "stg_1", "action": "both"}],
        });
        let told = world.owner.post(CASES, bad).await.is(422).json();
        let mut fields: Vec<&str> =
            told["errors"].as_array().unwrap().iter().map(|bad| bad["field"].as_str().unwrap()).collect();
        fields.sort_unstable();
        let expected = ["colour", "description", "estimate", "folder", "owner", "steps[0].group", "template", "title"];
        assert_eq!(fields, expected);
        let told = world.owner.post(CASES, json!({"title": "Redeem", "priority": 99})).await.is(422).json();
        assert_eq!(told["errors"][0]["field"], "priority");
        let steps: Vec<Value> = (0..5_001).map(|n| json!({"action": format!("Step {n}")})).collect();
        let many = world.owner.post(CASES, json!({"title": "Long", "steps": steps})).await.is(422).json();
        assert_eq!(many["errors"][0]["code"], "too_many_steps");
        let long = "x".repeat((1 << 20) + 1);
        world.owner.post(CASES, json!({"title": "Long", "text": long})).await.is(422);
        // Nothing of all that took a number.
        let fine = json!({"title": "Long", "text": long[1..], "steps": steps[1..]});
        assert_eq!(written(&world.owner, fine).await["number"], 1);
    }

    the_same_key_writes_one_case(world) {
        let headers = [("idempotency-key", "once"), ("content-type", "application/json")];
        let body = json!({"title": "Once"}).to_string();
        let mut numbers = Vec::new();
        for _ in 0..2 {
            let answer = world.owner.send(Method::POST, CASES, Some(body.clone()), &headers).await.is(201);
            numbers.push(answer.json()["number"].clone());
        }
        assert_eq!(numbers, [1, 1]);
        assert_eq!(written(&world.owner, json!({"title": "Twice"})).await["number"], 2);
    }

    versions_are_listed_read_named_and_restored(world) {
        let (ann, _) = world.member("ann", Role::Tester).await;
        let case = of(&written(&world.owner, json!({"title": "Redeem", "description": "First"})).await);
        let second = ann.patch(&case, json!({"revision": 1, "description": "Second"})).await.is(200).json();
        assert_eq!(second["version"], 2);
        let first = ann.get(&format!("{case}/versions/1")).await.is(200).json();
        assert_eq!((&first["description"], &first["title"]), (&json!("First"), &json!("Redeem")));
        ann.patch(&format!("{case}/versions/2"), json!({"name": "As in 4.18"})).await.is(200);
        let back = ann.post(&format!("{case}/versions/1/restoration"), json!({})).await.is(200).json();
        assert_eq!((&back["description"], &back["version"]), (&json!("First"), &json!(3)));
        let list = ann.get(&format!("{case}/versions?limit=2")).await.is(200).json();
        assert_eq!((&list["items"][0]["restored"], &list["items"][1]["name"]), (&json!(1), &json!("As in 4.18")));
        assert_eq!(list["items"][1]["by"]["name"], "ann");
        let cursor = list["next_cursor"].as_str().unwrap();
        let rest = ann.get(&format!("{case}/versions?cursor={cursor}")).await.is(200).json();
        assert_eq!((&rest["items"][0]["version"], &rest["next_cursor"]), (&json!(1), &Value::Null));
        ann.get(&format!("{case}/versions/9")).await.is(404);
        ann.post(&format!("{case}/versions/9/restoration"), json!({})).await.is(404);
    }

    a_review_goes_to_whom_it_is_addressed_and_back(world) {
        let ((tester, _), (lead, _)) =
            (world.member("tess", Role::Tester).await, world.member("lea", Role::Manager).await);
        let case = written(&tester, json!({"title": "Redeem"})).await;
        let review = format!("{}/review", of(&case));
        let reviewer = me(&lead).await;
        tester.post(&review, json!({})).await.is(422);
        let asked = tester.post(&review, json!({"reviewer": reviewer})).await.is(200).json();
        assert_eq!(asked["review"]["state"], "in_review");
        let waits = lead.get("/api/v1/workspaces/hollin-ash/reviews").await.is(200).json();
        assert_eq!((&waits["to_review"][0]["key"], &waits["to_review"][0]["by"]), (&json!("WEB-1"), &json!("tess")));
        let stale = lead.put(&review, json!({"revision": 1})).await.is(412);
        assert_eq!(stale.code(), "changed_meanwhile");
        let back = json!({"revision": asked["revision"], "rework": "What is shown?"});
        let back = lead.put(&review, back).await.is(200).json();
        assert_eq!((&back["review"]["state"], &back["review"]["by"]["name"]), (&json!("rework"), &json!("lea")));
        let mine = tester.get("/api/v1/workspaces/hollin-ash/reviews").await.is(200).json();
        assert_eq!((&mine["sent_back"][0]["note"], &mine["to_review"]), (&json!("What is shown?"), &json!([])));
        tester.post(&review, json!({})).await.is(200);
        tester.delete(&review).await.is(200);
        let order = tester.delete(&review).await.is(409);
        assert_eq!(order.code(), "review_out_of_order");
    }

    a_private_project_tells_nothing_of_its_cases(world) {
        world.private_project("HID", "Hidden").await;
        let hidden = "/api/v1/workspaces/hollin-ash/projects/HID/cases";
        let case = world.owner.post(hidden, json!({"title": "Secret"})).await.is(201).json();
        let (tester, _) = world.member("tess", Role::Tester).await;
        for path in [format!("{hidden}/1"), format!("{hidden}/1/versions"), format!("{CASES}/{}", case["id"].as_str().unwrap())] {
            tester.get(&path).await.is(404);
        }
        tester.post(hidden, json!({"title": "Mine"})).await.is(404);
    }
}
