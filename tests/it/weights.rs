//! How much HTML a list of fifty rows is. `./test weigh -- --nocapture` prints it.

use crate::support::devices;
use crate::support::people::{ABE, ALDER_ID};
use crate::support::portal::{Portal, Visit};
use crate::support::saas;

/// What a page of fifty rows may weigh, in bytes of HTML.
const MOST: usize = 60_000;

/// Rows a page.
const ROWS: usize = 50;

/// Lists whose rows hold more than fits, and what they weigh at most; they may only lose weight, and none may join them.
const HEAVY: &[(&str, usize)] = &[
    ("/organizations", 86_000),
    ("/status/saas", 78_000),
    ("/status/devices", 86_000),
    ("/employees", 97_100),
    ("/activity", 73_500),
    ("/organizations/10000001", 118_000),
];

/// A firm with more than fifty of everything: names as long as those of people and firms are.
fn a_busy_firm() -> Portal {
    let portal = Portal::estate();
    let mut abe = portal.sign_in(ABE);
    for number in 10..66 {
        let name = format!("Brightside Nursery {number}");
        let organization = abe.post("/organizations", &[("name", &name)]).status(303).location().to_owned();
        let id: i64 = portal.sql("select id from organization where name = ?1", [&name]);
        assert!(organization.starts_with("/organizations"), "{organization}");
        saas::account(&portal, 900_000 + number, &name).linked(&portal, id);
        saas::account(&portal, 800_000 + number, &format!("Hilltop Winery {number}")).put(&portal);
        devices::linked(&portal, id, &format!("2079{number:04}"), &format!("brightside-siris-{number}"));
        let (first, email) = (format!("Augusta{number}"), format!("augusta.{number}@lantern.example"));
        let person = [("first_name", first.as_str()), ("last_name", "Castellan"), ("email", &email)];
        let employee = [&person[..], &[("role", "tech"), ("bcdr", "role"), ("endpoint_backup", "role")]].concat();
        abe.post("/employees/new", &employee).status(303);
        let email = format!("augusta.{number}@alder.example");
        let user = [&person[..2], &[("email", email.as_str()), ("access", "full"), ("endpoint_access", "none")]].concat();
        abe.post(&format!("/organizations/{ALDER_ID}/users/new"), &user).status(303);
    }
    portal.run_jobs();
    portal
}

/// The page's weight and its rows, those of its longest list.
fn weighed(abe: &mut Visit, path: &str) -> (usize, usize) {
    let body = abe.get(path).status(200).body();
    let rows = abe.page().named("tbody").iter().map(|list| list.all(|each| each.name == "tr" && !each.has_class("detail")).len()).max();
    (body.len(), rows.unwrap_or_default())
}

/// interface.md, "Measures": fifty rows are no more than sixty thousand bytes.
#[test]
fn a_list_of_fifty_rows_weighs_no_more_than_sixty_thousand_bytes() {
    let portal = a_busy_firm();
    let mut abe = portal.sign_in(ABE);
    let mut heavy = Vec::new();
    for path in [
        "/organizations",
        "/status/saas",
        "/status/saas/unmapped",
        "/status/devices",
        "/employees",
        "/activity",
        "/outbox",
        "/licenses",
        "/statements/2026-11",
        "/organizations/10000001",
        "/organizations/10000001/services/link",
        "/search?q=brightside",
    ] {
        let (weight, rows) = weighed(&mut abe, path);
        println!("{path:45} {weight:7} bytes, {rows} rows");
        let most = HEAVY.iter().find(|(heavy, _)| *heavy == path).map_or(MOST, |(_, most)| *most);
        if weight > most {
            heavy.push(format!("{path} weighs {weight} with {rows} rows, more than {most}"));
        }
    }
    assert!(ROWS == 50 && heavy.is_empty(), "{}", heavy.join("\n"));
}
