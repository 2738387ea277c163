//! Accessibility, checked by axe-core inside the page.

use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::Path;
use thirtyfour::WebDriver;

/// Runs after the source of axe-core, in the same script; the last argument takes the answer.
const RUN: &str = "
const done = arguments[arguments.length - 1];
axe.run(document).then(
  ({ violations }) => done(violations.map(({ id, impact, help, nodes }) =>
    ({ id, impact, help, elements: nodes.map(({ target }) => target.join(' ')) }))),
  (error) => done(String(error)));
";

/// A rule of axe-core that the page breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule, as `color-contrast`.
    pub rule: String,
    /// How bad it is: `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// What the rule wants.
    pub help: String,
    /// The elements that break it, as CSS selectors.
    pub elements: Vec<String>,
}

impl Display for Violation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {} at {}", self.rule, self.impact, self.help, self.elements.join(", "))
    }
}

pub(super) async fn run(driver: &WebDriver, axe: &Path) -> Result<Vec<Violation>> {
    let source = fs::read_to_string(axe).with_context(|| format!("cannot read axe-core from {}", axe.display()))?;
    let answer = driver.execute_async(format!("{source}\n{RUN}"), Vec::new()).await?;
    let answer = answer.json();
    let found = answer.as_array().with_context(|| format!("axe-core has failed: {answer}"))?;
    Ok(found.iter().map(violation).collect())
}

fn violation(found: &Value) -> Violation {
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    let elements = found["elements"].as_array().into_iter().flatten();
    let elements = elements.filter_map(|element| element.as_str().map(str::to_owned)).collect();
    Violation { rule: text("id"), impact: text("impact"), help: text("help"), elements }
}
