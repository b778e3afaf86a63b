//! Link Networks, by the words of seed 002.

use super::{Scripts, browser, no_complaints, sign_in};
use crate::support::people::ADA;
use crate::support::portal::Portal;

const FIELD: &str = "Name, group name, DNA hostname or DNA serial number";

fn spare(portal: &Portal, name: &str, serial: &str) {
    let listed = portico::networks::model::Listed {
        name: name.to_owned(),
        group_name: None,
        dna_hostname: Some(format!("dna-{}", name.to_lowercase())),
        dna_serial: serial.to_owned(),
    };
    portal.write(|tx| portico::networks::store::upsert(tx, portico::kernel::ids::PartnerId(1), &listed));
}

fn alder(portal: &Portal) -> String {
    format!("/organizations/{}", portal.sql::<i64>("select id from organization where name like 'Alder%'", []))
}

/// DEV-2: "The device's information will auto fill when you press Enter"; several, one after the other.
#[test]
fn networks_are_filled_in_by_enter_one_after_the_other_and_linked_together() {
    let portal = Portal::firm();
    for (name, serial) in [("Elm", "DNA100"), ("Fir", "DNA200"), ("Oak", "DNA300")] {
        spare(&portal, name, serial);
    }
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::On);
    sign_in(&mut ada, ADA);
    ada.visit(&alder(&portal)).click("Link Networks").sees("Elm").sees("Oak");
    ada.fill(FIELD, "dna100").does_not_see("Oak").press("Enter").sees("1 selected");
    ada.fill(FIELD, "fir").does_not_see("Oak").sees("Elm").press("Enter").sees("2 selected");
    // What was ticked can be unticked again, and stays so.
    ada.fill(FIELD, "dna-oak").sees("Oak").press("Enter").sees("3 selected").untick("Fir").sees("2 selected");
    ada.fill(FIELD, "elm").sees("2 selected").click("Link Networks").sees("Linked 2 networks to Alder Dental.");
    ada.sees("DNA100").sees("DNA300").does_not_see("DNA200");
    no_complaints(&mut ada);
}

/// ALL-3: the same without JavaScript.
#[test]
fn networks_are_filled_in_without_javascript_too() {
    let portal = Portal::firm();
    for (name, serial) in [("Elm", "DNA100"), ("Fir", "DNA200"), ("Oak", "DNA300")] {
        spare(&portal, name, serial);
    }
    let served = portal.serve();
    let mut ada = browser(&served, Scripts::Off);
    sign_in(&mut ada, ADA);
    ada.visit(&alder(&portal)).click("Link Networks").fill(FIELD, "DNA100").press("Enter").sees("Elm");
    ada.fill(FIELD, "DNA200").press("Enter").sees("Elm").sees("Fir").click("Link Networks").sees("Linked 2 networks to Alder Dental.");
}
