//! API keys and service accounts from outside.

use domain::access::Role;
use http::Method;
use serde_json::{Value, json};

use crate::on_both_engines;

const KEYS: &str = "/api/v1/workspaces/hollin-ash/api-keys";
const ACCOUNTS: &str = "/api/v1/workspaces/hollin-ash/service-accounts";

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

on_both_engines! {
    a_service_account_answers_for_itself_and_is_no_person(world) {
        let (id, key) = world.service_account("Nightly", Role::Tester).await;
        let me = world.with_key(&key).get("/api/v1/me").await.is(200).json();
        assert_eq!((&me["person"], &me["service_account"]), (&Value::Null, &json!({"id": id, "name": "Nightly"})));
        assert_eq!((&me["role"], &me["workspace"]["slug"]), (&json!("tester"), &json!("hollin-ash")));
        assert_eq!(me["rights"], json!(["read", "write_cases", "execute_runs", "manage_reports"]));
        assert_eq!(me["memberships"].as_array().unwrap().len(), 1);
    }

    a_service_account_stands_among_the_members_as_what_it_is(world) {
        let (id, key) = world.service_account("Nightly", Role::Tester).await;
        let members = world.owner.get("/api/v1/workspaces/hollin-ash/members").await.is(200).json();
        let row = members["items"].as_array().unwrap().iter().find(|row| row["name"] == "Nightly").unwrap().clone();
        assert_eq!((&row["kind"], row.get("email")), (&json!("service_account"), None));
        let accounts = world.owner.get(ACCOUNTS).await.is(200).json();
        assert_eq!((&accounts["items"][0]["id"], &accounts["items"][0]["member"]), (&json!(id), &row["id"]));
        let page = world.owner.get("/w/hollin-ash/settings/users").await.is(200).text;
        assert!(page.contains("Service account"), "{page}");

        let member = format!("/api/v1/workspaces/hollin-ash/members/{}", row["id"].as_str().unwrap());
        world.owner.json(Method::PATCH, &member, json!({"role": "owner"})).await.is(422);
        world.owner.json(Method::PATCH, &member, json!({"role": "manager"})).await.is(200);
        world.owner.send(Method::DELETE, &member, None, &[]).await.is(204);
        world.with_key(&key).get("/api/v1/me").await.is(401);
        assert_eq!(world.owner.get(ACCOUNTS).await.json()["items"], json!([]));
    }

    what_a_service_account_does_is_told_by_its_name(world) {
        let (id, key) = world.service_account("Nightly", Role::Manager).await;
        let project = json!({"name": "App", "key": "APP"});
        world.with_key(&key).post("/api/v1/workspaces/hollin-ash/projects", project).await.is(201);
        let invited = json!({"recipients": "leo@x.example", "role": "tester"});
        world.with_key(&key).post("/api/v1/workspaces/hollin-ash/invitations", invited).await.is(201);
        let open = world.owner.get("/api/v1/workspaces/hollin-ash/invitations").await.is(200).json();
        assert_eq!(open["items"][0]["invited_by"]["name"], "Nightly", "{open}");
        let log = format!("/api/v1/workspaces/hollin-ash/audit?actor={id}");
        let log = world.owner.get(&log).await.is(200).json();
        assert_eq!(log["items"][0]["actor"], json!({"id": id, "name": "Nightly"}));
        assert_eq!(log["items"][1]["words"], "Nightly made the project App with the key APP");
    }

    the_keys_of_others_are_told_by_name_holder_and_last_use_and_never_the_key(world) {
        let (ann, _) = world.member("amy", Role::Tester).await;
        let made = ann.post(KEYS, json!({"name": "hers", "rights": ["execute_runs"]})).await.is(201).json();
        let (_, service) = world.service_account("Nightly", Role::Tester).await;
        let all = world.owner.get(&format!("{KEYS}?holder=everyone")).await.is(200);
        assert!(!all.text.contains(made["key"].as_str().unwrap()) && !all.text.contains(&service), "{}", all.text);
        let all = all.json();
        let mut told = names(&all);
        told.sort_unstable();
        assert_eq!(told, ["First key", "hers", "its key"]);
        let called = |name: &str| all["items"].as_array().unwrap().iter().find(|key| key["name"] == name).unwrap();
        assert_eq!(called("hers")["holder"]["name"], "amy");
        assert_eq!(called("hers")["rights"], json!(["read", "execute_runs"]));
        assert!(called("its key")["holder"]["id"].as_str().unwrap().starts_with("svc_"));
        assert_eq!(names(&world.owner.get(KEYS).await.json()), ["First key"]);
        ann.get(&format!("{KEYS}?holder=everyone")).await.is(403);

        let hers = format!("{KEYS}/{}", made["id"].as_str().unwrap());
        world.member("max", Role::Manager).await.0.send(Method::DELETE, &hers, None, &[]).await.is(404);
        world.owner.send(Method::DELETE, &hers, None, &[]).await.is(204);
        world.with_key(made["key"].as_str().unwrap()).get("/api/v1/me").await.is(401);
    }

    a_page_makes_a_key_within_chosen_rights_and_shows_it_once(world) {
        let (ann, _) = world.member("amy", Role::Tester).await;
        let page = ann.get("/w/hollin-ash/settings/api-keys").await.is(200).text;
        assert!(page.contains("value=\"execute_runs\"") && !page.contains("value=\"manage_members\""), "only what she holds");
        let fields = [("name", "CI"), ("scope", "chosen"), ("right", "execute_runs"), ("right", "write_cases"), ("ends", "30")];
        let made = ann.form("/w/hollin-ash/api-keys", &fields).await.is(200).text;
        let key = made.split("id=\"secret\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let me = world.with_key(key).get("/api/v1/me").await.is(200).json();
        assert_eq!(me["rights"], json!(["read", "write_cases", "execute_runs"]));
        assert!(!ann.get("/w/hollin-ash/settings/api-keys").await.text.contains(key));
        let nothing = ann.form("/w/hollin-ash/api-keys", &[("name", "CI"), ("scope", "chosen")]).await.is(422).text;
        assert!(nothing.contains("Tick at least one right") && nothing.contains("value=\"CI\""));
        world.pass(domain::time::days(30));
        world.with_key(key).get("/api/v1/me").await.is(401);
    }

    a_page_keeps_a_service_account_and_its_keys(world) {
        let fields = [("name", "Nightly"), ("role", "tester")];
        let made = world.owner.form("/w/hollin-ash/service-accounts", &fields).await.is(303);
        let page = made.header("location").to_owned();
        assert!(page.starts_with("/w/hollin-ash/settings/service-accounts/svc_"), "{page}");
        let id = page.rsplit('/').next().unwrap();
        let keys = format!("/w/hollin-ash/service-accounts/{id}/api-keys");
        let shown = world.owner.form(&keys, &[("name", "deploy"), ("scope", "read"), ("ends", "never")]).await.is(200).text;
        let key = shown.split("id=\"secret\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(world.with_key(key).get("/api/v1/me").await.is(200).json()["rights"], json!(["read"]));
        let row = world.owner.get(&format!("{ACCOUNTS}/{id}/api-keys")).await.is(200).json()["items"][0].clone();
        let revoked = world.owner.form(&format!("/w/hollin-ash/api-keys/{}/revocation", row["id"].as_str().unwrap()), &[]).await;
        assert_eq!(revoked.is(303).header("location"), page);
        world.with_key(key).get("/api/v1/me").await.is(401);
        let owner = [("name", "Root"), ("role", "owner")];
        world.owner.form("/w/hollin-ash/service-accounts", &owner).await.is(422);
    }
}
