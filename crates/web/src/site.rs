//! What every handler can reach.

use std::{net::IpAddr, sync::Arc};

use app::App;
use axum::extract::FromRef;
use secrecy::SecretString;

use crate::live::Wire;

/// The app, and what only this floor needs to know.
#[derive(Clone)]
pub struct Site {
    app: App,
    web: Arc<Settings>,
    live: Wire,
}

/// What only this floor needs to know.
#[derive(Debug, Default)]
pub struct Settings {
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The one-time code of the first run, where the server is reached by more than its own machine.
    pub setup_code: Option<SecretString>,
}

impl Site {
    /// The site of an app.
    pub fn new(app: App, web: Settings) -> Self {
        Self { app, web: Arc::new(web), live: Wire::default() }
    }

    /// The app.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// What open pages listen to.
    pub fn live(&self) -> &Wire {
        &self.live
    }

    /// What only this floor needs to know.
    pub fn web(&self) -> &Settings {
        &self.web
    }
}

impl FromRef<Site> for App {
    fn from_ref(site: &Site) -> Self {
        site.app.clone()
    }
}
