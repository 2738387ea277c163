//! What open pages hear.

use domain::access::Role;
use serde_json::json;

use crate::{kit::Listener, on_both_engines};

const EVENTS: &str = "/w/hollin-ash/events";
const MEMBERS: &str = "/api/v1/workspaces/hollin-ash/members";

/// A stream that has begun.
async fn begun(mut listener: Listener) -> Listener {
    listener.hears("open").await;
    listener
}

on_both_engines! {
    a_page_hears_what_changes_by_id_alone(world) {
        let mut ann = begun(world.member("lena", Role::Admin).await.0.listen(EVENTS, None).await).await;
        let invitation = world.invitation("kim@hollin.example", Role::Tester).await;
        let heard = ann.hears_of("invitation", &invitation.to_string()).await;
        assert!(!heard.text.contains("hollin"), "{}", heard.text);
        let made = json!({"key": "APP", "name": "App"});
        let project = world.owner.post("/api/v1/workspaces/hollin-ash/projects", made).await.is(201).json();
        ann.hears_of("project", project["id"].as_str().unwrap()).await;
        let (_, member) = world.member("bo", Role::Tester).await;
        ann.hears_of("member", &member).await;
        let bot = json!({"name": "CI", "role": "tester"});
        let bot = world.owner.post("/api/v1/workspaces/hollin-ash/service-accounts", bot).await.is(201).json();
        ann.hears_of("service_account", bot["id"].as_str().unwrap()).await;
        world.owner.post("/api/v1/workspaces/hollin-ash/mail/pause", json!({})).await.is(204);
        ann.hears_of("workspace", &world.workspace.to_string()).await;
    }

    a_pause_of_the_whole_servers_mail_reaches_the_pages_that_show_it(world) {
        let mut ann = begun(world.member("lena", Role::Admin).await.0.listen(EVENTS, None).await).await;
        let mut tester = begun(world.member("tess", Role::Tester).await.0.listen(EVENTS, None).await).await;
        world.owner.post("/api/v1/operator/mail/pause", json!({})).await.is(204);
        ann.hears_of("mail_channel", "mail_channel").await;
        world.member("bo", Role::Tester).await;
        assert_eq!(tester.next().await.unwrap().name, "member", "who invites nobody has no such notice");
    }

    a_stream_ends_when_the_member_is_deactivated_and_stays_shut(world) {
        let (lena, id) = world.member("lena", Role::Admin).await;
        let mut stream = begun(lena.listen(EVENTS, None).await).await;
        world.owner.post(&format!("{MEMBERS}/{id}/deactivation"), json!({})).await.is(204);
        stream.hears("over").await;
        assert_eq!(stream.next().await, None);
        lena.get(EVENTS).await.is(404);
    }

    a_stream_ends_when_its_session_does(world) {
        let (lena, _) = world.member("lena", Role::Admin).await;
        let mut stream = begun(lena.listen(EVENTS, None).await).await;
        lena.form("/sign-out", &[]).await.is(303);
        stream.hears("over").await;
        assert_eq!(stream.next().await, None);
    }

    a_stream_that_comes_back_hears_what_it_missed_and_after_a_restart_reads_anew(world) {
        let (lena, _) = world.member("lena", Role::Admin).await;
        let mut stream = lena.listen(EVENTS, None).await;
        let open = stream.hears("open").await;
        let first = world.invitation("kim@hollin.example", Role::Tester).await;
        stream.hears_of("invitation", &first.to_string()).await;
        drop(stream);
        let second = world.invitation("bo@hollin.example", Role::Tester).await;
        let mut again = lena.listen(EVENTS, Some(&open.id)).await;
        assert_eq!(again.next().await.unwrap().name, "open");
        again.hears_of("invitation", &first.to_string()).await;
        again.hears_of("invitation", &second.to_string()).await;
        let mut elsewhere = lena.listen(EVENTS, Some("0a0b0c-3")).await;
        assert_eq!(elsewhere.next().await.unwrap().name, "reset");
    }

    nobody_hears_of_what_his_pages_do_not_show(world) {
        let (gus, id) = world.member("gus", Role::Guest).await;
        let mut guest = begun(gus.listen(EVENTS, None).await).await;
        let mut tester = begun(world.member("tess", Role::Tester).await.0.listen(EVENTS, None).await).await;
        world.private_project("HID", "Hidden").await;
        world.invitation("kim@hollin.example", Role::Tester).await;
        let (_, lena) = world.member("lena", Role::Tester).await;
        loop {
            let heard = tester.next().await.unwrap();
            assert_eq!(heard.name, "member", "{heard:?}");
            if heard.data == lena {
                break;
            }
        }
        world.owner.post(&format!("{MEMBERS}/{id}/deactivation"), json!({})).await.is(204);
        assert_eq!(guest.next().await.unwrap().name, "over");
    }

    one_person_holds_so_many_streams_and_no_more(world) {
        let (lena, _) = world.member("lena", Role::Admin).await;
        let mut open = Vec::new();
        for _ in 0..12 {
            open.push(lena.listen(EVENTS, None).await);
        }
        assert_eq!(lena.get(EVENTS).await.is(429).header("retry-after"), "30");
        open.pop();
        lena.get(EVENTS).await.is(200);
    }
}
