//! Invite Team, and what became of each address.

use askama::Template;
use web::views::frame::Place;
use web::views::invitation::{
    Batch, Checked, CopiedLink, Invite, InviteForm, Inviting, Outcome, OutcomeState, Scope, Typing,
};
use web::views::parts::Field;
use web::views::users::Users;

use crate::Page;
use crate::sample::{frame, invite_form, moment};
use crate::users::users;

pub fn pages() -> Vec<Page> {
    let invite = |form| Invite { frame: frame(Place::Users), inviting: Inviting::Ready, form };
    let refused = InviteForm {
        state: Typing::Open,
        recipients: Field::wrong(
            "ruth.abelson@hollinash,example\nmei.chen@hollinash.example",
            "None of these addresses could be invited. Each says why.",
        ),
        checked: Some(Checked {
            invite: 0,
            skip: 2,
            merged: 0,
            outcomes: outcomes(true).split_off(2),
            idle: vec!["Read Only on WMS".into()],
        }),
        scope: Scope::Only,
        ..invite_form()
    };
    let copied = CopiedLink {
        frame: frame(Place::Users),
        address: "amelie.roth@hollinash.example".into(),
        url: "https://muster.hollinash.example/join/Q7fK2mXw9TzR4bNcVd3hYs".into(),
        expires: moment("Tuesday 1 December, 10:40 UTC"),
    };
    vec![
        ("invite", invite(invite_form()).render()),
        ("invite-refused", invite(refused.clone()).render()),
        ("users-refused", Users { form: Some(refused), ..users() }.render()),
        ("copied-link", copied.render()),
    ]
}

pub fn batch(mailed: bool) -> Batch {
    let mut invited = outcomes(mailed);
    let skipped = invited.split_off(2);
    Batch { key: "k1".into(), mailed, invited, skipped, repeated: Vec::new() }
}

fn outcomes(mailed: bool) -> Vec<Outcome> {
    let link = |id: &str| (!mailed).then(|| id.to_owned());
    let outcome = |input: &str, state, detail: Option<&str>, invitation| Outcome {
        input: input.into(),
        state,
        detail: detail.map(Into::into),
        invitation,
        deactivated: None,
        own: Vec::new(),
    };
    vec![
        outcome("Amélie Roth <amelie.roth@hollinash.example>", OutcomeState::Invited, None, link("i1")),
        outcome("b.okafor@brightloop.example", OutcomeState::Invited, None, link("i2")),
        outcome(
            "ruth.abelson@hollinash,example",
            OutcomeState::Invalid,
            Some("A comma where a dot should be, character 23"),
            None,
        ),
        outcome(
            "mei.chen@hollinash.example",
            OutcomeState::AlreadyInvited,
            Some("Invited by you on Sunday, the link works 5 more days"),
            None,
        ),
        outcome("tomasz.wojcik@hollinash.example", OutcomeState::AlreadyMember, None, None),
    ]
}
