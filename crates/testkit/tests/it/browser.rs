//! The browser, on pages that need no server.

use std::process::Command;
use testkit::browser::{Browser, Look};
use thirtyfour::By;
use thirtyfour::error::WebDriverResult;

/// A page of this HTML under a strict content security policy.
fn page(body: &str) -> String {
    let policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">";
    format!("data:text/html,<!doctype html><html lang=en><title>t</title>{policy}{body}").replace('#', "%23")
}

async fn evaluate(browser: &Browser, expression: &str) -> WebDriverResult<String> {
    Ok(browser
        .execute(format!("return String({expression})"), Vec::new())
        .await?
        .json()
        .as_str()
        .unwrap_or_default()
        .to_owned())
}

#[tokio::test]
async fn a_page_is_opened_and_drawn() {
    let browser = Browser::start().await.unwrap();
    browser.goto(page("<h1>Hello</h1>")).await.unwrap();
    assert_eq!(browser.find(By::Tag("h1")).await.unwrap().text().await.unwrap(), "Hello");
    assert_eq!(evaluate(&browser, "innerWidth + 'x' + innerHeight").await.unwrap(), "1280x900");
    let folder = tempfile::tempdir().unwrap();
    browser.screenshot(folder.path().join("page.png")).await.unwrap();
    assert!(std::fs::read(folder.path().join("page.png")).unwrap().starts_with(b"\x89PNG"));
    assert_eq!(browser.complaints().await.unwrap(), Vec::<String>::new());
    browser.close().await.unwrap();
}

#[tokio::test]
async fn what_the_policy_forbids_is_a_complaint_even_after_leaving_the_page() {
    let browser = Browser::start().await.unwrap();
    browser.goto(page("<p style='color:red'>Hello</p>")).await.unwrap();
    browser.goto(page("<p>Bye</p>")).await.unwrap();
    let complaints = browser.complaints().await.unwrap();
    assert!(complaints.iter().any(|complaint| complaint.contains("style-src")), "{complaints:?}");
    browser.close().await.unwrap();
}

/// Installed with the front end's packages: `cargo xtask assets`.
const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/front/node_modules/axe-core/axe.min.js");

#[tokio::test]
async fn axe_finds_the_picture_without_words_and_nothing_on_a_good_page() {
    let browser = Browser::start().await.unwrap();
    browser.goto(page("<main><h1>Hello</h1><img src=x.png></main>")).await.unwrap();
    let found = browser.axe(AXE).await.unwrap();
    assert_eq!(found.iter().map(|violation| violation.rule.as_str()).collect::<Vec<_>>(), ["image-alt"]);
    assert_eq!(found[0].elements, ["img"]);
    browser.goto(page("<main><h1>Hello</h1></main>")).await.unwrap();
    assert_eq!(browser.axe(AXE).await.unwrap(), []);
    browser.close().await.unwrap();
}

#[tokio::test]
async fn a_dark_phone_without_scripts_is_one() {
    let browser = Browser::with(Look::phone().dark().without_scripts()).await.unwrap();
    browser.goto("data:text/html,<!doctype html><meta name=viewport content=width=device-width><script>document.title='ran'</script>").await.unwrap();
    assert_eq!(browser.title().await.unwrap(), "");
    assert_eq!(evaluate(&browser, "innerWidth").await.unwrap(), "390");
    assert_eq!(evaluate(&browser, "matchMedia('(prefers-color-scheme: dark)').matches").await.unwrap(), "true");
    assert_eq!(evaluate(&browser, "matchMedia('(pointer: coarse)').matches").await.unwrap(), "true");
    browser.close().await.unwrap();
}

#[tokio::test]
async fn a_browser_that_is_dropped_leaves_nothing_behind() {
    let browser = Browser::start().await.unwrap();
    let folder = browser.folder().to_owned();
    drop(browser);
    assert!(!folder.exists());
    let still_running = Command::new("pgrep").arg("--full").arg(&folder).output().unwrap();
    assert_eq!(String::from_utf8(still_running.stdout).unwrap(), "");
}
