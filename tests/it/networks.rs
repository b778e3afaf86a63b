//! The rules of `networks`, one test a sentence.

use portico::access::model::Scope;
use portico::access::witness_model::{Manager, Operator};
use portico::accounts::model::Invitation;
use portico::imports;
use portico::imports::actions::total;
use portico::imports::model::{Counts, File, Level, Problem};
use portico::kernel::error::Error;
use portico::kernel::ids::{ImportId, NetworkId, OrganizationId, PartnerId};
use portico::kernel::time::Span;
use portico::linking::actions;
use portico::networks::model::{Listed, Network};
use portico::networks::store;
use portico::organizations::deletion_actions;
use portico::organizations::link_model::Reason;
use portico::organizations::model::Backups;

use crate::support::people::*;
use crate::support::portal::Portal;

const FIELD: &str = "Name, group name, DNA hostname or DNA serial number";
const ALDER_PLACE: OrganizationId = OrganizationId(ALDER_ID);

fn manager() -> Manager {
    Manager::operator(&Operator::of_this_machine(), PartnerId(1))
}

fn listed(name: &str, group: &str, host: &str, serial: &str) -> Listed {
    let owned = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Listed { name: name.to_owned(), group_name: owned(group), dna_hostname: owned(host), dna_serial: serial.to_owned() }
}

fn network_of(portal: &Portal, partner: i64, name: &str, group: &str, host: &str, serial: &str) -> NetworkId {
    portal.write(|tx| store::upsert(tx, PartnerId(partner), &listed(name, group, host, serial)))
}

fn network(portal: &Portal, name: &str, serial: &str) -> NetworkId {
    network_of(portal, 1, name, "", "", serial)
}

fn linked(portal: &Portal, name: &str, serial: &str, organization: i64) -> NetworkId {
    let id = network(portal, name, serial);
    portal.write(|tx| actions::link::<Network>(tx, &manager(), OrganizationId(organization), &[id]).map(drop));
    id
}

fn link_page(organization: i64) -> String {
    format!("/organizations/{organization}/networks/link")
}

fn home_of(portal: &Portal, network: NetworkId) -> Option<i64> {
    portal.sql("select organization from network where id = ?1", [network])
}

/// DEV-2, seed 002: by its own words; each of the four ways finds it, and Enter fills it in.
#[test]
fn a_network_is_found_by_name_group_hostname_or_serial_and_enter_fills_it_in() {
    let portal = Portal::firm();
    let wanted = network_of(&portal, 1, "Elm surgery", "Health", "dna-elm", "DNA000111");
    network_of(&portal, 1, "Fir depot", "Warehouses", "dna-fir", "DNA000222");
    linked(&portal, "Taken already", "DNA000333", BIRCH_ID);
    network_of(&portal, 2, "Foreign elm", "Health", "dna-elm", "DNA000111");
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{ALDER_ID}")).open("Link Networks").sees("Link Networks").sees("Never linked");
    ada.does_not_see("Taken already").does_not_see("Foreign elm").sees("Fir depot");
    for words in ["elm surg", "health", "dna-elm", "dna000111", "DNA000111"] {
        ada.visit(&link_page(ALDER_ID)).fill(FIELD, words).press("Search").sees("Elm surgery").does_not_see("Fir depot");
        let ticked = ada.forms().into_iter().any(|form| {
            form.method == "post"
                && form.fields.iter().any(|field| field.name == "network" && field.sent && field.value == wanted.to_string())
        });
        assert!(ticked, "{words} fills in the network");
    }
    ada.press("Link Networks").sees("Linked 1 network to Alder Dental: Elm surgery.").is_offered("Link Networks").is_offered("Unlink");
    assert_eq!(home_of(&portal, wanted), Some(ALDER_ID));
    assert_eq!(portal.last_activity(), "linked Elm surgery to Alder Dental");
    ada.visit(&format!("/organizations/{ALDER_ID}")).sees("dna-elm").sees("DNA000111");
}

/// DEV-2: the search as one types fills nothing in; two that fit are for the person to choose from.
#[test]
fn typing_alone_ticks_nothing_and_of_two_that_fit_only_the_one_called_so_is_filled_in() {
    let portal = Portal::firm();
    network(&portal, "Elm", "DNA1");
    network(&portal, "Elm depot", "DNA2");
    let mut ada = portal.sign_in(ADA);
    let ticks = |visit: &crate::support::portal::Visit| visit.body().matches("type=\"checkbox\" name=\"network\"").count();
    let ticked = |visit: &crate::support::portal::Visit| {
        visit
            .body()
            .split("<input")
            .filter(|tag| tag.contains("checkbox") && tag.split('>').next().unwrap_or_default().contains("checked"))
            .count()
    };
    ada.visit(&format!("{}?q=elm", link_page(ALDER_ID)));
    assert_eq!((ticks(&ada), ticked(&ada)), (2, 0), "typed");
    ada.visit(&format!("{}?q=elm&fill=1", link_page(ALDER_ID)));
    assert_eq!((ticks(&ada), ticked(&ada)), (2, 1), "only one is called just so");
    ada.visit(&format!("{}?q=dna&fill=1", link_page(ALDER_ID)));
    assert_eq!((ticks(&ada), ticked(&ada)), (2, 0), "both fit, none is called so");
    ada.visit(&format!("{}?q=&fill=1", link_page(ALDER_ID)));
    assert_eq!((ticks(&ada), ticked(&ada)), (2, 0), "nothing was typed");
}

/// DEV-2: several at once, all or none, without JavaScript too: what was filled in stays while the next is looked for.
#[test]
fn several_networks_are_filled_in_one_after_the_other_and_linked_at_once() {
    let portal = Portal::firm();
    let (elm, fir) = (network(&portal, "Elm", "DNA1"), network(&portal, "Fir", "DNA2"));
    network(&portal, "Oak", "DNA3");
    let mut ada = portal.sign_in(ADA);
    ada.visit(&link_page(ALDER_ID)).fill(FIELD, "elm").press("Search").fill(FIELD, "fir").press("Search");
    ada.press("Link Networks").sees("Linked 2 networks to Alder Dental.");
    assert_eq!((home_of(&portal, elm), home_of(&portal, fir)), (Some(ALDER_ID), Some(ALDER_ID)));
    assert_eq!(portal.sql_count("network where organization is null"), 1);
    assert_eq!(portal.sql_count("activity where kind = 'network.linked'"), 2);
}

/// DEV-2
#[test]
fn nothing_ticked_is_a_clear_refusal_and_nothing_to_tick_says_why() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(&link_page(ALDER_ID)).sees("There is no network yet").is_offered("Import");
    network(&portal, "Elm", "DNA1");
    ada.visit(&link_page(ALDER_ID)).press("Link Networks").status(422).sees("Tick at least one network");
    ada.visit(&format!("{}?q=zzz", link_page(ALDER_ID))).sees("Nothing found");
    linked(&portal, "Elm", "DNA1", BIRCH_ID);
    ada.visit(&link_page(ALDER_ID)).sees("No network is waiting to be linked");
    ada.visit(&format!("{}?q=elm", link_page(ALDER_ID))).sees("Elm is linked to Birch & Sons already");
}

/// DEV-3: linked to at most one organization; the second is told who did, and nothing of theirs is linked.
#[test]
fn of_two_who_link_the_same_network_the_second_is_told_who_did() {
    let portal = Portal::firm();
    let (elm, fir) = (network(&portal, "Elm", "DNA1"), network(&portal, "Fir", "DNA2"));
    let mut sam = portal.sign_in(SAM);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&link_page(ALDER_ID));
    sam.post(&link_page(BIRCH_ID), &[("network", &elm.to_string())]).status(303);
    ada.post(&link_page(ALDER_ID), &[("network", &elm.to_string()), ("network", &fir.to_string())]).status(422);
    ada.sees("Elm was linked to Birch & Sons by Sam Okafor").sees("nothing was linked");
    assert_eq!((home_of(&portal, elm), home_of(&portal, fir)), (Some(BIRCH_ID), None));
}

/// DEV-3, ALL-1
#[test]
fn a_network_of_another_partner_cannot_be_linked_and_is_not_found() {
    let portal = Portal::firm();
    let own = network(&portal, "Elm", "DNA1");
    let foreign = network_of(&portal, 2, "Foreign", "", "", "DNA1");
    let link = |networks: &[NetworkId]| portal.db().write(|tx| actions::link::<Network>(tx, &manager(), ALDER_PLACE, networks).map(drop));
    assert!(matches!(link(&[own, foreign]), Err(Error::NotFound)), "a partner beneath has networks of its own");
    assert!(matches!(link(&[own, NetworkId(99)]), Err(Error::NotFound)));
    assert_eq!(home_of(&portal, own), None);
    assert!(link(&[own]).is_ok());
    let mut mallory = portal.sign_in(MALLORY);
    mallory.get(&format!("/networks/{own}")).status(404);
    mallory.get(&format!("/networks/{foreign}")).status(200);
    mallory.get(&link_page(ALDER_ID)).status(404);
    portal.sign_in(TESS).get(&format!("/networks/{own}")).status(404);
}

/// EMP-4: whom groups limit sees what is linked to their organizations and what their own partner holds unlinked, here and in the search.
#[test]
fn a_limited_admin_sees_the_networks_of_their_organizations_and_the_unlinked_ones() {
    let portal = Portal::estate();
    let id = |name: &str| portal.sql::<i64>("select id from network where name = ?1", [name]);
    portal.execute("insert into access_group_member (account, access_group, partner) values (?1, 495000000000001, 1)", [ABE.account]);
    portal.execute("update employee set limited = 1 where account = ?1", [ABE.account]);
    let mut abe = portal.sign_in(ABE);
    abe.get(&format!("/networks/{}", id("Alderine LAN"))).status(200);
    abe.get(&format!("/networks/{}", id("Alderine Spare LAN"))).status(200);
    abe.get(&format!("/networks/{}", id("Birchine LAN"))).status(404);
    abe.get(&format!("/networks/{}", id("Cedarine Spare LAN"))).status(404);
    abe.visit("/search?q=dna-alderine").sees("Alderine LAN");
    abe.visit("/search?q=dna-birchine").does_not_see("Birchine LAN");
    portal.sign_in(ADA).get(&format!("/networks/{}", id("Birchine LAN"))).status(200);
    portal.sign_in(ADA).visit("/search?q=dna-birchine").sees("Birchine LAN");
    portal.sign_in(TESS).visit("/search?q=dna-alderine").does_not_see("Alderine LAN");
}

/// DEV-3
#[test]
fn unlinking_asks_once_keeps_the_network_and_says_by_whom_and_when() {
    let portal = Portal::firm();
    let id = linked(&portal, "Elm", "DNA1", ALDER_ID);
    let unlink = format!("/organizations/{ALDER_ID}/networks/{id}/unlink");
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{ALDER_ID}")).open("Unlink Elm").sees("Unlink Elm?").sees("Nothing is deleted").press("Unlink");
    ada.sees("Unlinked Elm from Alder Dental. The network stays.");
    assert_eq!(portal.last_activity(), "unlinked Elm from Alder Dental");
    ada.visit(&format!("/networks/{id}")).sees("Unlinked by Ada Lane").sees("22 Nov 2026");
    ada.visit(&link_page(BIRCH_ID)).sees("Unlinked 22 Nov by Ada Lane");
    ada.get(&unlink).status(404);
    ada.post(&unlink, &[]).status(422).sees("not linked to Alder Dental any more");
    linked(&portal, "Elm", "DNA1", BIRCH_ID);
    assert_eq!(home_of(&portal, id), Some(BIRCH_ID), "it can be linked again");
}

/// ORG-7, ORG-8: the dialog counts and names what is unlinked; both ways of deletion, and the end of the 45 days, unlink just that.
#[test]
fn deleting_an_organization_unlinks_its_networks_with_the_reason() {
    for backups in [Backups::Keep, Backups::Purge] {
        let portal = Portal::firm();
        let ids = [("Elm", "1"), ("Fir", "2"), ("Oak", "3"), ("Yew", "4")].map(|(name, serial)| linked(&portal, name, serial, ALDER_ID));
        let other = linked(&portal, "Ash", "5", BIRCH_ID);
        let mut ada = portal.sign_in(ADA);
        ada.visit(&format!("/organizations/{ALDER_ID}/deletion?backups={}", backups.word()));
        ada.sees("4 networks are unlinked (Elm, Fir and 2 more) and can be linked elsewhere.");
        ada.fill("Type the organization's name", ALDER).press("Yes, Continue").sees("4 networks unlinked");
        for id in ids {
            assert_eq!(home_of(&portal, id), None);
            ada.visit(&format!("/networks/{id}")).sees("Organization deleted: Alder Dental").sees("22 Nov 2026");
        }
        assert_eq!(home_of(&portal, other), Some(BIRCH_ID));
        let empty = portal.write(|tx| deletion_actions::delete(tx, &manager(), OrganizationId(BIRCH_ID), backups, BIRCH));
        assert_eq!(empty.networks, 1);
    }
    let portal = Portal::firm();
    let id = linked(&portal, "Elm", "1", ALDER_ID);
    portal.sign_in(ADA).post(&format!("/organizations/{ALDER_ID}/unsubscription"), &[]).status(303);
    portal.wait(Span(Span::days(45).0 - 1)).run_jobs();
    assert_eq!(home_of(&portal, id), Some(ALDER_ID));
    portal.wait(Span(1)).run_jobs();
    assert_eq!(home_of(&portal, id), None);
}

/// PAR-6: networks stay behind, unlinked; who agrees is told before.
#[test]
fn networks_stay_behind_unlinked_when_their_organization_goes_to_another_partner() {
    let portal = Portal::firm();
    let id = linked(&portal, "Elm", "1", ALDER_ID);
    let told = portal
        .db()
        .read(|db| portico::transfers::actions::dry_run(db, portico::transfers::model::Thing::Organization(ALDER_PLACE)))
        .expect("a dry run");
    assert!(told.stays.contains(&"1 network: unlinked.".to_owned()), "{told:?}");
    let mut receiver: String = portal.sql("select public_id from partner where id = 2", []);
    receiver.make_ascii_uppercase();
    portal.execute("update organization_user set owner = 1 where account = ?1", [OLU.account]);
    portal.sign_in(OLU).post("/account/transfer", &[("receiver_id", &receiver)]).status(303);
    let transfer: i64 = portal.sql("select id from transfer", []);
    portal.sign_in(ADA).post(&format!("/transfers/{transfer}/validation"), &[]).status(303);
    portal.sign_in(PIA).post(&format!("/transfers/{transfer}/validation"), &[]);
    portal.wait(Span::days(10)).run_jobs();
    assert_eq!(portal.sql::<i64>("select partner from organization where id = ?1", [ALDER_ID]), 2, "it went");
    let (partner, reason): (i64, Reason) = portal
        .connection()
        .query_row("select partner, unlinked_reason from network where id = ?1", [id], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("the network");
    assert_eq!((partner, reason, home_of(&portal, id)), (1, Reason::OrganizationTransferred, None));
    portal.sign_in(ADA).visit(&format!("/networks/{id}")).sees("Organization transferred").does_not_see("Alder Dental");
    portal.sign_in(PIA).get(&format!("/networks/{id}")).status(404);
}

const HEADER: &str = "name,group_name,dna_hostname,dna_serial\n";

fn stage(portal: &Portal, content: &str) -> ImportId {
    let files = [File { name: "networks.csv", bytes: content.as_bytes() }];
    imports::actions::stage(portal.db(), &manager(), &files, &mut |_, _| {}).expect("it is staged")
}

fn refusals(portal: &Portal, import: ImportId) -> Vec<Problem> {
    let found = portal.db().read(|db| imports::store::problems(db, import, Level::Refused, 0, 100)).expect("the problems");
    found.into_iter().map(|(_, problem)| problem).collect()
}

fn carry_out(portal: &Portal, import: ImportId) -> Result<Counts, Error> {
    portal.db().write(|tx| imports::actions::carry_out(tx, &manager(), import, Invitation::Later)).map(|files| total(&files))
}

fn bring_in(portal: &Portal, lines: &str) -> Counts {
    let import = stage(portal, &format!("{HEADER}{lines}"));
    assert_eq!(refusals(portal, import), []);
    carry_out(portal, import).expect("it is carried out")
}

/// IMP-1, IMP-2: a list comes in, twice changes nothing, an empty cell leaves what is here, and a link is never touched.
#[test]
fn a_list_of_networks_comes_in_and_again_changes_nothing() {
    let portal = Portal::firm();
    let first = bring_in(&portal, "Elm surgery,Health,dna-elm,DNA1\nFir depot,,,DNA2\n");
    assert_eq!((first.new, first.changed, first.unchanged), (2, 0, 0));
    let elm = NetworkId(portal.sql("select id from network where dna_serial = 'DNA1'", []));
    portal.write(|tx| actions::link::<Network>(tx, &manager(), ALDER_PLACE, &[elm]).map(drop));
    let before = portal.sql_count("activity");
    let again = bring_in(&portal, "Elm surgery,Health,dna-elm,dna1\nFir depot,,,DNA2\n".replace("dna1", "DNA1").as_str());
    assert_eq!((again.new, again.changed, again.unchanged), (0, 0, 2));
    assert_eq!(portal.sql_count("activity"), before, "nothing changed, nothing is told");
    let changed = bring_in(&portal, "Elm clinic,,,DNA1\n");
    assert_eq!((changed.new, changed.changed, changed.unchanged), (0, 1, 0));
    let scope = Scope::all(PartnerId(1));
    let elm = portal.db().read(|db| store::find(db, &scope, elm)).expect("the network");
    assert_eq!((elm.name.as_str(), elm.facts().as_str()), ("Elm clinic", "Health · dna-elm · DNA1"));
    assert_eq!(elm.organization.map(|(id, _)| id), Some(ALDER_PLACE), "the link stays");
    portal.sign_in(ADA).visit("/search?q=elm+clinic").sees("Elm clinic");
    assert!(portal.last_activity().contains("networks: 0 new, 1 changed"), "{}", portal.last_activity());
}

/// IMP-1, IMP-2, IMP-3: a refusal has file, line, field and reason, and then nothing of the file comes in.
#[test]
fn a_row_that_is_not_right_is_refused_by_line_and_field_and_none_comes_in() {
    let portal = Portal::firm();
    let refused = |content: &str| {
        let import = stage(&portal, content);
        let found: Vec<(String, i64, String)> = refusals(&portal, import).into_iter().map(|one| (one.file, one.line, one.field)).collect();
        assert!(carry_out(&portal, import).is_err(), "nothing of it comes in");
        assert_eq!(found.len(), 1, "{found:?}");
        (found[0].1, found[0].2.clone())
    };
    assert_eq!(refused(&format!("{HEADER}Elm,,,DNA1\n,,,DNA2\n")), (3, "name".to_owned()));
    assert_eq!(refused(&format!("{HEADER}Elm,,,\n")), (2, "dna_serial".to_owned()));
    assert_eq!(refused(&format!("{HEADER}Elm,,,DNA1\nFir,,, dna1 \n")), (3, "dna_serial".to_owned()));
    assert_eq!(refused(&format!("{HEADER}{},,,DNA1\n", "x".repeat(121))), (2, "name".to_owned()));
    assert_eq!(refused("name,dna_serial,color\nElm,DNA1,red\n"), (1, "color".to_owned()));
    assert_eq!(refused("dna_serial,dna_hostname\nDNA1,a\n"), (1, "name".to_owned()));
    assert_eq!(portal.sql_count("network"), 0);
    assert_eq!(bring_in(&portal, &format!("{},,,DNA1\n", "x".repeat(120))).new, 1);
}

/// IMP-2: what was compared with another state than the move meets is not carried out.
#[test]
fn a_preview_that_no_longer_holds_is_not_carried_out() {
    let portal = Portal::firm();
    let import = stage(&portal, &format!("{HEADER}Elm,,,DNA1\n"));
    bring_in(&portal, "Another,,,DNA1\n");
    assert!(matches!(carry_out(&portal, import), Err(Error::Conflict(_))));
    assert_eq!(portal.sql::<String>("select name from network", []), "Another");
}
