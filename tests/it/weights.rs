//! How much HTML a list of fifty rows is. `./test weigh -- --nocapture` prints it.

use portico::kernel::time::Span;
use portico::seats::model::{SeatState, SeatType};

use crate::device_status::{agent, take, well};
use crate::support::devices;
use crate::support::estate::ALDERINE;
use crate::support::people::{ADA, ALDER_ID, BIRCH_ID};
use crate::support::portal::{Portal, Visit};
use crate::support::saas;

/// What a page of fifty rows may weigh, in bytes of HTML.
const MOST: usize = 60_000;

/// As many more rows as this one's table needs for a full page: each has a number of its own for an id, and behind the text of these columns.
fn more(portal: &Portal, table: &str, like: i64, numbered: &[&str]) {
    let columns: String = portal.sql("select group_concat(name, ',') from pragma_table_info(?1)", [table]);
    for number in 1..=56 {
        let values = columns.split(',').map(|column| match column {
            "id" => format!("id + {}", 5_000 + number),
            column if numbered.contains(&column) => format!("{column} || ' {number:02}'"),
            column => column.to_owned(),
        });
        let values: Vec<String> = values.collect();
        portal.execute(&format!("insert into {table} ({columns}) select {} from {table} where id = ?1", values.join(",")), [like]);
    }
}

/// A firm with more than fifty of everything: names as long as those of people and firms are, and no cell left empty.
fn a_busy_firm() -> Portal {
    let portal = Portal::estate();
    let mut ada = portal.sign_in(ADA);
    for number in 10..66 {
        let (name, contact) = (format!("Brightside Nursery {number}"), format!("office.{number}@brightside.example"));
        ada.visit("/organizations/new-organization").fill("First Name", "Augusta").fill("Last Name", "Castellan");
        ada.fill("Email address", &contact).fill("Select Plan", "Backup").fill("Organization name", &name);
        ada.untick("Auto License").fill("Number of seats", "12").press("Save").status(200);
        let id: i64 = portal.sql("select id from organization where name = ?1", [&name]);
        let days = [(10, 10, 10), (10, 8, 8), (10, 10, 10), (10, 0, 0), (10, 10, 10), (10, 9, 9), (10, 10, 10), (10, 10, 10)];
        saas::account(&portal, 900_000 + number, &name).with_days(&days).linked(&portal, id);
        saas::account(&portal, 800_000 + number, &format!("Hilltop Winery {number}")).put(&portal);
        let host = format!("brightside-siris-{number}");
        let age = if number % 3 == 0 { Span::days(2) } else { Span::minutes(5) };
        take(&portal, Some(id), &well(&portal, &format!("2079{number:04}"), &host), &[agent(&portal, 1, "dc01", age)]);
        devices::unlinked(&portal, 1, &format!("3079{number:04}"), &format!("spare-siris-{number}"));
        let (first, email) = (format!("Augusta{number}"), format!("augusta.{number}@lantern.example"));
        let person = [("first_name", first.as_str()), ("last_name", "Castellan"), ("email", &email), ("mobile_phone", "5550100")];
        let employee = [&person[..], &[("country_code", "+1"), ("role", "tech"), ("bcdr", "role"), ("endpoint_backup", "role")]].concat();
        ada.post("/employees/new", &employee).status(303);
        let email = format!("augusta.{number}@alder.example");
        let user = [&person[..2], &[("email", email.as_str()), ("access", "full"), ("endpoint_access", "none")]].concat();
        ada.post(&format!("/organizations/{ALDER_ID}/users/new"), &user).status(303);
        portal.execute(
            "insert into partner (id, public_id, parent, name, name_key, country, slug, created_at)
             values (?1, 'P-70000' || ?1, 1, 'Seaside IT ' || ?1, 'seaside it ' || ?1, 'US', 'seaside-' || ?1, ?2)",
            (100 + number, portal.now()),
        );
        portal.execute("insert into partner_ancestor (ancestor, partner, depth) values (?1, ?1, 0), (1, ?1, 1)", [100 + number]);
    }
    more(&portal, "network", ALDERINE.spare_network(), &["name", "name_key", "dna_serial", "serial_key"]);
    more(&portal, "endpoint_agent", ALDERINE.agent(), &["uuid", "hostname", "name_key"]);
    portal.execute("update endpoint_agent set organization = ?1 where id > ?2", [BIRCH_ID, ALDERINE.agent() + 5_000]);
    more(&portal, "device_task", ALDERINE.task(), &["note"]);
    portal.execute(
        "update transfer set state = 'withdrawn', ended_by = 'Ada Lane', ended_at = asked_at where id = ?1",
        [ALDERINE.transfer()],
    );
    more(&portal, "transfer", ALDERINE.transfer(), &["name"]);
    portal.execute("update account set last_sign_in_at = ?1", [portal.now()]);
    let fifty = [("devices_per_page", "50"), ("devices_by", "name"), ("storage_as", "amounts"), ("theme", "auto")];
    ada.post("/account/display", &[&fifty[..], &[("backup_warn_hours", "12"), ("backup_fail_hours", "24")]].concat()).status(303);
    portal.run_jobs();
    portal
}

/// The page's weight, and how many rows its longest list has.
fn weighed(visit: &mut Visit, path: &str) -> (usize, usize) {
    let body = visit.get(path).status(200).body();
    let lists = visit.page().all(|each| each.name == "tbody" || each.has_class("picks"));
    let is_row = |each: &crate::support::html::Element| each.name == "tr" && !each.has_class("detail") || each.has_class("pick");
    (body.len(), lists.iter().map(|list| list.all(is_row).len()).max().unwrap_or_default())
}

/// interface.md, "Measures": fifty rows are no more than sixty thousand bytes.
#[test]
fn a_list_of_fifty_rows_weighs_no_more_than_sixty_thousand_bytes() {
    let portal = a_busy_firm();
    let account =
        saas::account(&portal, 700_001, "Birch Archive").with_seats(&[(SeatType::User, SeatState::Active, 60)]).linked(&portal, BIRCH_ID);
    let month = "2026-11";
    let mut ada = portal.sign_in(ADA);
    let mut wrong = Vec::new();
    for (path, wanted) in [
        ("/organizations", 50),
        ("/status/saas", 50),
        ("/status/saas/unmapped", 50),
        ("/status/devices", 50),
        ("/status/endpoints", 50),
        ("/employees", 50),
        ("/activity", 50),
        ("/outbox", 50),
        ("/tasks", 50),
        // One line a plan and state, whatever there is of them.
        ("/licenses", 4),
        (&format!("/statements/{month}"), 50),
        ("/partners", 50),
        ("/transfers", 50),
        (&format!("/saas/{account}"), 50),
        (&format!("/organizations/{ALDER_ID}"), 25),
        (&format!("/organizations/{ALDER_ID}/users"), 50),
        (&format!("/organizations/{ALDER_ID}/services/link"), 50),
        (&format!("/organizations/{ALDER_ID}/devices/link"), 50),
        (&format!("/organizations/{ALDER_ID}/networks/link"), 50),
        ("/search?q=brightside", 20),
    ] {
        let (weight, rows) = weighed(&mut ada, path);
        println!("{path:45} {weight:7} bytes, {rows} rows");
        if weight > MOST || rows < wanted {
            wrong.push(format!("{path} weighs {weight} with {rows} rows of {wanted}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
