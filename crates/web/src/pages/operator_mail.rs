//! The mail of the whole server, for operators.

use app::{
    App, Failure, mail_channel,
    mail_server::{self, End, Typed, Wanted, With},
    settings::Mail,
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::access::Operator;
use serde::Deserialize;
use store::{channel, messages, people};

use super::{
    form::{Form, faults, field},
    mail::channel_shown,
    page::{Page, on},
    shell::Visit,
};
use crate::{
    client,
    extract::Operating,
    failed::Failed,
    views::{
        frame::Flash,
        operator_mail::{Area, Line, OperatorMail, ServerForm, Trial},
        parts::Field,
        paths,
    },
};

/// The form as typed. What the command line fixes is not sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Posted {
    host: String,
    port: String,
    tls: String,
    user: String,
    password: String,
    from_address: String,
    from_name: String,
    own_network: Option<String>,
}

impl Posted {
    fn typed(&self, app: &App) -> Typed {
        let fixed = app.settings().outbox.from.as_ref();
        Typed {
            host: self.host.clone(),
            port: self.port.clone(),
            tls: self.tls.clone(),
            user: self.user.clone(),
            password: self.password.clone().into(),
            from_address: fixed.map_or_else(|| self.from_address.clone(), |from| from.address().to_owned()),
            from_name: fixed.map_or_else(|| self.from_name.clone(), |from| from.name().unwrap_or_default().to_owned()),
            own_network: self.own_network.is_some(),
        }
    }
}

/// What a page tells beside the settings.
#[derive(Default)]
struct Told {
    form: Option<ServerForm>,
    trial: Option<Trial>,
    refused: Option<String>,
}

/// The page.
pub async fn show(Operating(operator): Operating, visit: Visit, State(app): State<App>) -> Result<Response, Failed> {
    let jar = visit.jar.clone();
    Ok((jar, Page::of(view(&app, visit, operator, Told::default()).await?)).into_response())
}

/// Sets the mail server.
pub async fn save(
    Operating(operator): Operating,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
    Form(posted): Form<Posted>,
) -> Result<Response, Failed> {
    let set = match Wanted::parse(&posted.typed(&app)) {
        Err(bad) => Err(Failure::Invalid(bad)),
        Ok(wanted) => {
            let verbs = app.clone();
            let set = app.write(from.client, move |tx, now| {
                let with = With { vault: verbs.vault(), settings: verbs.settings() };
                mail_server::set(tx, with, &operator, &wanted, now)
            });
            set.await
        }
    };
    if let Err(wrong) = set {
        let form = typed_again(&posted, &faults(wrong)?, app.mail().as_deref());
        let told = Told { form: Some(form), ..Told::default() };
        return Ok(Page::wrong(view(&app, visit, operator, told).await?).into_response());
    }
    mail_server::reread(&app).await?;
    let host = posted.host.trim().to_owned();
    Ok(on(visit.jar, app.settings(), paths::OPERATOR_MAIL, &Flash::MailServerSaved { host }))
}

/// Removes it.
pub async fn remove(
    Operating(operator): Operating,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    let verbs = app.clone();
    let removed = app.write(from.client, move |tx, now| {
        let with = With { vault: verbs.vault(), settings: verbs.settings() };
        mail_server::remove(tx, with, &operator, now)
    });
    removed.await?;
    mail_server::reread(&app).await?;
    Ok(on(visit.jar, app.settings(), paths::OPERATOR_MAIL, &Flash::MailServerRemoved))
}

/// Sends a test letter and shows all that was said.
pub async fn test(
    Operating(operator): Operating,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    match mail_server::trial(&app, operator, from.client).await {
        Ok(trial) => {
            let told = Told { trial: Some(shown(trial)), ..Told::default() };
            Ok(Page::of(view(&app, visit, operator, told).await?).into_response())
        }
        Err(refused) => refuse(&app, visit, operator, refused).await,
    }
}

/// Pauses all mail.
pub async fn pause(
    Operating(operator): Operating,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    app.write(from.client, move |tx, now| mail_channel::pause(tx, &operator, now)).await?;
    Ok(on(visit.jar, app.settings(), paths::OPERATOR_MAIL, &Flash::AllMailPaused))
}

/// Lets it flow again.
pub async fn resume(
    Operating(operator): Operating,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    app.write(from.client, move |tx, now| mail_channel::resume(tx, &operator, now)).await?;
    Ok(on(visit.jar, app.settings(), paths::OPERATOR_MAIL, &Flash::AllMailResumed))
}

/// Has paused mail tried at once.
pub async fn probe(
    Operating(operator): Operating,
    visit: Visit,
    client::From(from): client::From,
    State(app): State<App>,
) -> Result<Response, Failed> {
    match app.write(from.client, move |tx, now| mail_channel::probe(tx, &operator, now)).await {
        Ok(()) => Ok(on(visit.jar, app.settings(), paths::OPERATOR_MAIL, &Flash::AllMailProbed)),
        Err(refused) => refuse(&app, visit, operator, refused).await,
    }
}

/// The page again, with why nothing was done where that is for the operator to mend.
async fn refuse(app: &App, visit: Visit, operator: Operator, failure: Failure) -> Result<Response, Failed> {
    if !matches!(failure, Failure::Conflict { .. } | Failure::TooFast(_)) {
        return Err(failure.into());
    }
    let status = crate::failed::status(&failure);
    let told = Told { refused: Some(failure.to_string()), ..Told::default() };
    Ok(Page::with(status, view(app, visit, operator, told).await?).into_response())
}

async fn view(app: &App, visit: Visit, operator: Operator, told: Told) -> Result<OperatorMail, Failure> {
    let (gather, mail) = (app.clone(), app.mail());
    app.read(move |db, now| {
        let me = people::me(db, &visit.who)?;
        Ok(OperatorMail {
            frame: visit.operates(me, Area::Mail),
            fixed: gather.settings().mail.is_some(),
            fixed_from: gather.settings().outbox.from.is_some(),
            set: mail.is_some(),
            form: told.form.unwrap_or_else(|| filled(mail.as_deref(), &gather)),
            channel: channel_shown(&channel::get(db)?, mail.is_some(), true, now.at),
            waiting: messages::waiting_anywhere(db, &operator)?,
            trial: told.trial,
            refused: told.refused,
        })
    })
    .await
}

/// As it is in effect.
fn filled(mail: Option<&Mail>, app: &App) -> ServerForm {
    let from = mail.map(|mail| &mail.from).or(app.settings().outbox.from.as_ref());
    let form = ServerForm {
        tls: Field::new("starttls"),
        from_address: Field::new(from.map_or("", |from| from.address())),
        from_name: Field::new(from.and_then(|from| from.name()).unwrap_or("Muster")),
        ..ServerForm::default()
    };
    let Some(mail) = mail else { return form };
    let login = mail.smtp.login();
    ServerForm {
        host: Field::new(mail.smtp.host()),
        port: Field::new(mail.smtp.port().to_string()),
        tls: Field::new(mail.smtp.tls().to_string()),
        user: Field::new(login.map_or("", |login| login.user.as_str())),
        has_password: login.is_some(),
        own_network: mail.reach == app::mail::channel::Reach::Anywhere,
        from_name: Field::new(mail.from.name().unwrap_or_default()),
        ..form
    }
}

/// As typed, with what is wrong; never the password.
fn typed_again(posted: &Posted, bad: &[app::Bad], mail: Option<&Mail>) -> ServerForm {
    ServerForm {
        host: field("host", &posted.host, bad),
        port: field("port", &posted.port, bad),
        tls: field("tls", &posted.tls, bad),
        user: field("user", &posted.user, bad),
        password: field("password", "", bad),
        has_password: mail.is_some_and(|mail| mail.smtp.login().is_some()),
        from_address: field("from_address", &posted.from_address, bad),
        from_name: field("from_name", &posted.from_name, bad),
        own_network: posted.own_network.is_some(),
    }
}

fn shown(trial: mail_server::Trial) -> Trial {
    let line = |line: &String| {
        let (who, text) = line.split_once(": ").unwrap_or(("", line));
        Line { theirs: who == "S", text: text.to_owned() }
    };
    let (sent, words, advice) = match trial.end {
        End::Sent(words) => (true, words, ""),
        End::NotSent { words, advice } => (false, words, advice),
    };
    Trial {
        lines: trial.transcript.iter().map(line).collect(),
        to: trial.to,
        server: trial.server,
        sent,
        words,
        advice: advice.to_owned(),
    }
}
