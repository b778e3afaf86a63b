//! What one tenant wrote, no other ever reads: each tenant's texts hold a word of their own, and everything a person can fetch is
//! searched for the others' words.

use portico::app::routes;
use portico::kernel::http::Method;

use crate::support::crawl::crawl;
use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE, DOGWOODINE, TENANTS, Tenant};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

/// Everything this person can fetch: pages by crawling, lists by searching for each word, exports, letters opened.
pub fn everything(visit: &Visit) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let pages = crawl(visit, 6);
    for page in &pages {
        found.push((page.url.clone(), page.body()));
        // GET forms are searches and filters: ask each for each tenant's word.
        for form in page.forms().into_iter().filter(|form| form.method == "get") {
            for field in form.fields.iter().filter(|field| matches!(field.kind.as_str(), "text" | "search" | "email")) {
                for tenant in TENANTS {
                    let mut asked = visit.clone();
                    let action = page.absolute(&form.action);
                    let path = action.split('?').next().unwrap_or_default().to_owned();
                    asked.get(&format!("{path}?{}={}", field.name, tenant.word)).follow();
                    // What was typed comes back in the field; that is no news to whoever typed it.
                    let without_echo = asked.body().replace(&format!("value=\"{}\"", tenant.word), "");
                    found.push((format!("{path}?{}={}", field.name, tenant.word), without_echo));
                }
            }
        }
        for form in page.forms().into_iter().filter(|form| form.method == "post") {
            let action = page.absolute(&form.action);
            if action.contains("export") || action.ends_with("/opening") {
                let fields: Vec<(&str, &str)> =
                    form.fields.iter().filter(|field| field.sent).map(|field| (field.name.as_str(), field.value.as_str())).collect();
                let mut sent = visit.clone();
                sent.post(&action, &fields).follow();
                found.push((format!("POST {action}"), sent.body()));
            }
        }
    }
    // And every address of the table that takes a query, with the usual names of one.
    for route in routes::all().filter(|route| route.method == Method::Get && !route.path.contains('{')) {
        for tenant in TENANTS {
            for name in ["q", "from"] {
                let mut asked = visit.clone();
                asked.get(&format!("{}?{name}={}", route.path, tenant.word));
                let body = asked.body().replace(&format!("value=\"{}\"", tenant.word), "");
                found.push((format!("{}?{name}={}", route.path, tenant.word), body));
            }
        }
    }
    found
}

/// The texts, outside of the words that say what was searched for.
fn tells_of(body: &str, tenant: Tenant) -> bool {
    let body = body.to_lowercase();
    let word = tenant.word.to_lowercase();
    // Longer texts of the tenant's: the bare word alone may be an echo of the question ("No results for …").
    [
        format!("{word} mail"),
        format!("{word} spare"),
        format!("{word}.example"),
        format!("{word} seat"),
        format!("{word} lan"),
        format!("{word} laptop"),
        format!("{word} plan.docx"),
        format!("dna-{word}"),
        format!("ulla {word}"),
        format!("named {word}"),
        format!("actor {word}"),
        format!("created {word}"),
        format!("welcome to {word}"),
        format!("importer {word}"),
        format!("{word}.csv"),
        format!("{word} group"),
        format!("{word} branch"),
        format!("dental {word}"),
        format!("sons {word}"),
        format!("clinic {word}"),
        format!("freight {word}"),
        tenant.invited().to_string(),
        tenant.linked().to_string(),
        tenant.unlinked().to_string(),
        tenant.letter().to_string(),
        tenant.network().to_string(),
        tenant.agent().to_string(),
        tenant.file_restore().to_string(),
        tenant.spare_network().to_string(),
        tenant.organization.to_string(),
    ]
    .iter()
    .any(|text| body.contains(text.as_str()))
}

fn sees_only(member: Member, own: &[Tenant], nothing_at_all: bool) {
    let portal = Portal::estate();
    let visit = portal.sign_in(member);
    let everything = everything(&visit);
    for tenant in TENANTS.into_iter().filter(|tenant| !own.contains(tenant)) {
        for (place, body) in &everything {
            assert!(!tells_of(body, tenant), "{} reads of {} at {place}", member.name(), tenant.word);
        }
    }
    for tenant in own {
        let somewhere = everything.iter().any(|(_, body)| tells_of(body, *tenant));
        assert!(somewhere != nothing_at_all, "{} and {}: seen is {somewhere}", member.name(), tenant.word);
    }
}

/// ALL-1: an Admin of another partner sees that partner's, whole, and nothing else.
#[test]
fn mallory_never_sees_a_thing_of_harbor_or_quay() {
    sees_only(MALLORY, &[CEDARINE], false);
}

/// ALL-1
#[test]
fn quinn_sees_quay_and_nothing_else() {
    sees_only(QUINN, &[DOGWOODINE], false);
}

/// USR-8: a user sees one organization alone.
#[test]
fn nia_sees_her_own_organization_alone() {
    sees_only(NIA, &[BIRCHINE], false);
}

/// USR-8
#[test]
fn carl_sees_his_own_organization_alone() {
    sees_only(CARL, &[CEDARINE], false);
}

/// EMP-1: roles that manage nothing find no organization's people or letters.
#[test]
fn sid_sees_no_organization() {
    sees_only(SID, &[], true);
}

/// EMP-1, the table "Employees and roles": who looks after bills reads of organizations in statements and
/// Licenses, and nowhere else.
#[test]
fn bea_reads_of_her_partners_organizations_in_bills_alone() {
    let portal = Portal::estate();
    let everything = everything(&portal.sign_in(BEA));
    for (place, body) in &everything {
        let bill = ["/statements/", "/licenses"].iter().any(|bills| place.trim_start_matches("POST ").starts_with(bills));
        for tenant in TENANTS {
            let own = tenant == ALDERINE || tenant == BIRCHINE;
            assert!(!tells_of(body, tenant) || (own && bill), "Bea reads of {} at {place}", tenant.word);
        }
    }
    assert!(everything.iter().any(|(_, body)| tells_of(body, ALDERINE)), "statements name nobody");
}

/// The positive control: who runs the portal does see what hangs on its organizations.
#[test]
fn abe_sees_both_organizations_of_harbor() {
    let portal = Portal::estate();
    let everything = everything(&portal.sign_in(ABE));
    for tenant in [ALDERINE, BIRCHINE] {
        assert!(everything.iter().any(|(_, body)| tells_of(body, tenant)), "{} is seen", tenant.word);
    }
}
