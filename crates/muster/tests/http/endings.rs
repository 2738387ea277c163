//! What an invited person meets after the end, and what the log says of looking.

use std::time::Duration;

use domain::access::Role;
use serde_json::json;

use crate::{kit::World, on_both_engines};

async fn events(world: &World, what: &'static str) -> usize {
    let rows = world
        .app
        .read(move |db, _| Ok(db.all::<db::Row>(db::sql!("SELECT id FROM event WHERE what = ?", what))?.len()));
    rows.await.unwrap()
}

on_both_engines! {
    an_expired_link_asks_for_a_new_one_once_a_day(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        world.pass(Duration::from_hours(24 * 7));
        let lea = world.nobody();
        let page = lea.get(&format!("/join/{}", token.reveal())).await.is(410).text;
        assert!(page.contains("Ask for a new link") && page.contains(token.reveal()), "{page}");
        let asked = lea.form("/join/renewal", &[("token", token.reveal())]).await.is(303);
        assert_eq!(asked.header("location"), "/join");
        assert!(lea.get("/join").await.is(410).text.contains("A new link was asked for"));
        let body = json!({"token": token.reveal()});
        world.nobody().post("/api/v1/invitations/renewal", body).await.is(204);
        assert_eq!(events(&world, "invitation.wanted").await, 1);
        world.pass(Duration::from_hours(24));
        assert!(lea.get(&format!("/join/{}", token.reveal())).await.is(410).text.contains("Ask for a new link"));
    }

    a_link_that_still_works_is_not_asked_for(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        let refused = world.nobody().post("/api/v1/invitations/renewal", json!({"token": token.reveal()})).await.is(409);
        assert_eq!(refused.code(), "invitation_open");
        assert_eq!(events(&world, "invitation.wanted").await, 0);
        let unknown = json!({"token": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"});
        world.nobody().post("/api/v1/invitations/renewal", unknown).await.is(404);
    }

    an_expired_link_with_a_successor_says_that_there_is_a_newer_one(world) {
        let id = world.invitation("lea@hollin.example", Role::Tester).await;
        let token = world.token(id).await;
        world.pass(Duration::from_hours(24 * 7));
        world.owner.post(&format!("/api/v1/workspaces/hollin-ash/invitations/{id}/resending"), json!({})).await.is(200);
        let page = world.nobody().get(&format!("/join/{}", token.reveal())).await.is(410).text;
        assert!(page.contains("There is a newer link"), "{page}");
    }

    looking_at_the_page_of_a_copied_link_is_noted_once_an_hour(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        let lea = world.nobody();
        lea.get(&format!("/join/{}", token.reveal())).await.is(303);
        assert_eq!(events(&world, "invitation.looked_up").await, 0, "the link itself tells nothing");
        for _ in 0..3 {
            lea.get("/join").await.is(200);
        }
        assert_eq!(events(&world, "invitation.looked_up").await, 1);
        world.pass(Duration::from_hours(1));
        lea.get("/join").await.is(200);
        assert_eq!(events(&world, "invitation.looked_up").await, 2);
        let (_, code) = world.mailed("max@hollin.example").await;
        let max = world.nobody();
        let shown = code.reveal();
        max.form("/join/code", &[("address", "max@hollin.example"), ("code", shown.as_str())]).await.is(303);
        max.get("/join").await.is(200);
        assert_eq!(events(&world, "invitation.looked_up").await, 2, "a code proves the address");
    }
}
