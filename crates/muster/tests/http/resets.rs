//! A new password for who forgot his.

use std::time::Duration;

use http::Method;
use serde_json::json;

use crate::{kit::PASSWORD, on_both_engines};

const ANN: &str = "ann@hollin.example";
const NEW: &str = "quite another four words";

on_both_engines! {
    every_address_is_answered_alike(world) {
        let ask = async |address: &str| {
            let asker = world.with_mail_and_limits();
            let api = asker.post("/api/v1/password-resets", json!({"email": address})).await.is(202);
            let page = asker.form("/forgot-password", &[("email", address)]).await.is(303);
            let told = |answer: &crate::kit::Answer| {
                let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id");
                let headers: Vec<_> = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
                format!("{} {headers:?} {}", answer.status, answer.text)
            };
            (told(&api), told(&page))
        };
        let known = ask(ANN).await;
        assert_eq!(known, ask("nobody@hollin.example").await);
        assert!(known.1.contains("/forgot-password?sent=1"), "{known:?}");
        let page = world.with_mail_and_limits().get("/forgot-password?sent=1").await.is(200);
        assert!(page.text.contains("If the address has an account here"));
    }

    letters_to_an_address_are_few_whether_it_has_an_account_or_not(world) {
        for address in [ANN, "nobody@hollin.example"] {
            let asker = world.with_mail_and_limits();
            for _ in 0..3 {
                asker.post("/api/v1/password-resets", json!({"email": address})).await.is(202);
            }
            let refused = asker.post("/api/v1/password-resets", json!({"email": address})).await.is(429);
            assert!(refused.header("retry-after").parse::<u64>().unwrap() > 60, "{}", refused.header("retry-after"));
            asker.form("/forgot-password", &[("email", address)]).await.is(429);
            asker.post("/api/v1/password-resets", json!({"email": "other@hollin.example"})).await.is(202);
        }
    }

    what_is_no_address_comes_back_with_its_fault(world) {
        let asker = world.with_mail_and_limits();
        let page = asker.form("/forgot-password", &[("email", "ann@")]).await.is(422);
        assert!(page.text.contains("value=\"ann@\"") && page.text.contains("aria-invalid"), "{}", page.text);
        let refused = asker.post("/api/v1/password-resets", json!({"email": "ann"})).await.is(422).json();
        assert_eq!(refused["errors"][0]["field"], "email");
    }

    without_a_mail_server_the_page_says_who_can_help(world) {
        let page = world.nobody().get("/forgot-password").await.is(200).text;
        assert!(page.contains("muster person reset") && !page.contains("<input"), "{page}");
        let refused = world.nobody().post("/api/v1/password-resets", json!({"email": ANN})).await.is(409);
        assert_eq!(refused.code(), "no_mail_server");
        world.nobody().form("/forgot-password", &[("email", ANN)]).await.is(303);
    }

    a_link_leads_to_a_clean_address_and_sets_the_password(world) {
        let (ann, token) = (world.nobody(), world.reset_link(ANN).await);
        for method in [Method::HEAD, Method::GET, Method::GET] {
            let opened = ann.send(method, &format!("/reset/{}", token.reveal()), None, &[]).await.is(303);
            assert_eq!(opened.header("location"), "/reset");
        }
        let page = ann.get("/reset").await.is(200);
        assert!(page.text.contains(ANN) && !page.text.contains(token.reveal()), "{}", page.text);
        assert_eq!(page.header("referrer-policy"), "same-origin");
        let wrong = ann.form("/reset", &[("password", "short")]).await.is(422).text;
        assert!(wrong.contains("At least 10 characters."), "{wrong}");
        let set = ann.form("/reset", &[("password", NEW)]).await.is(303);
        assert_eq!(set.header("location"), "/sign-in");
        assert!(ann.cookie("muster-reset").is_none());
        assert!(ann.get("/sign-in").await.is(200).text.contains("Your new password is set"));
        let pair = |password| json!({"email": ANN, "password": password});
        world.nobody().post("/api/v1/sessions", pair(PASSWORD)).await.is(401);
        world.nobody().post("/api/v1/sessions", pair(NEW)).await.is(201);
        ann.form("/reset", &[("password", NEW)]).await.is(303);
    }

    each_dead_link_says_why_and_offers_one_way_on(world) {
        let dead = async |token: &str, status: u16| world.nobody().get(&format!("/reset/{token}")).await.is(status).text;
        assert!(dead("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404).await.contains("leads nowhere"));
        let (used, late) = (world.reset_link(ANN).await, world.reset_link(ANN).await);
        let complete = async |token: &str, password: &str| {
            let body = json!({"token": token, "password": password});
            world.nobody().post("/api/v1/password-resets/completion", body).await
        };
        complete(used.reveal(), "short").await.is(422);
        complete(used.reveal(), NEW).await.is(204);
        assert_eq!(complete(used.reveal(), NEW).await.is(410).code(), "link_used");
        assert!(dead(used.reveal(), 410).await.contains("has done its work"));
        assert!(dead(late.reveal(), 410).await.contains("has done its work"), "one used link ends the others");
        let late = world.reset_link(ANN).await;
        world.pass(Duration::from_hours(1));
        assert!(dead(late.reveal(), 410).await.contains("expired"));
        assert_eq!(complete(late.reveal(), NEW).await.is(410).code(), "link_expired");
        complete("no token", NEW).await.is(404);
        assert!(world.nobody().get("/reset").await.is(200).text.contains("Open the link once more"));
    }

    a_reset_ends_the_sessions_and_leaves_the_keys_of_a_proved_account(world) {
        let browser = world.nobody();
        browser.post("/api/v1/sessions", json!({"email": ANN, "password": PASSWORD})).await.is(201);
        browser.get("/api/v1/me").await.is(200);
        let body = json!({"token": world.reset_link(ANN).await.reveal(), "password": NEW});
        world.nobody().post("/api/v1/password-resets/completion", body).await.is(204);
        browser.get("/api/v1/me").await.is(401);
        world.owner.get("/api/v1/me").await.is(200);
    }
}
