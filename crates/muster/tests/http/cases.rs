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
        let change = json!({"revision": 1, "owner": owner, "estimate": null, "title": "Redeem"});
        let saved = tester.patch(&of(&case), change).await.is(200).json();
        assert_eq!((&saved["owner"]["id"], &saved["estimate"]), (&json!(owner), &Value::Null));
        assert_eq!((&saved["title"], &saved["revision"], &saved["version"]), (&json!("Redeem"), &json!(2), &json!(1)));
        let gone = tester.patch(&of(&case), json!({"revision": 2, "owner": null})).await.is(200).json();
        assert_eq!(gone["owner"], Value::Null);
        let members = tester.get("/api/v1/workspaces/hollin-ash/members?q=tess").await.is(200).json();
        assert_eq!(members["items"][0]["person"], json!(owner), "whom a case may name is found in the list of members");
        tester.get(&format!("{CASES}/2")).await.is(404);
        tester.get(&format!("{CASES}/nonsense")).await.is(404);
    }

    two_people_on_one_case_lose_nothing(world) {
        let ((ann, _), (ben, _)) = (world.member("ada", Role::Tester).await, world.member("ben", Role::Tester).await);
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
        let (ann, _) = world.member("ada", Role::Tester).await;
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
        assert_eq!(list["items"][1]["by"]["name"], "ada");
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

    a_case_is_written_and_changed_by_forms_alone(world) {
        let browser = world.owners_browser().await;
        browser.get("/w/hollin-ash/p/WEB/cases/new").await.is(200);
        let written = browser.form("/w/hollin-ash/p/WEB/cases", &[
            ("title", "Redeem"), ("template", "steps"), ("description", "*why* <script>alert(1)</script>"),
            ("action", "Open"), ("expected", "Shown"), ("group", ""), ("action", ""), ("expected", ""), ("group", ""),
            ("priority", "4"), ("owner", ""), ("estimate", "1h 30m"),
        ]).await.is(303);
        assert_eq!(written.header("location"), "/w/hollin-ash/p/WEB/cases/1");
        let page = browser.get("/w/hollin-ash/p/WEB/cases/1").await.is(200);
        assert!(page.text.contains("&lt;script&gt;") && page.text.contains("<em>why</em>"), "{}", page.text);
        assert!(!page.text.contains("<script>alert") && page.text.contains("1h 30m") && page.text.contains("WEB-1 written"));
        let form = browser.get("/w/hollin-ash/p/WEB/cases/1/edit").await.is(200).text;
        let hidden = |form: &str, name: &str| {
            let rest = form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let (revision, marks) = (hidden(&form, "revision"), hidden(&form, "marks"));
        // Somebody else saves meanwhile; what the form shows unchanged is not taken for a change.
        let (ann, _) = world.member("ada", Role::Tester).await;
        ann.patch(&format!("{CASES}/1"), json!({"revision": 1, "priority": 1, "title": "Theirs"})).await.is(200);
        let sent = |title: &'static str, revision: &str, marks: &str| {
            [("title", title), ("priority", "4"), ("revision", revision), ("marks", marks), ("estimate", "5m")]
                .map(|(name, value)| (name, value.to_owned()))
        };
        let post = async |fields: &[(&str, String)]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.form("/w/hollin-ash/p/WEB/cases/1", &fields).await
        };
        post(&sent("Redeem", &revision, &marks)).await.is(303);
        let merged = ann.get(&format!("{CASES}/1")).await.json();
        assert_eq!((&merged["title"], &merged["priority"], &merged["estimate"]), (&json!("Theirs"), &json!(1), &json!(300)));
        let page = post(&sent("Mine", &revision, &marks)).await.is(422).text;
        assert!(page.contains("Theirs") && page.contains("Mine") && page.contains("keep_title"), "{page}");
        let mut chosen = sent("Mine", &hidden(&page, "revision"), &hidden(&page, "marks")).to_vec();
        chosen.push(("keep_title", "yours".to_owned()));
        chosen.retain(|(name, _)| *name != "priority");
        post(&chosen).await.is(303);
        let kept = ann.get(&format!("{CASES}/1")).await.json();
        assert_eq!((&kept["title"], &kept["priority"]), (&json!("Mine"), &json!(1)));
    }

    a_form_with_mistakes_keeps_what_was_typed(world) {
        let browser = world.owners_browser().await;
        let wrong = browser.form("/w/hollin-ash/p/WEB/cases", &[
            ("title", " "), ("description", "Kept & shown"), ("estimate", "soon"), ("action", "Open"), ("expected", ""), ("group", ""),
        ]).await.is(422).text;
        for words in ["Kept &#38; shown", "Write a time such as", "Nothing to read in it", ">Open</textarea>"] {
            assert!(wrong.contains(words), "{words}: {wrong}");
        }
    }

    versions_are_compared_named_and_restored_on_pages(world) {
        let browser = world.owners_browser().await;
        let (ann, _) = world.member("ada", Role::Tester).await;
        written(&world.owner, json!({"title": "Redeem", "description": "All of it is paid"})).await;
        ann.patch(&format!("{CASES}/1"), json!({"revision": 1, "description": "Half of it is paid"})).await.is(200);
        let pages = "/w/hollin-ash/p/WEB/cases/1/versions";
        let list = browser.get(pages).await.is(200).text;
        assert!(list.contains("version-2") && list.contains("ada"), "{list}");
        let diff = browser.get(&format!("{pages}/2")).await.is(200).text;
        assert!(diff.contains("<del>All</del>") && diff.contains("<ins>Half</ins>"), "{diff}");
        browser.get(&format!("{pages}/2?against=1&show=sides")).await.is(200);
        browser.get(&format!("{pages}/9")).await.is(404);
        browser.form(&format!("{pages}/1/name"), &[("name", "As in 4.18")]).await.is(303);
        assert!(browser.get(pages).await.text.contains("As in 4.18"));
        let long = "x".repeat(81);
        browser.form(&format!("{pages}/1/name"), &[("name", &long)]).await.is(422);
        browser.form(&format!("{pages}/1/restoration"), &[]).await.is(303);
        assert_eq!(ann.get(&format!("{CASES}/1")).await.json()["description"], "All of it is paid");
    }

    a_review_is_asked_for_and_answered_on_pages(world) {
        let browser = world.owners_browser().await;
        written(&world.owner, json!({"title": "Redeem"})).await;
        let review = "/w/hollin-ash/p/WEB/cases/1/review";
        let nobody = browser.form(review, &[("do", "submit"), ("reviewer", "")]).await.is(422).text;
        assert!(nobody.contains("Choose who is to review it"), "{nobody}");
        let owner = me(&world.owner).await;
        browser.form(review, &[("do", "submit"), ("reviewer", &owner)]).await.is(303);
        let inbox = browser.get("/w/hollin-ash").await.is(200).text;
        assert!(inbox.contains("Waiting for you") && inbox.contains("WEB-1"), "{inbox}");
        let revision = world.owner.get(&format!("{CASES}/1")).await.json()["revision"].to_string();
        browser.form(review, &[("do", "send_back"), ("revision", &revision), ("rework", "")]).await.is(422);
        let back = [("do", "send_back"), ("revision", revision.as_str()), ("rework", "What is shown?")];
        browser.form(review, &back).await.is(303);
        assert!(browser.get("/w/hollin-ash/p/WEB/cases/1").await.text.contains("What is shown?"));
    }

    an_editor_asks_for_markdown_and_steps(world) {
        let project = "/api/v1/workspaces/hollin-ash/projects/WEB";
        let shown = world.owner.post(&format!("{project}/markdown"), json!({"text": "*a* <b>"})).await.is(200).json();
        assert_eq!(shown["html"].as_str().unwrap().trim(), "<p><em>a</em> &lt;b&gt;</p>");
        let pasted = json!({"text": "Open\tShown\nPay\tPaid"});
        let steps = world.owner.post(&format!("{project}/pasted-steps"), pasted).await.is(200).json();
        assert_eq!(steps["steps"], json!([{"action": "Open", "expected": "Shown"}, {"action": "Pay", "expected": "Paid"}]));
        world.owner.post(&format!("{project}/pasted-steps"), json!({"text": " "})).await.is(422);
    }
}
