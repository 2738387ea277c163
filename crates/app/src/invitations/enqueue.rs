//! The mails of a batch, in the outbox of the same transaction (I6).

use std::{collections::HashMap, time::Duration};

use db::Tx;
use domain::{
    access::{InviteMembers, Still, TokenKind},
    email::Email,
    id::InvitationId,
    now::Now,
    secret::{Code, Token},
    time::{Time, days},
};
use store::{
    messages::{self, Planned},
    tokens,
};

use super::{MAILED_TOKEN, code::token_of, invite::With};
use crate::Failure;

/// Queues a mail with a token and a code of its own; `send` counts the invitation's mails from 1.
pub(super) fn enqueue(
    tx: &mut Tx,
    with: With,
    still: &Still<InviteMembers>,
    id: InvitationId,
    email: &Email,
    send: i64,
    now: &Now,
) -> Result<(), Failure> {
    enqueue_all(tx, with, still, send, &[(id, email)], now)
}

/// The same for many, in few statements.
pub(super) fn enqueue_all(
    tx: &mut Tx,
    with: With,
    still: &Still<InviteMembers>,
    send: i64,
    to: &[(InvitationId, &Email)],
    now: &Now,
) -> Result<(), Failure> {
    let secrets: Vec<_> = to.iter().map(|_| (now.token(), now.code())).collect();
    let tokens = to.iter().zip(&secrets).flat_map(|((id, _), (token, code))| {
        [(*id, TokenKind::Mailed, token.hash()), (*id, TokenKind::Code, token_of(with.vault, *id, code).hash())]
    });
    tokens::add_all(tx, still, &tokens.collect::<Vec<_>>(), now.at)?;
    let turns = if with.per_day.is_some() { turns(tx, to, now)? } else { HashMap::new() };
    let seal = |(token, code): &(Token, Code)| {
        with.vault.seal(MAILED_TOKEN, format!("{} {}", token.reveal(), code.letters()).as_bytes(), now)
    };
    let sealed: Vec<_> = secrets.iter().map(seal).collect();
    let mails: Vec<_> = to
        .iter()
        .zip(&sealed)
        .map(|((id, email), secret)| messages::NewMessage {
            invitation: *id,
            send,
            address: email.as_str(),
            normalised: email.normalised(),
            secret,
            not_before: turns.get(email.normalised()).copied().unwrap_or(now.at),
        })
        .collect();
    messages::enqueue_all(tx, still, &mails, now)?;
    Ok(())
}

/// At most so many mails a day to one address, over all workspaces. The next one waits: refusing would tell of others.
const MAILS_A_DAY: usize = 5;

/// When the mails to these addresses may go, where that is not now.
fn turns(tx: &mut Tx, written: &[(InvitationId, &Email)], now: &Now) -> Result<HashMap<String, Time>, Failure> {
    let planned = planned(tx, written, now)?.into_iter();
    Ok(planned.map(|(address, mails)| (address, turn(&moments(&mails, None), now))).collect())
}

/// The mails to each address, from today on.
fn planned(
    tx: &mut Tx,
    written: &[(InvitationId, &Email)],
    now: &Now,
) -> Result<HashMap<String, Vec<Planned>>, Failure> {
    let addresses: Vec<&str> = written.iter().map(|(_, email)| email.normalised()).collect();
    let mut planned: HashMap<String, Vec<Planned>> = HashMap::new();
    for mail in messages::planned_for(tx, &addresses, now.at.day())? {
        planned.entry(mail.normalised.clone()).or_default().push(mail);
    }
    Ok(planned)
}

/// When these go, but for one.
fn moments(mails: &[Planned], but: Option<InvitationId>) -> Vec<Time> {
    mails.iter().filter(|mail| Some(mail.invitation) != but).map(|mail| mail.not_before).collect()
}

/// Two who plan at the same time do not see each other's mails. So it is looked at once more when the server's quota is
/// spent: whoever spends it has waited for the other's commit, and what is seen then stays true.
pub(super) fn in_turn(
    tx: &mut Tx,
    still: &Still<InviteMembers>,
    mailed: &[(InvitationId, &Email)],
    now: &Now,
) -> Result<(), Failure> {
    let planned = planned(tx, mailed, now)?;
    for (id, email) in mailed {
        let mails = planned.get(email.normalised()).map_or(&[][..], Vec::as_slice);
        let Some(own) = mails.iter().filter(|mail| mail.invitation == *id).map(|mail| mail.not_before).max() else {
            continue;
        };
        if mails.iter().filter(|mail| mail.not_before.day() == own.day()).count() > MAILS_A_DAY {
            messages::postpone(tx, still, *id, turn(&moments(mails, Some(*id)), now), now.at)?;
        }
    }
    Ok(())
}

/// Now, or some moment of the first day that has room for another mail. Any moment, so that neither the hour nor a burst
/// at midnight tells how many wait.
fn turn(planned: &[Time], now: &Now) -> Time {
    let mut day = now.at.day();
    while planned.iter().filter(|at| at.day() == day).count() >= MAILS_A_DAY {
        day = day.next_day();
    }
    if day == now.at.day() {
        return now.at;
    }
    let whole = u64::try_from(DAY.as_micros()).expect("a day is few microseconds");
    day + Duration::from_micros(u64::from_be_bytes(now.bytes()) % whole)
}

const DAY: Duration = days(1);
