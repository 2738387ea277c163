//! Resend, correct the address, sponsor: as the API answers.

use std::time::Duration;

use domain::access::Role;
use serde_json::{Value, json};

use crate::{kit::World, on_both_engines};

const INVITATIONS: &str = "/api/v1/workspaces/hollin-ash/invitations";

async fn get(world: &World, id: &str) -> Value {
    world.owner.get(&format!("{INVITATIONS}/{id}")).await.is(200).json()
}

fn days(days: u64) -> Duration {
    Duration::from_hours(24 * days)
}

on_both_engines! {
    resending_counts_the_end_anew_and_leaves_the_copied_link(world) {
        let id = world.invitation("lea@hollin.example", Role::Tester).await;
        let token = world.token(id).await;
        world.pass(days(2));
        let sent = world.owner.post(&format!("{INVITATIONS}/{id}/resending"), json!({})).await.is(200).json();
        assert_eq!((&sent["id"], &sent["state"], &sent["successor"]), (&json!(id.to_string()), &json!("pending"), &Value::Null));
        assert_eq!(sent["expires_at"], "2026-12-15T10:40:00Z");
        world.nobody().get(&format!("/join/{}", token.reveal())).await.is(303);
    }

    resending_an_expired_one_answers_its_successor_once_under_a_key(world) {
        let id = world.invitation("lea@hollin.example", Role::Manager).await;
        world.pass(days(12));
        let path = format!("{INVITATIONS}/{id}/resending");
        let key = [("idempotency-key", "again")];
        let mut answers = Vec::new();
        for _ in 0..2 {
            answers.push(world.owner.send(http::Method::POST, &path, None, &key).await.is(200).json());
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!((&answers[0]["predecessor"], &answers[0]["role"]), (&json!(id.to_string()), &json!("manager")));
        let former = get(&world, &id.to_string()).await;
        assert_eq!((&former["state"], &former["successor"]), (&json!("expired"), &answers[0]["id"]));
        assert_eq!(world.owner.post(&path, json!({})).await.is(409).code(), "invitation_not_pending");
    }

    what_is_on_hold_is_not_resent_until_it_has_a_sponsor(world) {
        let id = world.invitation_on_hold(1).await;
        let path = format!("{INVITATIONS}/{id}");
        assert_eq!(world.owner.post(&format!("{path}/resending"), json!({})).await.is(409).code(), "invitation_on_hold");
        let (reader, _) = world.member("rea", Role::Tester).await;
        assert_eq!(reader.post(&format!("{path}/sponsorship"), json!({})).await.is(403).code(), "right_missing");
        let sponsored = world.owner.post(&format!("{path}/sponsorship"), json!({})).await.is(200).json();
        assert_eq!((&sponsored["state"], &sponsored["invited_by"]["name"]), (&json!("pending"), &json!("Ann Keller")));
        assert_eq!(world.owner.post(&format!("{path}/sponsorship"), json!({})).await.is(409).code(), "invitation_not_pending");
        world.owner.post(&format!("{path}/resending"), json!({})).await.is(200);
    }

    correcting_the_address_revokes_and_makes_a_successor(world) {
        let id = world.invitation("lea@hollin.exmaple", Role::Tester).await;
        let token = world.token(id).await;
        let path = format!("{INVITATIONS}/{id}/correction");
        let wrong = world.owner.post(&path, json!({"address": "lea@hollin,example"})).await.is(422);
        assert_eq!(wrong.json()["errors"][0]["field"], "address");
        assert_eq!(get(&world, &id.to_string()).await["state"], "pending", "a typing error changes nothing");
        let new = world.owner.post(&path, json!({"address": "Lea <lea@hollin.example>"})).await.is(200).json();
        assert_eq!((&new["address"], &new["predecessor"]), (&json!("lea@hollin.example"), &json!(id.to_string())));
        let former = get(&world, &id.to_string()).await;
        assert_eq!((&former["state"], &former["successor"]), (&json!("revoked"), &new["id"]));
        world.nobody().get(&format!("/join/{}", token.reveal())).await.is(410);
        assert_eq!(world.owner.post(&path, json!({"address": "max@hollin.example"})).await.is(409).code(), "invitation_not_pending");
        let here = format!("{INVITATIONS}/{}/correction", new["id"].as_str().unwrap());
        assert_eq!(world.owner.post(&here, json!({"address": "ann@hollin.example"})).await.is(409).code(), "already_member");
    }

    t5_role_projects_and_end_of_an_open_invitation_are_edited(world) {
        let id = world.invitation("lea@hollin.example", Role::Tester).await;
        let token = world.token(id).await;
        let path = format!("{INVITATIONS}/{id}");
        let patch = async |body: Value| world.owner.json(http::Method::PATCH, &path, body).await;
        world.pass(days(2));
        let whole = json!({"role": "guest", "projects": [{"project": "web", "role": "manager"}], "expires_in_days": 9});
        let edited = patch(whole).await.is(200).json();
        assert_eq!((&edited["id"], &edited["role"], &edited["state"]), (&json!(id.to_string()), &json!("guest"), &json!("pending")));
        assert_eq!(edited["projects"], json!([{"project": "WEB", "role": "manager"}]));
        assert_eq!((&edited["expires_at"], &edited["delivery"]["state"]), (&json!("2026-12-12T10:40:00Z"), &json!("none")));
        let seen = world.nobody().post("/api/v1/invitations/lookup", json!({"token": token.reveal()})).await.is(200).json();
        assert_eq!(seen["role"], "guest", "the link lives on and tells what stands");
        assert_eq!(patch(json!({"role": "tester"})).await.is(200).json()["projects"][0]["project"], "WEB");
        for (body, field) in [
            (json!({}), "role"),
            (json!({"role": "king"}), "role"),
            (json!({"projects": [{"project": "NONE", "role": "tester"}]}), "projects"),
            (json!({"expires_in_days": 91}), "expires_in_days"),
        ] {
            assert_eq!(patch(body).await.is(422).json()["errors"][0]["field"], field);
        }
        patch(json!({"address": "max@hollin.example"})).await.is(422);
        let (lead, _) = world.member("max", Role::Manager).await;
        let above = lead.json(http::Method::PATCH, &path, json!({"role": "admin"})).await.is(403);
        assert_eq!(above.code(), "above_your_rights");
        world.owner.post(&format!("{path}/revocation"), json!({})).await.is(204);
        assert_eq!(patch(json!({"role": "tester"})).await.is(409).code(), "invitation_not_pending");
    }
}
