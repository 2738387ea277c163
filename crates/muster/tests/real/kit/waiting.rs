//! What somebody at a browser waits for. A page changes a moment after the click, so nothing is read only once.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use thirtyfour::WebElement;

use super::{Person, page};

const PATIENCE: Duration = Duration::from_secs(20);

impl Person {
    /// Waits until the page at this path is there; gives its heading.
    pub async fn arrives(&self, path: &str) -> Result<String> {
        let mut seen = Value::Null;
        let arrived = wait(async || {
            seen = self.execute(page::WHERE, Vec::new()).await?.json().clone();
            let here = seen[0].as_str().unwrap_or_default();
            Ok((here == path || here.split('?').next() == Some(path)).then(|| seen[1].clone()))
        });
        let heading = arrived.await.ok();
        let heading = heading.with_context(|| format!("waiting for {path}, but at {seen}"))?;
        Ok(heading.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until these words are shown.
    pub async fn sees(&self, words: &str) -> Result<()> {
        let seen = wait(async || Ok(self.text().await?.contains(words).then_some(()))).await;
        if seen.is_err() {
            bail!("{words:?} is not shown, but:\n{}", self.text().await?);
        }
        Ok(())
    }

    /// Waits until these words are shown no more.
    pub async fn loses(&self, words: &str) -> Result<()> {
        let lost = wait(async || Ok((!self.text().await?.contains(words)).then_some(())));
        lost.await.with_context(|| format!("{words:?} is still shown"))
    }

    /// Loads the page again and again until it shows these words.
    pub async fn sees_after_a_while(&self, words: &str) -> Result<()> {
        let begun = Instant::now();
        while !self.text().await?.contains(words) {
            ensure!(begun.elapsed() < PATIENCE, "{words:?} is not shown, but:\n{}", self.text().await?);
            tokio::time::sleep(Duration::from_millis(100)).await;
            self.refresh().await?;
        }
        Ok(())
    }

    /// Waits until the part of the page with this id holds these words, whatever lies above it; gives its text.
    pub async fn sees_in(&self, part: &str, words: &str) -> Result<String> {
        let script = "return document.getElementById(arguments[0])?.innerText";
        let text =
            self.comes_to(script, vec![json!(part)], |text| text.as_str().is_some_and(|text| text.contains(words)));
        let text = text.await.with_context(|| format!("{words:?} is not in {part}"))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until something with these words can be clicked.
    pub async fn is_offered(&self, words: &str) -> Result<()> {
        let offered = wait(async || Ok(self.may_click(words).await?.then_some(()))).await;
        offered.with_context(|| format!("{words:?} cannot be clicked"))
    }

    /// Waits until the focus is on what is called so, or begins so, or holds these words.
    pub async fn is_at(&self, words: &str) -> Result<()> {
        let script = "const e = document.activeElement; \
            return (e.ariaLabel ?? e.labels?.[0]?.innerText ?? e.innerText ?? '').replace(/\\s+/g, ' ').trim()";
        let at = self.comes_to(script, Vec::new(), |label| label.as_str().is_some_and(|label| label.contains(words)));
        at.await.map(drop).with_context(|| format!("the focus is not at {words:?}"))
    }

    /// Waits until this text stands in the field with this label.
    pub async fn holds(&self, label: &str, text: &str) -> Result<()> {
        let mut held = String::new();
        let holds = wait(async || {
            held = self.value_of(label).await.unwrap_or_default().unwrap_or_default();
            Ok((held == text).then_some(()))
        });
        holds.await.with_context(|| format!("{label:?} does not hold {text:?}, but {held:?}"))
    }

    /// Waits until something stands in the field with this label; gives it.
    pub async fn reads(&self, label: &str) -> Result<String> {
        let read =
            wait(async || Ok(self.value_of(label).await.unwrap_or_default().filter(|text| !text.is_empty()))).await;
        read.with_context(|| format!("nothing stands in {label:?}"))
    }

    /// Waits until this is chosen in the list with this label.
    pub async fn has_chosen(&self, label: &str, option: &str) -> Result<()> {
        let mut chosen = Value::Null;
        let has = wait(async || {
            chosen = self.chosen_in(label).await.unwrap_or_default();
            Ok((chosen == option).then_some(()))
        });
        has.await.with_context(|| format!("{label:?} does not say {option:?}, but {chosen}"))
    }

    /// Waits until the page has this theme: `light`, `dark`, or `system` for that of the device.
    pub async fn shows_theme(&self, theme: &str) -> Result<()> {
        self.finds("document.documentElement.dataset.theme ?? 'system'", &json!(theme)).await
    }

    /// Waits until this expression of a script has this value.
    pub async fn finds(&self, expression: &str, value: &Value) -> Result<()> {
        let script = format!("return {expression}");
        let found = self.comes_to(&script, Vec::new(), |found| found == value);
        found.await.map(drop).with_context(|| format!("{expression} is not {value}"))
    }

    /// Waits until what a script answers is good; gives that.
    async fn comes_to(&self, script: &str, arguments: Vec<Value>, good: impl Fn(&Value) -> bool) -> Result<Value> {
        let mut last = Value::Null;
        let come = wait(async || {
            last = self.execute(script, arguments.clone()).await?.json().clone();
            Ok(good(&last).then(|| last.clone()))
        });
        come.await.ok().with_context(|| format!("after {PATIENCE:?} there is {last}"))
    }

    async fn value_of(&self, label: &str) -> Result<Option<String>> {
        Ok(self.field(label).await?.prop("value").await?)
    }

    async fn chosen_in(&self, label: &str) -> Result<Value> {
        let script = "return arguments[0].selectedOptions[0].label";
        Ok(self.execute(script, vec![self.field(label).await?.to_json()?]).await?.json().clone())
    }

    async fn field(&self, label: &str) -> Result<WebElement> {
        self.find_by(page::FIELD, label).await
    }
}

/// Tries until it has something.
pub(super) async fn wait<T>(mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        ensure!(begun.elapsed() < PATIENCE, "nothing has come in {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
