//! Finding cases, with the same answers on both engines.

use db::{Row, Tx, sql};
use domain::{
    access::{Role, WriteCases},
    case::{Fields, Markdown},
    id::{CaseId, ProjectId},
    now::Now,
    terms::{Number, Wanted},
    title::CaseTitle,
};
use store::{
    Again, Lost,
    case_words::{self, After, CaseWords, Found, Within},
    cases,
    paging::Page,
    projects::Project,
};
use uuid::Uuid;

use crate::{
    bed::on_both_engines,
    house::{Actor, House, START},
};

on_both_engines! { House:
    every_word_must_be_there_and_the_last_may_be_unfinished
    titles_come_first_and_then_the_last_written
    pages_follow_each_other_without_gaps_or_doubles
    words_of_many_scripts_find_and_signs_mean_nothing
    what_a_case_said_before_finds_it_no_more
    cases_in_the_trash_are_not_found
    cases_of_projects_one_may_not_read_are_found_by_nobody
    a_search_in_one_project_finds_no_other
    a_number_finds_its_case_among_those_one_may_read
    many_cases_are_kept_at_once
    a_megabyte_of_words_is_kept
}

async fn write(house: &House, project: &Project, title: &'static str, text: &'static str) -> CaseId {
    let (project, owner) = (project.clone(), house.owner);
    house.write(move |tx, now| insert(tx, now, owner, &project, &fields(title, text))).await
}

fn fields(title: &str, text: &str) -> Fields {
    let mut fields = Fields::titled(CaseTitle::parse(title).unwrap(), |kind| kind as i64 + 1);
    fields.content.text = Markdown::parse(text).unwrap();
    fields
}

fn insert(tx: &mut Tx, now: &Now, by: Actor, project: &Project, fields: &Fields) -> Result<CaseId, Lost> {
    let may = by.may_in::<WriteCases>(tx, project)?;
    let still = tx.still(&may, START)?;
    let top = cases::top(tx, &still)?;
    Ok(cases::insert(tx, &still, top, fields, now)?.expect("the top is always there"))
}

async fn found(house: &House, reader: Actor, typed: &str) -> Vec<String> {
    let rows = look(house, reader, None, typed, Page::first(50)).await;
    rows.into_iter().map(|found| found.title).collect()
}

async fn look(house: &House, reader: Actor, project: Option<ProjectId>, typed: &str, page: Page<After>) -> Vec<Found> {
    let wanted = Wanted::read(typed);
    house
        .read(move |db| {
            let visible = reader.visible(db)?;
            let within = Within { visible: &visible, project };
            case_words::find(db, within, &wanted, &page).map(|slice| slice.rows)
        })
        .await
}

async fn every_word_must_be_there_and_the_last_may_be_unfinished(house: House) {
    let web = house.project("WEB", false).await;
    write(&house, &web, "Redeem a gift card", "Pay the rest by cash: GC-25-TEST").await;
    for typed in ["gift", "gi", "card gif", "GIFT Cash", "gc-25", "rest redeem", "gíft "] {
        assert_eq!(found(&house, house.owner, typed).await, ["Redeem a gift card"], "{typed}");
    }
    for typed in ["gi card", "ift", "gift coupon", "gi ", "cashx", "", " ", "()"] {
        assert!(found(&house, house.owner, typed).await.is_empty(), "{typed}");
    }
}

async fn titles_come_first_and_then_the_last_written(house: House) {
    let web = house.project("WEB", false).await;
    write(&house, &web, "Gift one", "").await;
    write(&house, &web, "Text one", "a gift").await;
    write(&house, &web, "Gift two", "a gift").await;
    write(&house, &web, "Text two", "gifts").await;
    write(&house, &web, "Nothing", "").await;
    assert_eq!(found(&house, house.owner, "gift").await, ["Gift two", "Gift one", "Text two", "Text one"]);
    assert_eq!(found(&house, house.owner, "gift two").await, ["Gift two"]);
    assert_eq!(found(&house, house.owner, "gift ").await, ["Gift two", "Gift one", "Text one"]);
    assert_eq!(found(&house, house.owner, "text gift").await, ["Text two", "Text one"]);
}

async fn pages_follow_each_other_without_gaps_or_doubles(house: House) {
    let web = house.project("WEB", false).await;
    for number in 1..=9 {
        let title = if number % 2 == 0 { "A gift" } else { "Other" };
        write(&house, &web, title, "gift").await;
    }
    let whole = look(&house, house.owner, None, "gift", Page::first(50)).await;
    assert_eq!(whole.iter().map(|found| found.number).collect::<Vec<_>>(), [8, 6, 4, 2, 9, 7, 5, 3, 1]);
    let mut page = Page { limit: 2, after: None };
    let mut numbers = Vec::new();
    while let some @ [.., last] = look(&house, house.owner, None, "gift", page.clone()).await.as_slice() {
        numbers.extend(some.iter().map(|found| found.number));
        page.after = Some(After { by_title: last.number % 2 == 0, place: last.place });
    }
    assert_eq!(numbers, [8, 6, 4, 2, 9, 7, 5, 3, 1]);
}

async fn words_of_many_scripts_find_and_signs_mean_nothing(house: House) {
    let web = house.project("WEB", false).await;
    let texts = [
        "Straße der Überweisung",
        "打开购物车并付款",
        "ガス料金を払う",
        "사용자가 로그인한다",
        "Ёлка и снег",
        "हिन्दी में",
    ];
    for text in texts {
        write(&house, &web, text, "").await;
    }
    for (typed, text) in [
        ("STRASSE uber", texts[0]),
        ("购物车", texts[1]),
        ("款", texts[1]),
        ("料金", texts[2]),
        ("로그인", texts[3]),
        ("елка СНЕ", texts[4]),
        ("हिन्दी", texts[5]),
        ("\"straße\" & (der) | * :* ' NOT", ""),
        ("straße\" OR \"der", ""),
        ("'straße' & der:*", texts[0]),
        ("_", ""),
        ("=strasse", texts[0]),
    ] {
        let wanted: &[&str] = if text.is_empty() { &[] } else { &[text] };
        assert_eq!(found(&house, house.owner, typed).await, wanted, "{typed}");
    }
}

async fn what_a_case_said_before_finds_it_no_more(house: House) {
    let web = house.project("WEB", false).await;
    let id = write(&house, &web, "Gift card", "cash").await;
    write(&house, &web, "Card", "").await;
    let words = CaseWords::of(id, web.id, &fields("Coupon card", "cheque"));
    let same = words.clone();
    house.write(move |tx, _| Ok(case_words::keep(tx, std::slice::from_ref(&words))?)).await;
    for typed in ["gift", "cash"] {
        assert!(found(&house, house.owner, typed).await.is_empty(), "{typed}");
    }
    assert_eq!(found(&house, house.owner, "coupon cheque").await, ["Gift card"]);
    // Written last, so it comes first; written again without a change, it stays where it is.
    assert_eq!(found(&house, house.owner, "card").await, ["Gift card", "Card"]);
    house.write(move |tx, _| Ok(case_words::keep(tx, std::slice::from_ref(&same))?)).await;
    assert_eq!(look(&house, house.owner, None, "coupon", Page::first(5)).await[0].place, 3);
}

async fn cases_in_the_trash_are_not_found(house: House) {
    let web = house.project("WEB", false).await;
    let id = write(&house, &web, "Gift card", "").await;
    house
        .write(move |tx, _| Ok(tx.run(sql!("UPDATE test_case SET trashed_at = 1 WHERE id = ?", Uuid::from(id)))?))
        .await;
    assert!(found(&house, house.owner, "gift").await.is_empty());
    assert!(by_number(&house, house.owner, "WEB-1").await.is_empty());
}

async fn cases_of_projects_one_may_not_read_are_found_by_nobody(house: House) {
    let tester = house.member("Lea", Role::Tester).await;
    let guest = house.member("Gus", Role::Guest).await;
    let there = house.another().await;
    let (web, hid) = (house.project("WEB", false).await, house.project("HID", true).await);
    write(&house, &web, "Gift in the open", "").await;
    write(&house, &hid, "Gift in private", "").await;
    assert_eq!(found(&house, house.owner, "gift").await.len(), 2);
    assert_eq!(found(&house, tester, "gift").await, ["Gift in the open"]);
    assert!(look(&house, tester, Some(hid.id), "gift", Page::first(5)).await.is_empty());
    assert!(found(&house, guest, "gift").await.is_empty());
    assert!(found(&house, there, "gift").await.is_empty());
    assert!(look(&house, there, Some(web.id), "gift", Page::first(5)).await.is_empty());
    house.grant(guest, &hid, Role::Tester).await;
    assert_eq!(found(&house, guest, "gift").await, ["Gift in private"]);
}

async fn a_search_in_one_project_finds_no_other(house: House) {
    let (web, app) = (house.project("WEB", false).await, house.project("APP", false).await);
    write(&house, &web, "Gift card", "").await;
    write(&house, &app, "Gift card", "").await;
    let rows = look(&house, house.owner, Some(app.id), "gift", Page::first(5)).await;
    assert_eq!(rows.iter().map(|found| found.key.as_str()).collect::<Vec<_>>(), ["APP"]);
}

async fn by_number(house: &House, reader: Actor, typed: &str) -> Vec<String> {
    let number = Number::read(typed).unwrap();
    let rows = house.read(move |db| {
        let visible = reader.visible(db)?;
        case_words::numbered(db, Within { visible: &visible, project: None }, &number, 8)
    });
    rows.await.into_iter().map(|found| format!("{}-{}", found.key, found.number)).collect()
}

async fn a_number_finds_its_case_among_those_one_may_read(house: House) {
    let tester = house.member("Lea", Role::Tester).await;
    let (web, hid) = (house.project("WEB", false).await, house.project("HID", true).await);
    write(&house, &web, "Open", "").await;
    write(&house, &hid, "Hidden", "").await;
    assert_eq!(by_number(&house, house.owner, "1").await, ["HID-1", "WEB-1"]);
    assert_eq!(by_number(&house, tester, "1").await, ["WEB-1"]);
    assert_eq!(by_number(&house, tester, "web-1").await, ["WEB-1"]);
    assert!(by_number(&house, tester, "HID-1").await.is_empty());
    assert!(by_number(&house, tester, "WEB-2").await.is_empty());
}

async fn many_cases_are_kept_at_once(house: House) {
    let (web, owner) = (house.project("WEB", false).await, house.owner);
    house
        .write(move |tx, now| {
            let mut words = Vec::new();
            for number in 1..=150 {
                let id = insert(tx, now, owner, &web, &fields("Draft", ""))?;
                words.push(CaseWords::of(id, web.id, &fields(&format!("Gift {number}"), "")));
            }
            case_words::keep(tx, &words)?;
            Ok(case_words::keep(tx, &words)?)
        })
        .await;
    assert_eq!(look(&house, house.owner, None, "gift 149 ", Page::first(5)).await.len(), 1);
    assert!(found(&house, house.owner, "draft").await.is_empty());
    let count = house.read(|db| db.one::<Row>(sql!("SELECT COUNT(*) AS n FROM case_words"))?.get::<i64>("n")).await;
    assert_eq!(count, 150);
}

async fn a_megabyte_of_words_is_kept(house: House) {
    let (web, owner) = (house.project("WEB", false).await, house.owner);
    house
        .write(move |tx, now| {
            let text = (0..140_000).map(|n| format!("w{n}")).collect::<Vec<_>>().join(" ");
            insert(tx, now, owner, &web, &fields("Long", &text))
        })
        .await;
    assert_eq!(found(&house, house.owner, "w17 w4711").await, ["Long"]);
}
