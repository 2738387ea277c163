//! The list of invitations on the page Users, the page of one, and what is done from there.

use std::time::Duration;

use domain::access::Role;

use crate::on_both_engines;

const USERS: &str = "/w/hollin-ash/settings/users";

on_both_engines! {
    the_list_is_narrowed_by_part_and_address(world) {
        let (admin, _) = world.member("adam", Role::Admin).await;
        world.invitation("lea@hollin.example", Role::Tester).await;
        world.invitation("max_a@hollin.example", Role::Tester).await;
        let page = async |query: &str| admin.get(&format!("{USERS}{query}")).await.is(200).text;
        let open = page("").await;
        assert!(open.contains("lea@hollin.example") && open.contains("max_a@hollin.example"), "{open}");
        let found = page("?q=MAX_").await;
        assert!(found.contains("max_a@") && !found.contains("lea@"), "{found}");
        assert!(page("?show=accepted").await.contains("adam@hollin.example"));
        assert!(page("?show=ended").await.contains("No invitation has ended"));
        assert!(page("?q=nobody%25").await.contains("No address holds"));
        world.pass(Duration::from_hours(24 * 12));
        let (admin, _) = world.member("eve", Role::Admin).await;
        let ended = admin.get(&format!("{USERS}?show=ended")).await.is(200).text;
        assert!(ended.contains("lea@hollin.example") && ended.contains("Resend to lea@hollin.example"), "{ended}");
    }

    a_button_stands_only_where_it_works(world) {
        let (lead, _) = world.member("max", Role::Manager).await;
        let id = world.invitation("lea@hollin.example", Role::Admin).await;
        let page = lead.get(&format!("/w/hollin-ash/invitations/{id}")).await.is(200).text;
        assert!(page.contains("lea@hollin.example"));
        for deed in ["resending", "editing", "correction", "revocation", "/link", "sponsorship"] {
            assert!(!page.contains(&format!("invitations/{id}{}", if deed == "/link" { "/link".into() } else { format!("/{deed}") })), "{deed}: {page}");
        }
        let (admin, _) = world.member("adam", Role::Admin).await;
        let page = admin.get(&format!("/w/hollin-ash/invitations/{id}")).await.is(200).text;
        for deed in ["resending", "editing", "correction", "revocation", "link"] {
            assert!(page.contains(&format!("invitations/{id}/{deed}")), "{deed}: {page}");
        }
        let held = world.invitation_on_hold(1).await;
        let page = admin.get(&format!("/w/hollin-ash/invitations/{held}")).await.is(200).text;
        assert!(page.contains(&format!("invitations/{held}/sponsorship")) && !page.contains(&format!("{held}/resending")), "{page}");
    }

    what_is_done_from_the_page_is_told_on_the_page_after_it(world) {
        let (admin, _) = world.member("adam", Role::Admin).await;
        let id = world.invitation("lea@hollin.exmaple", Role::Tester).await;
        let path = format!("/w/hollin-ash/invitations/{id}");
        let sent = admin.form(&format!("{path}/resending"), &[]).await.is(303);
        assert_eq!(sent.header("location"), path);
        assert!(admin.get(&path).await.is(200).text.contains("counts anew"));
        let form = admin.get(&format!("{path}/correction")).await.is(200).text;
        assert!(form.contains("value=\"lea@hollin.exmaple\""), "{form}");
        let wrong = admin.form(&format!("{path}/correction"), &[("address", "lea@hollin,example")]).await.is(422).text;
        assert!(wrong.contains("lea@hollin,example") && wrong.contains("Did you mean"), "{wrong}");
        let taken = admin.form(&format!("{path}/correction"), &[("address", "adam@hollin.example")]).await.is(422).text;
        assert!(taken.contains("has a member already"), "{taken}");
        let right = admin.form(&format!("{path}/correction"), &[("address", "lea@hollin.example")]).await.is(303);
        let successor = admin.get(right.header("location")).await.is(200).text;
        assert!(successor.contains("in place of lea@hollin.exmaple") && successor.contains(&path), "{successor}");
        admin.form(&format!("{path}/resending"), &[]).await.is(303);
        assert!(admin.get(&path).await.is(200).text.contains("Nothing changed"));
    }

    t5_the_form_shows_what_stands_and_what_was_typed_with_what_is_wrong(world) {
        let (admin, _) = world.member("adam", Role::Admin).await;
        let id = world.invitation("lea@hollin.example", Role::Manager).await;
        let page = format!("/w/hollin-ash/invitations/{id}");
        assert!(admin.get(&page).await.is(200).text.contains(&format!("{page}/editing")));
        let path = format!("{page}/editing");
        let form = admin.get(&path).await.is(200).text;
        assert!(form.contains("<option value=\"manager\" selected>") && form.contains("value=\"all\" checked"), "{form}");
        let wrong = [("role", "tester"), ("scope", "only"), ("expires_in_days", "900")];
        let wrong = admin.form(&path, &wrong).await.is(422).text;
        assert!(wrong.contains("Choose at least one project") && wrong.contains("value=\"900\""), "{wrong}");
        let right = [("role", "tester"), ("scope", "only"), ("project", "WEB"), ("expires_in_days", "9")];
        assert_eq!(admin.form(&path, &right).await.is(303).header("location"), page);
        let told = admin.get(&page).await.is(200).text;
        assert!(told.contains("lea@hollin.example is changed") && told.contains("WEB"), "{told}");
        let form = admin.get(&path).await.is(200).text;
        assert!(form.contains("value=\"only\" checked") && form.contains("<option value=\"WEB:tester\" selected>"), "{form}");
        admin.form(&format!("{page}/revocation"), &[]).await.is(303);
        let late = admin.form(&path, &right).await.is(422).text;
        assert!(late.contains("not open any more") && late.contains("Nothing changed"), "{late}");
        let (reader, _) = world.member("rea", Role::Tester).await;
        reader.get(&path).await.is(403);
    }

    many_at_once_are_acted_on_each_and_named_each(world) {
        let (lead, _) = world.member("max", Role::Manager).await;
        let own = [("recipients", "a@hollin.example, b@hollin.example"), ("role", "tester"), ("scope", "all")];
        lead.form("/w/hollin-ash/invitations", &own).await.is(303);
        let above = world.invitation("c@hollin.example", Role::Admin).await.to_string();
        let open = world.owner.get("/api/v1/workspaces/hollin-ash/invitations?state=open").await.json();
        let ids: Vec<String> = open["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
        assert!(ids.len() == 3 && ids.contains(&above));
        let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
        fields.extend([("key", "once"), ("show", "open"), ("id", "inv_unknown")]);
        let sent = lead.form("/w/hollin-ash/invitations/resending", &fields).await.is(303);
        let told = lead.get(sent.header("location")).await.is(200).text;
        assert!(told.contains("2 sent again, 1 kept as they were"), "{told}");
        let first = lead.form("/w/hollin-ash/invitations/resending", &fields).await.is(303);
        assert_eq!(first.header("location"), sent.header("location"), "a second click is the same request");
        let resent = world.app.read(|db, _| {
            Ok(db.all::<db::Row>(db::sql!("SELECT id FROM event WHERE what = 'invitation.resent'"))?.len())
        });
        assert_eq!(resent.await.unwrap(), 2);
        fields.retain(|(name, _)| *name != "key");
        fields.push(("key", "twice"));
        let revoked = lead.form("/w/hollin-ash/invitations/revocation", &fields).await.is(303);
        assert!(lead.get(revoked.header("location")).await.text.contains("2 revoked, 1 kept as they were"));
        let none = lead.form("/w/hollin-ash/invitations/revocation", &[("key", "none")]).await.is(303);
        assert!(lead.get(none.header("location")).await.text.contains("Nothing was selected"));
    }

    the_page_of_one_is_for_its_inviter_and_those_who_invite(world) {
        let (tester, _) = world.member("tom", Role::Tester).await;
        let id = world.invitation("lea@hollin.example", Role::Tester).await;
        tester.get(&format!("/w/hollin-ash/invitations/{id}")).await.is(404);
        let other = world.owner.post("/api/v1/workspaces", serde_json::json!({"name": "Other"})).await.is(201).json();
        let there = world.with_key(other["api_key"].as_str().unwrap());
        there.get(&format!("/w/other/invitations/{id}")).await.is(404);
    }
}
