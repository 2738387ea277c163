//! One's own account.

use domain::access::Role;
use serde_json::json;

use crate::{
    kit::{Actor, PASSWORD, World},
    on_both_engines,
};

const ANN: &str = "ann@hollin.example";
const NEW: &str = "quite another four words";

/// The owner at a browser.
async fn ann(world: &World) -> Actor {
    let ann = world.nobody();
    ann.post("/api/v1/sessions", json!({"email": ANN, "password": PASSWORD})).await.is(201);
    ann
}

on_both_engines! {
    one_sees_ones_account_and_changes_the_name(world) {
        let ann = ann(&world).await;
        let page = ann.get("/profile").await.is(200).text;
        for shown in ["Ann Keller", ANN, "Primary", "This one", "127.0.0.1"] {
            assert!(page.contains(shown), "{shown} in {page}");
        }
        ann.form("/profile", &[("name", "Änn Keller")]).await.is(303);
        assert!(ann.get("/profile").await.text.contains("You are now called Änn Keller"));
        let me = ann.patch("/api/v1/me", json!({"name": "Ann K."})).await.is(200).json();
        assert_eq!((me["name"].as_str(), me["email_verified"].as_bool()), (Some("Ann K."), Some(true)));
        let wrong = ann.form("/profile", &[("name", " ")]).await.is(422).text;
        assert!(wrong.contains("aria-invalid"), "{wrong}");
    }

    a_key_reads_no_sessions_and_changes_nothing(world) {
        for answer in [
            world.owner.get("/api/v1/me/sessions").await,
            world.owner.get("/api/v1/me/addresses").await,
            world.owner.patch("/api/v1/me", json!({"name": "Eve"})).await,
            world.owner.post("/api/v1/me/password", json!({"current": PASSWORD, "password": NEW})).await,
            world.owner.post("/api/v1/me/addresses", json!({"email": "eve@x.example", "password": PASSWORD})).await,
            world.owner.delete("/api/v1/me/sessions").await,
        ] {
            assert_eq!(answer.is(403).code(), "session_required");
        }
        world.owner.get("/profile").await.is(403);
    }

    a_password_is_changed_with_the_one_there_is(world) {
        let (here, there) = (ann(&world).await, ann(&world).await);
        let change = |current: &'static str, password: &'static str| json!({"current": current, "password": password});
        let wrong = here.post("/api/v1/me/password", change("wrong", NEW)).await.is(422).json();
        assert_eq!(wrong["errors"][0], json!({"field": "current", "code": "wrong_password", "detail": "Not your password."}));
        let weak = here.post("/api/v1/me/password", change(PASSWORD, "short")).await.is(422).json();
        assert_eq!(weak["errors"][0]["code"], "too_short");
        let same = here.post("/api/v1/me/password", change(PASSWORD, PASSWORD)).await.is(422).json();
        assert_eq!(same["errors"][0]["code"], "unchanged");
        there.get("/api/v1/me").await.is(200);
        here.form("/profile/password", &[("current", PASSWORD), ("password", NEW)]).await.is(303);
        here.get("/api/v1/me").await.is(200);
        there.get("/api/v1/me").await.is(401);
        world.nobody().post("/api/v1/sessions", json!({"email": ANN, "password": PASSWORD})).await.is(401);
        world.nobody().post("/api/v1/sessions", json!({"email": ANN, "password": NEW})).await.is(201);
    }

    sessions_are_listed_and_ended_one_by_one_or_all_others(world) {
        let (here, there) = (ann(&world).await, ann(&world).await);
        let list = here.get("/api/v1/me/sessions").await.is(200).json();
        let other = list["items"].as_array().unwrap().iter().find(|row| row["current"] == false && row["client"] == "127.0.0.1");
        let path = format!("/api/v1/me/sessions/{}", other.unwrap()["id"].as_str().unwrap());
        let (lea, _) = world.member("lea", Role::Tester).await;
        lea.delete(&path).await.is(404);
        there.get("/api/v1/me").await.is(200);
        here.delete(&path).await.is(204);
        here.delete(&path).await.is(404);
        there.get("/api/v1/me").await.is(401);
        let again = ann(&world).await;
        let ended = here.form("/profile/sessions/others", &[]).await.is(303);
        assert_eq!(ended.header("location"), "/profile");
        again.get("/api/v1/me").await.is(401);
        here.get("/api/v1/me").await.is(200);
        assert_eq!(here.get("/api/v1/me/sessions").await.json()["items"].as_array().unwrap().len(), 1);
    }

    without_a_mail_server_no_address_is_added_and_the_page_says_why(world) {
        let ann = ann(&world).await;
        assert!(ann.get("/profile").await.text.contains("This server sends no mail"));
        let body = json!({"email": "ann@private.example", "password": PASSWORD});
        assert_eq!(ann.post("/api/v1/me/addresses", body).await.is(409).code(), "no_mail_server");
    }

    a_dead_link_to_prove_an_address_says_what_to_do(world) {
        let unknown = world.nobody().get("/verify/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await.is(404).text;
        assert!(unknown.contains("leads nowhere"), "{unknown}");
        assert!(world.nobody().get("/verify").await.is(200).text.contains("Open the link once more"));
        world.nobody().form("/verify", &[]).await.is(303);
        let ann = ann(&world).await;
        let token = json!({"token": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"});
        ann.post("/api/v1/me/addresses/verification", token).await.is(404);
    }

    one_leaves_a_workspace_but_the_last_owner_stays(world) {
        let (lea, _) = world.member("lea", Role::Tester).await;
        assert!(lea.get("/profile").await.text.contains("Leave Hollin"));
        let left = lea.form("/profile/workspaces/hollin-ash/leaving", &[]).await.is(303);
        assert_eq!(left.header("location"), "/profile");
        assert!(lea.get("/profile").await.text.contains("You left Hollin &#38; Ash"));
        lea.get("/w/hollin-ash").await.is(404);
        lea.form("/profile/workspaces/hollin-ash/leaving", &[]).await.is(404);
        let stays = ann(&world).await.form("/profile/workspaces/hollin-ash/leaving", &[]).await.is(422).text;
        assert!(stays.contains("is the last owner"), "{stays}");
    }

    an_account_is_deleted_by_who_types_its_address_and_password(world) {
        let id = world.invitation("lea@hollin.example", Role::Tester).await;
        let joining = json!({"token": world.token(id).await.reveal(), "name": "Lea Fournier", "password": PASSWORD});
        let lea = world.nobody();
        lea.post("/api/v1/invitations/acceptance", joining).await.is(201);
        let delete = |email: &str, password: &str| json!({"email": email, "password": password});
        let wrong = lea.post("/api/v1/me/deletion", delete("lea@other.example", PASSWORD)).await.is(422).json();
        assert_eq!(wrong["errors"][0]["code"], "not_confirmed");
        let wrong = lea.post("/api/v1/me/deletion", delete("lea@hollin.example", "wrong")).await.is(422).json();
        assert_eq!(wrong["errors"][0]["code"], "wrong_password");
        let typed = [("confirmation", "LEA@hollin.example"), ("password_again", PASSWORD)];
        let gone = lea.form("/profile/deletion", &typed).await.is(303);
        assert_eq!(gone.header("location"), "/sign-in");
        lea.get("/api/v1/me").await.is(401);
        world.nobody().post("/api/v1/sessions", json!({"email": "lea@hollin.example", "password": PASSWORD})).await.is(401);
        let everything = [
            world.owner.get("/api/v1/workspaces/hollin-ash/members").await.text,
            world.owner.get(&format!("/api/v1/workspaces/hollin-ash/invitations/{id}")).await.text,
            world.owner.get("/api/v1/workspaces/hollin-ash/audit").await.is(200).text,
        ];
        for page in everything {
            assert!(!page.contains("lea@hollin.example") && !page.contains("Lea Fournier"), "{page}");
        }
        let again = world.owner.post(
            "/api/v1/workspaces/hollin-ash/invitations",
            json!({"recipients": ["lea@hollin.example"], "role": "tester"}),
        );
        again.await.is(201);
    }

    the_last_owner_and_the_last_operator_keep_their_account(world) {
        let ann = ann(&world).await;
        assert!(ann.get("/profile").await.text.contains("You are the last owner of <b>Hollin &#38; Ash</b>"));
        let delete = json!({"email": ANN, "password": PASSWORD});
        let refused = ann.post("/api/v1/me/deletion", delete.clone()).await.is(409);
        assert_eq!(refused.code(), "last_owner");
        assert!(refused.text.contains("Hollin & Ash"), "{}", refused.text);
        world.member("second", Role::Owner).await;
        assert_eq!(ann.post("/api/v1/me/deletion", delete).await.is(409).code(), "last_operator");
        ann.get("/w/hollin-ash").await.is(200);
        let typed = [("confirmation", ANN), ("password_again", PASSWORD)];
        assert!(ann.form("/profile/deletion", &typed).await.is(422).text.contains("last operator"));
    }
}
