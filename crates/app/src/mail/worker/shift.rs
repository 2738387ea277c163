//! Which lanes work: those of the mail server in effect. When it changes, the old ones finish what they hold.

use std::time::Duration;

use db::Notice;
use tokio::{
    sync::{broadcast::error::RecvError, watch},
    task::JoinSet,
    time::sleep,
};

use super::{
    InHand,
    office::{Office, over},
    open,
};
use crate::{App, mail::channel::Channel, mail_server};

/// A look at least this often, whatever was heard.
const SELDOM: Duration = Duration::from_mins(1);

/// Sets lanes to work for each mail server that takes effect, until the worker stops.
pub(super) async fn follow(app: App, stop: watch::Receiver<bool>) {
    let mut server = app.mail_in_effect().subscribe();
    let (mut lanes, in_hand) = (JoinSet::new(), InHand::default());
    loop {
        let mail = server.borrow_and_update().mail.clone();
        let end = watch::Sender::new(false);
        if let Some(mail) = mail {
            let channel = Channel::of(&mail, app.settings());
            open(&mut lanes, Office::new(app.clone(), channel, mail, in_hand.clone(), end.subscribe()));
        }
        let stopping = tokio::select! {
            _ = server.changed() => false,
            () = over(&stop) => true,
        };
        end.send_replace(true);
        while lanes.try_join_next().is_some() {}
        if stopping {
            break;
        }
    }
    while lanes.join_next().await.is_some() {}
}

/// Takes up what operators set, here and on other nodes, until the worker stops.
pub(super) async fn listen(app: App, stop: watch::Receiver<bool>) {
    let mut notices = app.db().subscribe();
    loop {
        if let Err(error) = mail_server::reread(&app).await {
            tracing::warn!(%error, "the settings of the mail server cannot be read");
        }
        let heard = async {
            loop {
                match notices.recv().await {
                    Ok(Notice::Sent { topic, .. }) if topic != store::mail_server::TOPIC => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        tokio::select! {
            () = heard => {}
            () = sleep(SELDOM) => {}
            () = over(&stop) => return,
        }
    }
}
