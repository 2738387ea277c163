//! What a person does with his own account and has to show the password for once more: one function for the page and the
//! API. Only a session does this.

use domain::{access::SignedIn, email::read_row, id::AddressId};
use secrecy::{ExposeSecret, SecretString};
use store::people;

use crate::{App, Failure, addresses, passwords, profile, sessions::Browser};

/// The password, typed once more.
#[derive(Debug)]
pub struct Again {
    /// The field it was typed into, to be named if it is wrong.
    pub field: &'static str,
    /// As typed.
    pub password: SecretString,
    /// By which browser.
    pub from: Browser,
}

impl Again {
    async fn shown(self, app: &App, who: &SignedIn) -> Result<passwords::Known, Failure> {
        passwords::ask_again(app, who, self.field, self.password, &self.from).await
    }
}

/// Makes an address the primary one; gives it.
pub async fn make_primary(app: &App, who: SignedIn, id: AddressId, again: Again) -> Result<String, Failure> {
    let client = again.from.client;
    let (known, verbs) = (again.shown(app, &who).await?, app.clone());
    app.write(client, move |tx, now| {
        addresses::make_primary(tx, verbs.post(), &who, &known, id, now)?;
        Ok(people::me(tx, &who)?.address)
    })
    .await
}

/// Removes an address; gives it.
pub async fn remove_address(app: &App, who: SignedIn, id: AddressId, again: Again) -> Result<String, Failure> {
    let client = again.from.client;
    let (known, verbs) = (again.shown(app, &who).await?, app.clone());
    app.write(client, move |tx, now| addresses::remove(tx, verbs.post(), &who, &known, id, now)).await
}

/// Sets another password. Other sessions end.
pub async fn change_password(app: &App, who: SignedIn, new: SecretString, current: Again) -> Result<(), Failure> {
    let me = app.point(move |db, _| Ok(people::me(db, &who)?)).await?;
    passwords::judge("password", &new, &[&me.name, &me.address]).map_err(|bad| Failure::Invalid(vec![bad]))?;
    if new.expose_secret() == current.password.expose_secret() {
        return Err(Failure::invalid("password", "unchanged", "This is the password you have."));
    }
    let client = current.from.client;
    let known = current.shown(app, &who).await?;
    let salt = app.clock().now().bytes();
    let (hash, verbs) = (app.passwords().hash(new, salt).await?, app.clone());
    app.write(client, move |tx, now| passwords::change(tx, verbs.post(), &who, &known, &hash, now)).await
}

/// Gives the account up, once its primary address was typed into this field to confirm it.
pub async fn give_up(app: &App, who: SignedIn, (field, typed): (&str, &str), again: Again) -> Result<(), Failure> {
    let primary = app.point(move |db, _| Ok(people::me(db, &who)?)).await?.address;
    if read_row(typed).email.ok() != read_row(&primary).email.ok() {
        return Err(Failure::invalid(field, "not_confirmed", format!("Type {primary} to confirm.")));
    }
    let client = again.from.client;
    let known = again.shown(app, &who).await?;
    app.write(client, move |tx, now| profile::delete(tx, &who, &known, now)).await
}
