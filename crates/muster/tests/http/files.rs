//! Files on cases, from the outside.

use http::Method;
use serde_json::{Value, json};

use crate::{
    kit::{Actor, Answer, World},
    on_both_engines,
};

const CASES: &str = "/api/v1/workspaces/hollin-ash/projects/WEB/cases";
const FILES: &str = "/api/v1/workspaces/hollin-ash/projects/WEB/attachments";
const GIF: &str = "GIF89a\u{1}\0\u{1}\0\0\0\0;";

async fn upload(actor: &Actor, path: &str, name: &str, body: &str) -> Answer {
    let kind = [("content-type", "application/octet-stream")];
    actor.send(Method::POST, &format!("{path}?name={name}"), Some(body.to_owned()), &kind).await
}

async fn case(world: &World) -> String {
    let case = world.owner.post(CASES, json!({"title": "Redeem"})).await.is(201).json();
    format!("{CASES}/{}/attachments", case["number"])
}

fn id(file: &Value) -> &str {
    file["id"].as_str().unwrap()
}

on_both_engines! {
    a_picture_is_shown_and_everything_else_is_saved_in_a_sandbox(world) {
        let on = case(&world).await;
        let shot = upload(&world.owner, &on, "shot.gif", GIF).await.is(201).json();
        assert_eq!((&shot["kind"], &shot["picture"], &shot["size"]), (&json!("image/gif"), &json!(true), &json!(GIF.len())));
        let shown = world.owner.get(&format!("{FILES}/{}/content", id(&shot))).await.is(200);
        assert_eq!((shown.text.as_str(), shown.header("content-type")), (GIF, "image/gif"));
        assert!(shown.header("content-disposition").starts_with("inline;"));
        let known = [("if-none-match", shown.header("etag"))];
        world.owner.send(Method::GET, &format!("{FILES}/{}/content", id(&shot)), None, &known).await.is(304);
        for (name, body) in [("page", "<!doctype html><script>alert(1)</script>"), ("a.svg", "<svg onload='alert(1)'/>")] {
            let file = upload(&world.owner, &on, name, body).await.is(201).json();
            assert_eq!(file["picture"], false);
            let saved = world.owner.get(&format!("/w/hollin-ash/p/WEB/attachments/{}", id(&file))).await.is(200);
            assert_eq!((saved.text.as_str(), saved.header("content-type")), (body, "application/octet-stream"));
            assert!(saved.header("content-disposition").starts_with("attachment;"), "{name}");
            assert_eq!(saved.header("content-security-policy"), "default-src 'none'; sandbox");
            assert_eq!(saved.header("x-content-type-options"), "nosniff");
        }
    }

    what_lies_or_is_too_large_is_refused_in_words_and_leaves_nothing(world) {
        let on = case(&world).await;
        let lie = upload(&world.owner, &on, "shot.png", "<html><script>alert(1)</script>").await.is(422);
        assert_eq!(lie.json()["errors"][0]["code"], "wrong_type");
        assert!(lie.json()["detail"].as_str().unwrap().contains("shot.png is called a PNG file"), "{}", lie.text);
        let large = "x".repeat(25_000_001);
        let refused = upload(&world.owner, &on, "a.log", &large).await.is(413);
        assert_eq!(refused.code(), "file_too_large");
        assert!(refused.json()["detail"].as_str().unwrap().contains("25 MB"), "{}", refused.text);
        upload(&world.owner, &on, "a.log", "").await.is(422);
        assert_eq!(world.owner.get(&on).await.is(200).json()["items"], json!([]));
        world.bodies_come_to(0).await;
    }

    a_file_is_listed_taken_off_and_put_back(world) {
        let on = case(&world).await;
        let file = upload(&world.owner, &on, "basket%20log.txt", "GET /basket 200").await.is(201).json();
        let listed = || async { world.owner.get(&on).await.is(200).json()["items"].clone() };
        assert_eq!(listed().await[0]["name"], "basket log.txt");
        let path = format!("{FILES}/{}", id(&file));
        world.owner.delete(&path).await.is(204);
        assert_eq!(listed().await, json!([]));
        assert!(world.owner.get(&path).await.is(200).json()["removed_at"].is_string());
        world.owner.post(&format!("{path}/restoration"), json!({})).await.is(200);
        assert_eq!(listed().await[0]["id"], file["id"]);
    }

    a_form_brings_several_files_and_the_page_lists_them(world) {
        case(&world).await;
        let page = "/w/hollin-ash/p/WEB/cases/1";
        let part = |name: &str, body: &str| {
            format!("--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{body}\r\n")
        };
        let send = |body: String| {
            let kind = [("content-type", "multipart/form-data; boundary=xx"), ("sec-fetch-site", "same-origin")];
            let world = &world;
            async move { world.owner.send(Method::POST, &format!("{page}/attachments"), Some(body), &kind).await }
        };
        let two = format!("{}{}--xx--\r\n", part("shot.gif", GIF), part("a --xx.log", "one\r\n--x\r\ntwo"));
        assert_eq!(send(two).await.is(303).header("location"), page);
        let shown = world.owner.get(page).await.is(200).text;
        assert!(shown.contains("shot.gif") && shown.contains("a --xx.log"), "{shown}");
        let wrong = send(format!("{}--xx--\r\n", part("shot.png", "no picture"))).await.is(422).text;
        assert!(wrong.contains("shot.png is called a PNG file"), "{wrong}");
        let none = send(format!("{}--xx--\r\n", part("", ""))).await.is(422).text;
        assert!(none.contains("Choose a file."), "{none}");
        send(part("half.log", "that breaks o")).await.is(409);
        world.bodies_come_to(2).await;
    }

    a_picture_in_a_text_is_shown_on_the_page(world) {
        let shot = upload(&world.owner, FILES, "shot.gif", GIF).await.is(201).json();
        let text = format!("As in ![the basket]({})", id(&shot));
        let case = world.owner.post(CASES, json!({"title": "Redeem", "description": text})).await.is(201).json();
        let page = world.owner.get(&format!("/w/hollin-ash/p/WEB/cases/{}", case["number"])).await.is(200).text;
        let src = format!("src=\"/w/hollin-ash/p/WEB/attachments/{}\"", id(&shot));
        assert!(page.contains(&format!("<img {src} alt=\"the basket\"")), "{page}");
        let on = world.owner.get(&format!("{CASES}/{}/attachments", case["number"])).await.is(200).json();
        assert_eq!(on["items"][0]["id"], shot["id"], "the file hangs on the case that shows it");
        let preview = "/api/v1/workspaces/hollin-ash/projects/WEB/markdown";
        let preview = world.owner.post(preview, json!({"text": text})).await.is(200).json();
        assert!(preview["html"].as_str().unwrap().contains(&src), "{preview}");
    }

    a_repeated_upload_with_its_key_is_one_file(world) {
        let on = case(&world).await;
        let send = |body: &'static str| {
            let (on, world) = (format!("{on}?name=a.log"), &world);
            async move { world.owner.send(Method::POST, &on, Some(body.to_owned()), &[("idempotency-key", "one")]).await }
        };
        let first = send("one").await.is(201).json();
        assert_eq!(send("one").await.is(201).json()["id"], first["id"]);
        assert_eq!(send("another").await.is(422).code(), "key_reused");
    }

    a_file_of_a_private_project_is_unknown_to_others(world) {
        let projects = "/api/v1/workspaces/hollin-ash/projects";
        world.owner.post(projects, json!({"name": "Secret", "key": "SEC", "private": true})).await.is(201);
        let file = upload(&world.owner, &format!("{projects}/SEC/attachments"), "a.gif", GIF).await.is(201).json();
        let tester = world.member("tess", domain::access::Role::Tester).await.0;
        for project in ["SEC", "WEB"] {
            for path in [format!("{projects}/{project}/attachments/{}", id(&file)), format!("/w/hollin-ash/p/{project}/attachments/{}", id(&file))] {
                tester.get(&path).await.is(404);
            }
            tester.get(&format!("{projects}/{project}/attachments/{}/content", id(&file))).await.is(404);
            tester.delete(&format!("{projects}/{project}/attachments/{}", id(&file))).await.is(404);
        }
    }
}
