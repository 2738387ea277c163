//! How the browser shows pages: size, touch, colours, scripts.

use anyhow::Result;
use serde_json::json;
use thirtyfour::WebDriver;

/// The device that a browser plays, exact to the pixel and kept across pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    width: u32,
    height: u32,
    phone: bool,
    dark: bool,
    scripts: bool,
}

impl Look {
    /// A desktop: 1280 by 900.
    pub fn desktop() -> Self {
        Self { width: 1280, height: 900, phone: false, dark: false, scripts: true }
    }

    /// A phone held upright: 390 by 844, touched rather than clicked.
    pub fn phone() -> Self {
        Self { width: 390, height: 844, phone: true, ..Self::desktop() }
    }

    /// Another size, in CSS pixels.
    #[must_use]
    pub fn size(self, width: u32, height: u32) -> Self {
        Self { width, height, ..self }
    }

    /// For a person who prefers dark colours.
    #[must_use]
    pub fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// The page's own scripts do not run; the driver's still do.
    #[must_use]
    pub fn without_scripts(self) -> Self {
        Self { scripts: false, ..self }
    }

    /// Whether the page's own scripts run.
    pub fn has_scripts(self) -> bool {
        self.scripts
    }

    pub(super) async fn apply(self, driver: &WebDriver) -> Result<()> {
        let cdp = driver.cdp();
        let scale = if self.phone { 2 } else { 1 };
        let size =
            json!({ "width": self.width, "height": self.height, "deviceScaleFactor": scale, "mobile": self.phone });
        cdp.send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        cdp.send_raw("Emulation.setTouchEmulationEnabled", json!({ "enabled": self.phone })).await?;
        let scheme = if self.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        cdp.send_raw("Emulation.setEmulatedMedia", media).await?;
        cdp.send_raw("Emulation.setScriptExecutionDisabled", json!({ "value": !self.scripts })).await?;
        Ok(())
    }
}
