//! The mail of a workspace, and the mail server as operators set it.

use serde_json::json;
use testkit::smtp::{Peer, Reply, Script, Stage};

use crate::on_both_engines;

const MAIL: &str = "/api/v1/workspaces/hollin-ash/mail";
const OPERATOR: &str = "/api/v1/operator/mail";

fn server(port: u16, more: &serde_json::Value) -> serde_json::Value {
    let mut body = json!({
        "host": "127.0.0.1", "port": port, "tls": "none", "from_address": "muster@hollin.example", "from_name": "Muster",
        "own_network": true,
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

on_both_engines! {
    without_a_mail_server_the_channel_is_off(world) {
        let mail = world.owner.get(MAIL).await.is(200).json();
        assert_eq!(mail["channel"]["state"], "off");
        assert_eq!((&mail["paused"], &mail["waiting"], &mail["items"]), (&json!(null), &json!(0), &json!([])));
        assert_eq!(world.owner.get(OPERATOR).await.is(200).json()["server"], json!(null));
    }

    an_operator_sets_the_mail_server_and_the_password_is_never_shown(world) {
        let set = server(2525, &json!({"user": "muster", "password": "open sesame", "tls": "starttls"}));
        let put = world.owner.json(http::Method::PUT, OPERATOR, set).await;
        let shown = put.is(200).json();
        assert_eq!(shown["server"], json!({
            "host": "127.0.0.1", "port": 2525, "tls": "starttls", "user": "muster", "has_password": true,
            "from_address": "muster@hollin.example", "from_name": "Muster", "own_network": true,
        }));
        assert_eq!(world.owner.get(MAIL).await.is(200).json()["channel"]["state"], "flowing");
        let page = world.member("op", domain::access::Role::Tester).await.0.get("/operator/mail").await;
        page.is(403);
        world.owner.delete(OPERATOR).await.is(204);
        assert_eq!(world.owner.get(MAIL).await.is(200).json()["channel"]["state"], "off");
    }

    a_password_left_out_stays_but_is_not_sent_to_another_server(world) {
        let with = server(2525, &json!({"user": "muster", "password": "open sesame"}));
        world.owner.json(http::Method::PUT, OPERATOR, with).await.is(200);
        let same = server(2525, &json!({"user": "muster", "from_name": "Tests"}));
        let kept = world.owner.json(http::Method::PUT, OPERATOR, same).await.is(200).json();
        assert_eq!((&kept["server"]["has_password"], &kept["server"]["from_name"]), (&json!(true), &json!("Tests")));
        for elsewhere in [server(25, &json!({"user": "muster"})), server(2525, &json!({"user": "ann"}))] {
            let refused = world.owner.json(http::Method::PUT, OPERATOR, elsewhere).await.is(422).json();
            assert_eq!(refused["errors"][0]["field"], "password");
        }
    }

    what_is_wrong_with_a_mail_server_is_told_field_by_field(world) {
        let wrong = json!({"host": "smtp://x", "tls": "maybe", "password": "p", "from_address": "nobody"});
        let told = world.owner.json(http::Method::PUT, OPERATOR, wrong).await.is(422).json();
        let fields: Vec<_> = told["errors"].as_array().unwrap().iter().map(|bad| bad["field"].as_str().unwrap()).collect();
        assert_eq!(fields, ["host", "tls", "user", "from_address"]);
    }

    a_test_letter_shows_the_whole_conversation_and_hides_the_password(world) {
        let peer = Peer::start(Script::accepting()).await;
        let set = server(peer.port(), &json!({"user": "muster", "password": "open sesame"}));
        world.owner.json(http::Method::PUT, OPERATOR, set).await.is(200);
        let answer = world.owner.post(&format!("{OPERATOR}/test"), json!({})).await.is(200);
        let told = answer.json();
        assert_eq!((&told["sent"], &told["to"], &told["advice"]), (&json!(true), &json!("ann@hollin.example"), &json!(null)));
        let lines = told["transcript"].as_array().unwrap();
        assert!(lines.contains(&json!("C: AUTH PLAIN ***")) && lines.contains(&json!("C: QUIT")), "{lines:?}");
        assert!(!answer.text.contains("sesame") && !answer.text.contains("b3BlbiBzZXNhbWU"));
        assert_eq!(peer.mails()[0].to, ["ann@hollin.example"]);
    }

    a_test_letter_that_fails_says_what_to_do(world) {
        let peer = Peer::start(Script::accepting().at(Stage::Auth, Reply::refuse(535, "5.7.8 wrong"))).await;
        let set = server(peer.port(), &json!({"user": "muster", "password": "open sesame"}));
        world.owner.json(http::Method::PUT, OPERATOR, set).await.is(200);
        let told = world.owner.post(&format!("{OPERATOR}/test"), json!({})).await.is(200).json();
        assert_eq!((&told["sent"], &told["words"]), (&json!(false), &json!("AUTH: 535 5.7.8 wrong")));
        assert!(told["advice"].as_str().unwrap().contains("app password"));
        let last = told["transcript"].as_array().unwrap().last().unwrap();
        assert_eq!(last, "S: 535 5.7.8 wrong");
    }

    private_addresses_are_spoken_to_only_where_the_operator_says_so(world) {
        let peer = Peer::start(Script::accepting()).await;
        let set = server(peer.port(), &json!({"own_network": false}));
        world.owner.json(http::Method::PUT, OPERATOR, set).await.is(200);
        let told = world.owner.post(&format!("{OPERATOR}/test"), json!({})).await.is(200).json();
        assert!(told["words"].as_str().unwrap().contains("127.0.0.1 is no address of the public internet"), "{told}");
        assert!(told["advice"].as_str().unwrap().contains("own network"));
        assert_eq!((peer.connections(), &told["transcript"]), (0, &json!([])));
    }

    a_test_letter_needs_a_mail_server(world) {
        let refused = world.owner.post(&format!("{OPERATOR}/test"), json!({})).await.is(409).json();
        assert_eq!(refused["code"], "no_mail_server");
    }

    a_paused_workspace_keeps_what_it_sends_queued(world) {
        world.owner.json(http::Method::PUT, OPERATOR, server(2525, &json!({}))).await.is(200);
        world.owner.post(&format!("{MAIL}/pause"), json!({})).await.is(204);
        world.owner.post(&format!("{MAIL}/pause"), json!({})).await.is(204);
        let batch = json!({"recipients": "ruth@hollin.example", "role": "tester"});
        world.owner.post("/api/v1/workspaces/hollin-ash/invitations", batch).await.is(201);
        let mail = world.owner.get(MAIL).await.is(200).json();
        assert_eq!((&mail["paused"]["by"], &mail["waiting"]), (&json!("Ann Keller"), &json!(1)));
        let row = &mail["items"][0];
        assert_eq!((&row["address"], &row["state"], &row["attempts"]), (&json!("ruth@hollin.example"), &json!("queued"), &json!(0)));
        let browser = world.owners_browser().await;
        let users = browser.get("/w/hollin-ash/settings/users").await.is(200).text.clone();
        assert!(users.contains("Ann Keller paused the mail of this workspace") && users.contains("Queued"), "{users}");
        assert!(browser.get("/w/hollin-ash/settings/mail").await.is(200).text.contains("Resume mail"));
        world.owner.delete(&format!("{MAIL}/pause")).await.is(204);
        assert_eq!(world.owner.get(MAIL).await.is(200).json()["paused"], json!(null));
    }

    only_operators_read_the_mail_servers_words_and_end_its_own_pause(world) {
        world.owner.json(http::Method::PUT, OPERATOR, server(2525, &json!({}))).await.is(200);
        let system = domain::access::System::because("a test");
        let paused = world.app.write(None, move |tx, now| {
            Ok(store::channel::pause(tx, &system, "421 too many from rita@ash.example", now.at + domain::time::days(1), now.at)?)
        });
        paused.await.unwrap();
        let admin = world.member("admin", domain::access::Role::Admin).await.0;
        let seen = admin.get(MAIL).await.is(200).json();
        assert_eq!((&seen["channel"]["state"], &seen["channel"]["reason"]), (&json!("paused"), &json!(null)));
        admin.delete(&format!("{MAIL}/pause")).await.is(204);
        let seen = world.owner.get(MAIL).await.is(200).json();
        assert_eq!(seen["channel"]["reason"], "421 too many from rita@ash.example");
        world.owner.post(&format!("{OPERATOR}/probe"), json!({})).await.is(204);
        world.owner.delete(&format!("{MAIL}/pause")).await.is(204);
        assert_eq!(world.owner.get(MAIL).await.is(200).json()["channel"]["state"], "flowing");
        world.owner.post(&format!("{OPERATOR}/probe"), json!({})).await.is(409);
    }

    an_operator_pauses_and_resumes_all_mail(world) {
        world.owner.json(http::Method::PUT, OPERATOR, server(2525, &json!({}))).await.is(200);
        world.owner.post(&format!("{OPERATOR}/pause"), json!({})).await.is(204);
        let seen = world.owner.get(OPERATOR).await.is(200).json();
        assert_eq!((&seen["channel"]["state"], &seen["channel"]["by_itself"]), (&json!("paused"), &json!(false)));
        // A pause of the operators' is not ended from within a workspace.
        world.owner.delete(&format!("{MAIL}/pause")).await.is(204);
        assert_eq!(world.owner.get(OPERATOR).await.is(200).json()["channel"]["state"], "paused");
        world.owner.delete(&format!("{OPERATOR}/pause")).await.is(204);
        assert_eq!(world.owner.get(OPERATOR).await.is(200).json()["channel"]["state"], "flowing");
    }

    the_page_keeps_what_was_typed_but_never_the_password(world) {
        let browser = world.owners_browser().await;
        let fields = [("host", "smtp://x"), ("tls", "implicit"), ("user", "muster"), ("password", "open sesame"),
            ("from_address", "muster@hollin.example")];
        let wrong = browser.form("/operator/mail", &fields).await.is(422).text.clone();
        assert!(wrong.contains("value=\"smtp://x\"") && wrong.contains("without smtp://") && !wrong.contains("sesame"), "{wrong}");
        let right = [("host", "smtp.hollin.example"), ("tls", "implicit"), ("from_address", "muster@hollin.example")];
        browser.form("/operator/mail", &right).await.is(303);
        let page = browser.get("/operator/mail").await.is(200).text.clone();
        assert!(page.contains("Mail goes out by smtp.hollin.example") && page.contains("value=\"465\""), "{page}");
        browser.form("/operator/mail/pause", &[]).await.is(303);
        assert!(browser.get("/operator/mail").await.is(200).text.contains("Paused by an operator"));
        browser.form("/operator/mail/removal", &[]).await.is(303);
        browser.form("/operator/mail/test", &[]).await.is(409);
    }
}
