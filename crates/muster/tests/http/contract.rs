//! The calls of `contract.md`, as outsiders rely on them.

use std::time::Duration;

use domain::access::Role;
use http::Method;
use serde_json::json;

use crate::on_both_engines;

const INVITATIONS: &str = "/api/v1/workspaces/hollin-ash/invitations";

on_both_engines! {
    each_pasted_address_is_answered_once_in_order(world) {
        world.member("mia", Role::Tester).await;
        let text = "new@x.example, NEW@X.example; Mia <mia@hollin.example>\nruth@hollin,example\tleo@x.example,";
        let answer = world.owner.post(INVITATIONS, json!({"recipients": text, "role": "tester"})).await.is(201).json();
        let told: Vec<(&str, &str)> = answer["results"].as_array().unwrap().iter()
            .map(|row| (row["input"].as_str().unwrap(), row["outcome"].as_str().unwrap())).collect();
        assert_eq!(told, [
            ("new@x.example", "invited"), ("NEW@X.example", "duplicate"), ("Mia <mia@hollin.example>", "already_member"),
            ("ruth@hollin,example", "invalid"), ("leo@x.example", "invited"),
        ]);
        assert_eq!(answer["results"][3]["suggestion"], "ruth@hollin.example");
        let again = world.owner.post(INVITATIONS, json!({"recipients": "new@x.example", "role": "tester"})).await.is(422);
        assert_eq!(again.json()["results"][0]["outcome"], "already_invited");
        assert_eq!(again.header("content-type"), "application/problem+json");
    }

    a_preview_says_the_same_and_writes_nothing(world) {
        let batch = json!({"recipients": ["a@x.example", "nonsense"], "role": "tester"});
        let preview = world.owner.post(&format!("{INVITATIONS}/preview"), batch.clone()).await.is(200).json();
        assert_eq!(world.owner.get(INVITATIONS).await.json()["items"], json!([]));
        let sent = world.owner.post(INVITATIONS, batch).await.is(201).json();
        for (before, after) in preview["results"].as_array().unwrap().iter().zip(sent["results"].as_array().unwrap()) {
            assert_eq!((&before["outcome"], &before["reason"]), (&after["outcome"], &after["reason"]));
        }
        world.owner.post(&format!("{INVITATIONS}/preview"), json!({"recipients": "nonsense", "role": "tester"})).await.is(200);
    }

    rows_of_a_list_may_have_values_of_their_own(world) {
        let rows = json!([
            {"address": "lead@x.example", "name": "Lea", "role": "manager", "expires_in_days": 3},
            {"address": "guest@x.example", "role": "guest", "projects": [{"project": "WEB", "role": "tester"}]},
            {"address": "group@x.example", "groups": ["squad"]},
            {"address": "role@x.example", "role": "wizard"},
            {"address": "two@x.example, three@x.example"},
        ]);
        let answer = world.owner.post(INVITATIONS, json!({"recipients": rows, "role": "tester"})).await.is(201).json();
        let outcomes: Vec<_> = answer["results"].as_array().unwrap().iter().map(|row| row["outcome"].clone()).collect();
        assert_eq!(outcomes, ["invited", "invited", "invalid", "invalid", "invalid"]);
        let list = world.owner.get(INVITATIONS).await.is(200).json();
        assert_eq!(list["items"][0]["projects"], json!([{"project": "WEB", "role": "tester"}]));
        assert_eq!((&list["items"][1]["role"], &list["items"][1]["name"]), (&json!("manager"), &json!("Lea")));
    }

    the_ceiling_refuses_the_batch_but_only_the_row_that_exceeds_it(world) {
        let (manager, _) = world.member("max", Role::Manager).await;
        let above = manager.post(INVITATIONS, json!({"recipients": "a@x.example", "role": "admin"})).await.is(403);
        assert_eq!(above.code(), "above_your_rights");
        let rows = json!([{"address": "a@x.example", "role": "admin"}, "b@x.example"]);
        let mixed = manager.post(INVITATIONS, json!({"recipients": rows, "role": "tester"})).await.is(201).json();
        assert_eq!(mixed["results"][0]["outcome"], "not_allowed");
        assert_eq!(mixed["results"][1]["outcome"], "invited");
    }

    unknown_roles_and_projects_are_422_whether_foreign_or_not_there(world) {
        let other = world.owner.post("/api/v1/workspaces", json!({"name": "Other"})).await.is(201).json();
        let slug = other["workspace"]["slug"].as_str().unwrap();
        let there = world.with_key(other["api_key"].as_str().unwrap());
        let path = format!("/api/v1/workspaces/{slug}/projects");
        let foreign = there.post(&path, json!({"name": "Foreign", "key": "FOR"})).await.is(201).json();
        let try_project = async |project: &str| {
            let batch = json!({"recipients": "a@x.example", "role": "guest", "projects": [{"project": project, "role": "tester"}]});
            let answer = world.owner.post(INVITATIONS, batch).await.is(422).json();
            answer["errors"][0]["code"].clone()
        };
        assert_eq!(try_project("NOPE").await, "unknown_project");
        assert_eq!(try_project("FOR").await, "unknown_project");
        assert_eq!(try_project(foreign["id"].as_str().unwrap()).await, "unknown_project");
        let role = world.owner.post(INVITATIONS, json!({"recipients": "a@x.example", "role": "wizard"})).await.is(422).json();
        assert_eq!(role["errors"][0]["code"], "unknown_role");
    }

    a_thousand_addresses_go_and_one_more_is_refused_whole(world) {
        let list = |n: usize| (0..n).map(|i| format!("p{i}@x.example")).collect::<Vec<_>>().join(",");
        let refused = world.owner.post(INVITATIONS, json!({"recipients": list(1001), "role": "tester"})).await.is(422);
        assert_eq!(refused.code(), "too_many");
        assert_eq!(world.owner.get(INVITATIONS).await.json()["items"], json!([]));
        let sent = world.owner.post(INVITATIONS, json!({"recipients": list(1000), "role": "tester"})).await.is(201).json();
        assert!(sent["results"].as_array().unwrap().iter().all(|row| row["outcome"] == "invited"));
    }

    lists_come_in_pages_that_join_up(world) {
        let list = (0..25).map(|i| format!("p{i}@x.example")).collect::<Vec<_>>().join(" ");
        world.owner.post(INVITATIONS, json!({"recipients": list, "role": "tester"})).await.is(201);
        let (mut seen, mut path) = (Vec::new(), format!("{INVITATIONS}?limit=10"));
        loop {
            let page = world.owner.get(&path).await.is(200).json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["address"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("{INVITATIONS}?limit=10&cursor={cursor}");
        }
        let newest_first: Vec<String> = (0..25).rev().map(|i| format!("p{i}@x.example")).collect();
        assert_eq!(seen, newest_first);
        for bad in ["limit=0", "limit=201", "limit=x", "cursor=nonsense"] {
            world.owner.get(&format!("{INVITATIONS}?{bad}")).await.is(422);
        }
    }

    last_seen_moves_and_keys_and_projects_come_in_pages(world) {
        let (mia, id) = world.member("mia", Role::Tester).await;
        world.pass(Duration::from_hours(1));
        mia.get("/api/v1/workspaces/hollin-ash").await.is(200);
        let path = format!("/api/v1/workspaces/hollin-ash/members/{id}");
        let mut seen = serde_json::Value::Null;
        for _ in 0..50 {
            seen = world.owner.get(&path).await.json()["last_seen_at"].clone();
            if seen == "2026-12-01T11:40:00Z" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(seen, "2026-12-01T11:40:00Z");
        for key in ["AA", "BB"] {
            world.owner.post("/api/v1/workspaces/hollin-ash/projects", json!({"name": key, "key": key})).await.is(201);
        }
        let first = world.owner.get("/api/v1/workspaces/hollin-ash/projects?limit=2").await.is(200).json();
        let path = format!("/api/v1/workspaces/hollin-ash/projects?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
        let second = world.owner.get(&path).await.is(200).json();
        let keys = |page: &serde_json::Value| page["items"].as_array().unwrap().iter().map(|row| row["key"].clone()).collect::<Vec<_>>();
        assert_eq!((keys(&first), keys(&second)), (vec![json!("AA"), json!("BB")], vec![json!("WEB")]));
        assert_eq!(second["next_cursor"], json!(null));
    }

    an_idempotency_key_makes_a_retry_the_same_request(world) {
        let send = async |body: &str| {
            let headers = [("content-type", "application/json"), ("idempotency-key", "k1")];
            world.owner.send(Method::POST, INVITATIONS, Some(body.to_owned()), &headers).await
        };
        let body = json!({"recipients": "a@x.example", "role": "tester"}).to_string();
        let (first, second) = (send(&body).await.is(201), send(&body).await.is(201));
        assert_eq!(first.json(), second.json());
        assert_eq!(send(&body.replace("a@x", "b@x")).await.is(422).code(), "key_reused");
        world.pass(Duration::from_hours(25));
        assert_eq!(send(&body).await.is(422).json()["results"][0]["outcome"], "already_invited");
    }

    people_without_a_project_cannot_be_invited_yet(world) {
        let other = world.owner.post("/api/v1/workspaces", json!({"name": "Empty"})).await.is(201).json();
        let there = world.with_key(other["api_key"].as_str().unwrap());
        let batch = json!({"recipients": "a@x.example", "role": "tester"});
        assert_eq!(there.post("/api/v1/workspaces/empty/invitations", batch).await.is(409).code(), "project_required");
    }

    revoking_frees_the_address_at_once_and_twice_is_a_conflict(world) {
        let id = world.invitation("a@x.example", Role::Tester).await;
        let path = format!("{INVITATIONS}/{id}/revocation");
        world.owner.post(&path, json!({})).await.is(204);
        assert_eq!(world.owner.post(&path, json!({})).await.is(409).code(), "invitation_not_pending");
        world.owner.post(INVITATIONS, json!({"recipients": "a@x.example", "role": "tester"})).await.is(201);
        assert_eq!(world.owner.get(&format!("{INVITATIONS}?state=revoked")).await.json()["items"][0]["id"], id.to_string());
    }

    the_end_counts_from_the_first_copy(world) {
        let id = world.invitation("a@x.example", Role::Tester).await;
        let end = async || world.owner.get(&format!("{INVITATIONS}/{id}")).await.is(200).json()["expires_at"].clone();
        assert_eq!(end().await, "2026-12-13T10:40:00Z");
        world.pass(Duration::from_hours(24));
        world.token(id).await;
        assert_eq!(end().await, "2026-12-09T10:40:00Z");
    }

    members_change_within_the_rules(world) {
        let (_, tester) = world.member("tom", Role::Tester).await;
        let path = format!("/api/v1/workspaces/hollin-ash/members/{tester}");
        let change = json!({"role": "manager", "projects": [{"project": "WEB", "role": "admin"}]});
        let changed = world.owner.patch(&path, change).await.is(200).json();
        assert_eq!(changed["role"], "manager");
        assert_eq!(changed["projects"], json!([{"project": "WEB", "role": "admin", "via": "direct"}]));
        let (admin, _) = world.member("ada", Role::Admin).await;
        assert_eq!(admin.patch(&path, json!({"role": "owner"})).await.is(403).code(), "above_your_rights");
        let owner = world.owner.get("/api/v1/workspaces/hollin-ash/members").await.json();
        let owner = owner["items"].as_array().unwrap().iter().find(|row| row["role"] == "owner").unwrap()["id"].clone();
        let owner = format!("/api/v1/workspaces/hollin-ash/members/{}", owner.as_str().unwrap());
        assert_eq!(admin.patch(&owner, json!({"role": "tester"})).await.is(403).code(), "target_above_you");
        assert_eq!(world.owner.patch(&owner, json!({"role": "tester"})).await.is(409).code(), "last_owner");
        let out = format!("{path}/deactivation");
        world.owner.post(&out, json!({})).await.is(204);
        world.owner.post(&out, json!({})).await.is(204);
        assert_eq!(world.owner.get(&path).await.json()["status"], "deactivated");
        world.owner.delete(&out).await.is(204);
        world.owner.patch(&path, json!({"group": "x"})).await.is(422);
    }

    a_key_does_what_its_holder_may_and_no_more(world) {
        let keys = "/api/v1/workspaces/hollin-ash/api-keys";
        let limited = json!({"name": "CI", "rights": ["read", "execute_runs"]});
        let key = world.owner.post(keys, limited).await.is(201).json();
        let ci = world.with_key(key["key"].as_str().unwrap());
        let me = ci.get("/api/v1/me").await.is(200).json();
        assert_eq!(me["rights"], json!(["read", "execute_runs"]));
        assert_eq!(me["key"], key["id"]);
        assert_eq!(ci.post(keys, json!({"name": "x", "rights": ["invite_members"]})).await.is(403).code(), "above_your_rights");
        ci.post("/api/v1/workspaces", json!({"name": "No"})).await.is(403);
        world.owner.delete(&format!("{keys}/{}", key["id"].as_str().unwrap())).await.is(204);
        assert_eq!(ci.get("/api/v1/me").await.is(401).code(), "bad_key");
        let short = json!({"name": "short", "expires_at": "2026-12-01T11:00:00Z"});
        let short = world.with_key(world.owner.post(keys, short).await.is(201).json()["key"].as_str().unwrap());
        short.get("/api/v1/me").await.is(200);
        world.pass(Duration::from_hours(1));
        short.get("/api/v1/me").await.is(401);
    }

    signing_in_and_out_by_the_api(world) {
        let browser = world.nobody();
        let pair = |password: &str| json!({"email": "ANN@hollin.example", "password": password});
        let wrong = browser.post("/api/v1/sessions", pair("wrong")).await.is(401);
        let unknown = browser.post("/api/v1/sessions", json!({"email": "who@x.example", "password": "wrong"})).await.is(401);
        assert_eq!(wrong.json(), unknown.json());
        browser.post("/api/v1/sessions", pair(crate::kit::PASSWORD)).await.is(201);
        assert_eq!(browser.get("/api/v1/me").await.is(200).json()["memberships"][0]["role"], "owner");
        browser.delete("/api/v1/sessions/current").await.is(204);
        browser.get("/api/v1/me").await.is(401);
    }

    the_description_is_openapi_3_1_and_names_every_answer_it_gives(world) {
        let description = world.nobody().get("/api/v1/openapi.json").await.is(200).json();
        assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
        let paths = description["paths"].as_object().unwrap();
        for (path, methods) in paths {
            for (method, call) in methods.as_object().unwrap() {
                let answers = call["responses"].as_object().unwrap();
                assert!(!answers.is_empty() && answers.values().all(|answer| answer["description"].is_string()), "{method} {path}");
                assert!(call["summary"].is_string(), "{method} {path} says what it does");
                let mut parameters = parameters(call);
                let all = parameters.len();
                parameters.dedup();
                assert_eq!(parameters.len(), all, "{method} {path} lists a parameter twice: {parameters:?}");
            }
        }
        let calls = paths.values().flat_map(|methods| methods.as_object().unwrap().values());
        let mut names: Vec<&str> = calls.map(|call| call["operationId"].as_str().unwrap()).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "each operation has a name of its own: {names:?}");
        for reference in references(&description) {
            let pointer = reference.trim_start_matches('#');
            assert!(description.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    }
}

/// Where each parameter of a call stands and what it is called, sorted.
fn parameters(call: &serde_json::Value) -> Vec<String> {
    let all = call["parameters"].as_array().into_iter().flatten();
    let mut names: Vec<_> = all.map(|one| format!("{} {}", one["in"], one["name"])).collect();
    names.sort_unstable();
    names
}

fn references(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Object(fields) => {
            let own = fields.get("$ref").and_then(|text| text.as_str()).map(str::to_owned);
            own.into_iter().chain(fields.values().flat_map(references)).collect()
        }
        serde_json::Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
