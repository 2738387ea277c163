//! Somebody at a browser, who reads words, clicks and types.

use std::{cell::Cell, ops::Deref, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use testkit::browser::{Browser, Look};
use thirtyfour::{Key, TypingData, WebElement, error::WebDriverErrorInner};

use super::{page, server::PASSWORD, waiting::wait};

/// Installed with the front end's packages.
const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/front/node_modules/axe-core/axe.min.js");

/// Somebody at a browser of their own.
pub struct Person {
    browser: Browser,
    look: Look,
    clicks: Cell<u32>,
}

impl Deref for Person {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Person {
    /// Sits down at a desktop.
    pub async fn new() -> Result<Self> {
        Self::with(Look::desktop()).await
    }

    /// Sits down at something that looks so.
    pub async fn with(look: Look) -> Result<Self> {
        let browser = Browser::with(look).await?;
        let allowed = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        browser.cdp().send_raw("Browser.grantPermissions", allowed).await?;
        Ok(Self { browser, look, clicks: Cell::new(0) })
    }

    /// How often the person has clicked.
    pub fn clicks(&self) -> u32 {
        self.clicks.get()
    }

    /// Types an address into the bar.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.browser.goto(url).await.with_context(|| format!("opening {url}"))
    }

    /// Clicks the link or button with these words.
    pub async fn click(&self, words: &str) -> Result<()> {
        let click = async |element: WebElement| element.click().await;
        self.on(page::CLICKABLE, words, click).await.with_context(|| format!("clicking {words:?}"))?;
        self.clicks.set(self.clicks.get() + 1);
        Ok(())
    }

    /// Types into the field with this label, in place of what stood there.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let fill = async |element: WebElement| {
            element.clear().await?;
            element.send_keys(text).await
        };
        self.on(page::FIELD, label, fill).await.with_context(|| format!("filling in {label:?}"))
    }

    /// Chooses in the list with this label.
    pub async fn choose(&self, label: &str, option: &str) -> Result<()> {
        let choose = async |element: WebElement| element.send_keys(option).await;
        self.on(page::FIELD, label, choose).await.with_context(|| format!("choosing {option:?} as {label:?}"))?;
        self.has_chosen(label, option).await
    }

    /// Pastes a text where the cursor is, as from another window.
    pub async fn paste(&self, text: &str) -> Result<()> {
        let copy = "const done = arguments[1]; navigator.clipboard.writeText(arguments[0]).then(() => done(''), (e) => done(String(e)))";
        let copied = self.browser.execute_async(copy, vec![json!(text)]).await?;
        ensure!(copied.json() == "", "the clipboard is closed: {}", copied.json());
        self.press(Key::Control + "v").await
    }

    /// Presses keys, wherever the focus is; while that is on its way from a dialog that closes, waits for it.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        let keys = keys.into().to_string();
        let pressed = wait(async || match self.browser.active_element().await?.send_keys(keys.as_str()).await {
            Err(error) if matches!(*error, WebDriverErrorInner::ElementNotInteractable(_)) => Ok(None),
            pressed => Ok(Some(pressed?)),
        });
        pressed.await.context("pressing keys")
    }

    /// Goes on by Tab. Keys sent to a field for files would be taken for the name of one, so these go to the page.
    pub async fn tab(&self) -> Result<()> {
        self.browser.action_chain().send_keys(Key::Tab).perform().await.context("pressing Tab")
    }

    /// Whether something with these words can be clicked now. To say that it cannot, wait for something else first.
    pub async fn may_click(&self, words: &str) -> Result<bool> {
        Ok(!self.browser.execute(page::CLICKABLE, vec![json!(words)]).await?.json().is_null())
    }

    /// All text that is shown; while a dialog is open, its text alone.
    pub async fn text(&self) -> Result<String> {
        let text = self.browser.execute(page::TEXT, Vec::new()).await?;
        Ok(text.json().as_str().unwrap_or_default().to_owned())
    }

    /// The page is accessible, fits its window and breaks no rule of the content security policy.
    pub async fn finds_nothing_wrong(&self, name: &str) -> Result<()> {
        let rests = async || Ok(self.browser.execute(page::RESTS, Vec::new()).await?.json().as_bool().filter(|&it| it));
        wait(rests).await.context("the page does not come to rest")?;
        if let Some(folder) = std::env::var_os("MUSTER_SCREENSHOTS") {
            self.browser.screenshot(PathBuf::from(folder).join(format!("{name}.png"))).await?;
        }
        let broken = self.broken_rules().await?;
        ensure!(broken.is_empty(), "{name}: {broken:#?}");
        let outside = self.browser.execute(page::OVERFLOW, Vec::new()).await?.json().clone();
        ensure!(outside == json!([]), "{name} scrolls sideways: {outside}");
        self.has_no_complaints(name).await
    }

    /// Nothing is wrong with the page, and where pictures are taken neither by night nor on a phone.
    pub async fn looks_well(&self, name: &str) -> Result<()> {
        if std::env::var_os("MUSTER_SCREENSHOTS").is_some() {
            for (look, kind) in [(self.look.dark(), "dark"), (Look::phone(), "phone")] {
                self.browser.look(look).await?;
                self.finds_nothing_wrong(&format!("{name}-{kind}")).await?;
            }
            self.browser.look(self.look).await?;
        }
        self.finds_nothing_wrong(name).await
    }

    /// The rules of accessibility that the page breaks. They are checked by a script, which runs where the page's own do not.
    async fn broken_rules(&self) -> Result<Vec<String>> {
        let scripts = async |on: bool| {
            self.browser.cdp().send_raw("Emulation.setScriptExecutionDisabled", json!({ "value": !on })).await
        };
        scripts(true).await?;
        let broken = self.browser.axe(AXE).await?;
        scripts(self.look.has_scripts()).await?;
        Ok(broken.iter().map(ToString::to_string).collect())
    }

    /// Nothing was refused by the policy, no script has failed and nothing was missing. A form that comes back with
    /// its faults is no complaint, but asking for what is only an answer (405) is.
    pub async fn has_no_complaints(&self, name: &str) -> Result<()> {
        let complaints = self.browser.complaints().await?;
        let complaints: Vec<_> = complaints
            .into_iter()
            .filter(|line| !line.contains("status of 4") || line.contains("status of 405"))
            .collect();
        ensure!(complaints.is_empty(), "{name}: {complaints:#?}");
        Ok(())
    }

    /// Signs in with everybody's password.
    pub async fn signs_in(&self, url: &str, address: &str) -> Result<()> {
        self.open(url).await?;
        self.fill("E-mail", address).await?;
        self.fill("Password", PASSWORD).await?;
        self.click("Sign in").await
    }

    /// Leaves in good order.
    pub async fn leaves(self) -> Result<()> {
        self.has_no_complaints("the journey").await?;
        self.browser.close().await
    }

    /// Waits for an element and does something with it, again if the page changes under the hand.
    async fn on<F>(&self, script: &str, words: &str, act: impl Fn(WebElement) -> F) -> Result<()>
    where
        F: Future<Output = thirtyfour::error::WebDriverResult<()>>,
    {
        let mut last = None;
        let done = wait(async || {
            let acted = match self.find_by(script, words).await {
                Ok(element) => act(element).await.map_err(anyhow::Error::from),
                Err(error) => Err(error),
            };
            last = acted.err();
            Ok(last.is_none().then_some(()))
        });
        match (done.await, last) {
            (Err(_), Some(why)) => bail!("{why:#}; the page shows:\n{}", self.text().await?),
            (done, _) => done,
        }
    }

    pub(super) async fn find_by(&self, script: &str, words: &str) -> Result<WebElement> {
        let found = self.browser.execute(script, vec![json!(words)]).await?;
        found.element().with_context(|| format!("nothing is called {words:?}"))
    }
}
