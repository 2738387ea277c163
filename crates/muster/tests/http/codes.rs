//! The typed code: by the API and on the page.

use serde_json::json;

use crate::on_both_engines;

const LOOKUP: &str = "/api/v1/invitations/lookup";
const ACCEPTANCE: &str = "/api/v1/invitations/acceptance";

on_both_engines! {
    address_and_code_stand_for_the_token(world) {
        let (id, code) = world.mailed("lea@hollin.example").await;
        let pair = json!({"address": "Lea@Hollin.example", "code": code.reveal().to_lowercase()});
        let offer = world.nobody().post(LOOKUP, pair.clone()).await.is(200).json();
        assert_eq!((&offer["needs"], &offer["workspace"]), (&json!("account"), &json!("Hollin & Ash")));
        let mut body = pair.clone();
        body["name"] = json!("Lea");
        body["password"] = json!(crate::kit::PASSWORD);
        world.nobody().post(ACCEPTANCE, body.clone()).await.is(201);
        let state = world.owner.get(&format!("/api/v1/workspaces/hollin-ash/invitations/{id}")).await.json();
        assert_eq!(state["state"], "accepted");
        assert_eq!(world.nobody().post(ACCEPTANCE, body).await.is(404).code(), "wrong_code", "it is used");
    }

    address_and_code_decline(world) {
        let (id, code) = world.mailed("lea@hollin.example").await;
        let pair = json!({"address": "lea@hollin.example", "code": code.letters()});
        world.nobody().post("/api/v1/invitations/refusal", pair).await.is(204);
        let state = world.owner.get(&format!("/api/v1/workspaces/hollin-ash/invitations/{id}")).await.json();
        assert_eq!(state["state"], "declined");
    }

    every_wrong_pair_answers_alike(world) {
        let (_, code) = world.mailed("lea@hollin.example").await;
        let mut answers = Vec::new();
        for pair in [
            json!({"address": "lea@hollin.example", "code": "BCDF-GHJK"}),
            json!({"address": "nobody@hollin.example", "code": code.letters()}),
            json!({"address": "no address", "code": "nothing"}),
        ] {
            answers.push(world.nobody().post(LOOKUP, pair).await.is(404).json());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        for half in [json!({}), json!({"code": "BCDF-GHJK"}), json!({"token": "x", "address": "a@b.example", "code": "y"})] {
            world.nobody().post(LOOKUP, half).await.is(422);
        }
    }

    a_client_that_guesses_waits_until_its_tries_are_an_hour_old(world) {
        let (_, code) = world.mailed("lea@hollin.example").await;
        for n in 0..20 {
            let pair = json!({"address": format!("a{n}@hollin.example"), "code": "BCDF-GHJK"});
            world.nobody().post(LOOKUP, pair).await.is(404);
        }
        let right = json!({"address": "lea@hollin.example", "code": code.letters()});
        let late = world.nobody().post(LOOKUP, right.clone()).await.is(429);
        assert_eq!(late.header("retry-after"), "3600", "not the end of the clock's hour");
        let form = [("address", "lea@hollin.example"), ("code", "BCDF-GHJK")];
        assert!(world.nobody().form("/join/code", &form).await.is(429).text.contains("60 minutes"));
        world.pass(std::time::Duration::from_hours(1));
        world.nobody().post(LOOKUP, right).await.is(200);
    }

    the_page_takes_address_and_code_and_leads_to_the_invitation(world) {
        let (_, code) = world.mailed("lea@hollin.example").await;
        let lea = world.nobody();
        assert!(lea.get("/join").await.is(200).text.contains("Type the code from your mail"));
        assert!(lea.get("/sign-in").await.is(200).text.contains("href=\"/join\""));
        let wrong = lea.form("/join/code", &[("address", "lea@hollin.example"), ("code", "BCDF-GHJK")]).await.is(422).text;
        assert!(wrong.contains("lea@hollin.example") && wrong.contains("do not belong together"), "{wrong}");
        assert!(lea.cookie("muster-join").is_none());
        let shown = code.reveal();
        let typed = lea.form("/join/code", &[("address", "lea@hollin.example"), ("code", shown.as_str())]).await.is(303);
        assert_eq!(typed.header("location"), "/join");
        assert!(!lea.cookie("muster-join").unwrap().contains(code.letters()), "the code is in no cookie");
        assert!(lea.get("/join").await.is(200).text.contains("Join Hollin"));
        let joined = lea.form("/join/acceptance", &[("name", "Lea"), ("password", crate::kit::PASSWORD)]).await.is(303);
        assert_eq!(joined.header("location"), "/w/hollin-ash");
    }
}
