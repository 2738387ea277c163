//! The server in its operators' hands, and what workspaces take.

use std::collections::BTreeSet;

use app::server::{Flags, MemberLimit, fix};
use domain::access::{Role, System};
use http::Method;
use serde_json::json;

use crate::{kit::World, on_both_engines};

const SETTINGS: &str = "/api/v1/operator/settings";
const DOMAINS: &str = "/api/v1/workspaces/hollin-ash/invitation-domains";

on_both_engines! {
    operators_read_and_change_settings_by_api_and_page(world) {
        let before = world.owner.get(SETTINGS).await.is(200).json();
        assert_eq!(before["create_workspaces"], json!({"value": "operators", "fixed": false}));
        assert_eq!(before["member_limit"]["value"], json!(null));
        assert_eq!(before["invites_per_day"]["workspace"], json!({"value": 5000, "fixed": false}));
        let change = json!({"create_workspaces": "everybody", "member_limit": 7, "invites_per_day": {"inviter": 9}});
        let after = world.owner.patch(SETTINGS, change).await.is(200).json();
        assert_eq!((&after["member_limit"]["value"], &after["invites_per_day"]["inviter"]["value"]), (&json!(7), &json!(9)));
        let form = [("create_workspaces", "operators"), ("member_limit", ""), ("per_workspace", "5000"), ("per_inviter", "11"), ("per_server", "20000")];
        let saved = world.owner.form("/operator/settings", &form).await.is(303);
        assert_eq!(saved.header("location"), "/operator");
        let page = world.owner.get("/operator").await.is(200).text;
        assert!(page.contains(r#"value="11""#) && page.contains("Hollin &#38; Ash") && page.contains("Ann Keller"), "{page}");
        let last = world.owner.get(SETTINGS).await.json();
        assert_eq!((&last["member_limit"]["value"], &last["create_workspaces"]["value"]), (&json!(null), &json!("operators")));
        world.owner.patch(SETTINGS, json!({"member_limit": 7})).await.is(200);
        world.owner.patch(SETTINGS, json!({"member_limit": null})).await.is(200);
        assert_eq!(world.owner.get(SETTINGS).await.json()["member_limit"]["value"], json!(null));
    }

    wrong_settings_are_shown_again_with_what_is_wrong(world) {
        for wrong in [json!({"create_workspaces": "nobody"}), json!({"member_limit": 0}), json!({"invites_per_day": {"server": -1}}), json!({"x": 1})] {
            world.owner.patch(SETTINGS, wrong).await.is(422);
        }
        let form = [("member_limit", "many"), ("per_workspace", "5000"), ("per_inviter", "x"), ("per_server", "1")];
        let again = world.owner.form("/operator/settings", &form).await.is(422).text;
        assert!(again.contains(r#"value="many""#) && again.contains("member_limit-error") && again.contains("per_inviter-error"), "{again}");
    }

    what_the_command_line_decides_is_read_only(world) {
        let flags = Flags { member_limit: Some(MemberLimit::new(Some(3)).unwrap()), per_server: Some(5), ..Flags::default() };
        world.app.write(None, move |tx, _| fix(tx, &System::because("a test"), &flags)).await.unwrap();
        assert_eq!(world.owner.get(SETTINGS).await.json()["member_limit"], json!({"value": 3, "fixed": true}));
        let refused = world.owner.patch(SETTINGS, json!({"member_limit": 9})).await.is(409);
        assert_eq!(refused.code(), "fixed_by_command_line");
        let page = world.owner.get("/operator").await.is(200).text;
        assert!(page.contains("--member-limit") && page.contains("readonly"), "{page}");
        let form = [("create_workspaces", "operators"), ("member_limit", "3"), ("per_workspace", "8"), ("per_inviter", "2"), ("per_server", "5")];
        world.owner.form("/operator/settings", &form).await.is(303);
        assert_eq!(world.owner.get(SETTINGS).await.json()["invites_per_day"]["workspace"]["value"], json!(8));
    }

    operators_see_workspaces_from_outside_and_nothing_inside(world) {
        for n in 0..3 {
            world.owner.post("/api/v1/workspaces", json!({"name": format!("Lab {n}")})).await.is(201);
        }
        world.member("tester", Role::Tester).await;
        let mut seen = BTreeSet::new();
        let mut path = "/api/v1/operator/workspaces?limit=3".to_owned();
        loop {
            let page = world.owner.get(&path).await.is(200).json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|row| (row["name"].to_string(), row["members"].as_i64())));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/v1/operator/workspaces?limit=3&cursor={cursor}");
        }
        assert_eq!(seen.len(), 4, "{seen:?}");
        assert!(seen.contains(&("\"Hollin & Ash\"".to_owned(), Some(2))), "{seen:?}");
        let elsewhere = operator_elsewhere(&world).await;
        elsewhere.get("/api/v1/operator/workspaces").await.is(200);
        elsewhere.get("/api/v1/workspaces/hollin-ash").await.is(404);
    }

    t3_domains_are_obeyed_by_preview_and_sending(world) {
        let put = json!({"allowed": ["Hollin.example", "BÜCHER.example"], "blocked": ["old.hollin.example"]});
        let domains = world.owner.json(Method::PUT, DOMAINS, put).await.is(200).json();
        assert_eq!(domains, world.owner.get(DOMAINS).await.is(200).json());
        assert_eq!(domains["allowed"], json!(["hollin.example", "bücher.example"]));
        let recipients = json!({"recipients": ["a@hollin.example", "b@ash.example", "c@old.hollin.example", "d@xn--bcher-kva.example"], "role": "tester"});
        for path in ["invitations/preview", "invitations"] {
            let sent = world.owner.post(&format!("/api/v1/workspaces/hollin-ash/{path}"), recipients.clone()).await.json();
            let word = |row: usize, field: &str| sent["results"][row][field].as_str().unwrap_or_default().to_owned();
            assert_eq!([word(0, "outcome"), word(3, "outcome")], ["invited", "invited"], "{sent}");
            assert_eq!([word(1, "outcome"), word(1, "reason")], ["not_allowed", "domain_not_allowed"], "{sent}");
            assert_eq!([word(2, "outcome"), word(2, "reason")], ["not_allowed", "domain_blocked"], "{sent}");
        }
        world.owner.json(Method::PUT, DOMAINS, json!({"blocked": ["hollin"]})).await.is(422);
    }

    domains_are_written_down_on_the_page_general(world) {
        let form = [("allowed", "hollin.example, bücher.example\nash.example"), ("blocked", "")];
        let saved = world.owner.form("/w/hollin-ash/settings/domains", &form).await.is(303);
        assert_eq!(saved.header("location"), "/w/hollin-ash/settings/general");
        let page = world.owner.get("/w/hollin-ash/settings/general").await.is(200).text;
        assert!(page.contains("hollin.example\nbücher.example\nash.example"), "{page}");
        let again = world.owner.form("/w/hollin-ash/settings/domains", &[("allowed", "a@b"), ("blocked", "x.example")]).await.is(422).text;
        assert!(again.contains("allowed-error") && again.contains(">a@b<") && again.contains(">x.example<"), "{again}");
    }

    i8_who_is_not_taken_any_more_is_told_so_and_joins_once_that_changes(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        let lea = world.nobody();
        lea.get(&format!("/join/{}", token.reveal())).await.is(303);
        world.owner.json(Method::PUT, DOMAINS, json!({"blocked": ["hollin.example"]})).await.is(200);
        let barred = lea.get("/join").await.is(200).text;
        assert!(barred.contains("You cannot join just now") && barred.contains("Ann Keller"), "{barred}");
        let new = [("name", "Lea Fournier"), ("password", crate::kit::PASSWORD)];
        assert_eq!(lea.form("/join/acceptance", &new).await.is(303).header("location"), "/join");
        let body = json!({"token": token.reveal(), "name": "Lea", "password": crate::kit::PASSWORD});
        assert_eq!(world.nobody().post("/api/v1/invitations/acceptance", body).await.is(409).code(), "domain_blocked");
        world.owner.json(Method::PUT, DOMAINS, json!({})).await.is(200);
        assert_eq!(lea.form("/join/acceptance", &new).await.is(303).header("location"), "/w/hollin-ash");
    }

    a_full_workspace_takes_nobody_and_says_so(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        world.owner.patch(SETTINGS, json!({"member_limit": 1})).await.is(200);
        let lea = world.nobody();
        lea.get(&format!("/join/{}", token.reveal())).await.is(303);
        assert!(lea.get("/join").await.is(200).text.contains("all the members it may have (1)"));
        let body = json!({"token": token.reveal(), "name": "Lea", "password": crate::kit::PASSWORD});
        assert_eq!(world.nobody().post("/api/v1/invitations/acceptance", body).await.is(409).code(), "member_limit");
        let sent = world.owner.post("/api/v1/workspaces/hollin-ash/invitations", json!({"recipients": "b@ash.example", "role": "tester"}));
        assert_eq!(sent.await.is(409).code(), "member_limit");
    }
}

/// An operator who is in no workspace.
async fn operator_elsewhere(world: &World) -> crate::kit::Actor {
    let session = world.app.write(None, |tx, now| {
        let person = store::people::NewPerson {
            name: &"Op".parse().unwrap(),
            email: &"op@elsewhere.example".parse().unwrap(),
            password: None,
            verified: true,
            operator: true,
        };
        let id = store::people::insert(tx, &person, now)?.unwrap();
        Ok(store::sessions::open(tx, id, None, now)?)
    });
    world.with_session(&session.await.unwrap())
}

on_both_engines! {
    an_owner_takes_everything_along_and_deletes_the_workspace(world) {
        let tester = world.member("tester", Role::Tester).await.0;
        let export = world.owner.form("/w/hollin-ash/export", &[]).await.is(200);
        assert_eq!(export.header("content-type"), "application/gzip");
        assert!(export.header("content-disposition").contains("hollin-ash.json.gz"));
        let wrong = world.owner.form("/w/hollin-ash/deletion", &[("confirm", "hollin")]).await.is(422).text;
        assert!(wrong.contains("Type hollin-ash to delete it."), "{wrong}");
        tester.get("/w/hollin-ash").await.is(200);
        let gone = world.owner.form("/w/hollin-ash/deletion", &[("confirm", "hollin-ash")]).await.is(303);
        assert_eq!(gone.header("location"), "/");
        tester.get("/w/hollin-ash").await.is(404);
        world.owner.get("/api/v1/me").await.is(401);
        let op = operator_elsewhere(&world).await;
        let page = op.get("/operator").await.is(200).text;
        assert!(page.contains("Restore Hollin &#38; Ash"), "{page}");
        let id = op.get("/api/v1/operator/workspaces").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        op.form(&format!("/operator/workspaces/{id}/restoration"), &[]).await.is(303);
        tester.get("/w/hollin-ash").await.is(200);
        op.post(&format!("/api/v1/operator/workspaces/{id}/restoration"), json!({})).await.is(404);
        op.get("/w/hollin-ash").await.is(404);
    }
}
