//! What each form holds for its step to be taken, and what its thing has to be like before.

use portico::alerts::rules_model::{Entered, OF_DEVICES, OF_PARTNER, OF_SERVICES, Rule, field};
use portico::kernel::http::Method;
use portico::kernel::month::Month;
use portico::kernel::random::Tokens;
use portico::page::Route;

use super::things::colleague_of;
use crate::support::authenticator;
use crate::support::estate::{ALDERINE, BIRCHINE, CEDARINE, Tenant};
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

/// Whose step it would be, and whose thing it is about.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) by: Option<Member>,
    pub(super) tenant: Tenant,
}

/// Changes that nobody here can make, and where they are shown instead.
pub(super) const NEVER: &[(&str, &str)] = &[
    ("/set-up/{secret}", "is gone once the portal is set up (partners.rs)"),
    ("/design", "is in the demo alone (design.rs)"),
    ("/mail/test-letter", "needs a mail server (mail_page.rs)"),
    ("/mail/held-letters", "needs a mail server (mail_page.rs)"),
];

/// Brings the thing of the path into the state that the step asks for; the path of another thing where that one never can be.
#[expect(clippy::too_many_lines, reason = "an arm a route, to be read as a list")]
pub(super) fn prepare(route: &Route, portal: &Portal, step: Step) -> Option<String> {
    let employee = colleague_of(step.by, step.tenant).account;
    let user = step.tenant.invited();
    let state = |account: i64, state: &str| {
        portal.execute("update account set state = ?2, invited_until = null where id = ?1", (account, state));
    };
    match route.path {
        "/employees/{employee}/letter" => {
            portal.execute(
                "update account set state = 'invited', invited_until = since + 604800000, set_up_at = null where id = ?1",
                [employee],
            );
        }
        "/employees/{employee}/reactivation" => state(employee, "deactivated"),
        "/organizations/{organization}/users/{user}/reactivation" => state(user, "deactivated"),
        // Who is in the estate's group is limited by it.
        "/groups/{group}/members/{employee}/removal" | "/groups/limits/{employee}/removal" => {
            assert_eq!(portal.sql_count(&format!("employee where account = {} and limited = 1", step.tenant.member().account)), 1);
        }
        "/organizations/{organization}/users/letters" => state(user, "not_invited"),
        "/account/transfer" | "/account/transfer/withdrawal" => {
            if let Some(member) = step.by {
                portal.execute("update organization_user set owner = 1 where account = ?1", [member.account]);
                if route.path.ends_with("withdrawal") {
                    portal.sign_in(member).post("/account/transfer", &[("receiver_id", "P-00000001")]);
                }
            }
        }
        "/transfers/{transfer}/validation" | "/transfers/{transfer}/refusal" => {
            portal.execute("update transfer set receiver = 1 + partner % 3, validator = partner where id = ?1", [step.tenant.transfer()]);
        }
        // It is entered for the organizations of partners beneath.
        "/organizations/{organization}/transfer" => {
            portal.execute("update organization set partner = 2 where id = ?1 and partner = 1", [step.tenant.organization]);
        }
        "/tasks/{task}/approval" | "/tasks/{task}/refusal" | "/tasks/{task}/closing" => {
            let state = if route.path.ends_with("closing") { "queued" } else { "waiting" };
            portal
                .execute("update device_task set state = ?2, ended_by = null, ended_at = null where id = ?1", (step.tenant.task(), state));
        }
        "/tasks/{task}/withdrawal" => {
            // It is withdrawn by who asked.
            let asker = step.by.map(|member| member.account);
            portal.execute("update device_task set state = 'queued', asked_account = ?2 where id = ?1", (step.tenant.task(), asker));
        }
        "/tasks/{task}/return" => {
            portal.execute(
                "update device_task set state = 'in_progress', takes = 1, taken_by = 'Connector', taken_at = 1 where id = ?1",
                [step.tenant.task()],
            );
        }
        "/branding/discard" | "/branding/own" => {
            let stage = if route.path.ends_with("own") { "live" } else { "draft" };
            portal.execute(
                "insert or replace into branding (partner, stage, devices_named, portal_kind, portal_value, clients_kind, clients_value, title)
                 values (?1, ?2, 'hostname', 'none', '', 'none', '', 'Portal')",
                (step.tenant.partner, stage),
            );
        }
        "/organizations/{organization}/sign-in" => {
            portal.execute("update organization_user set owner = 0 where organization = ?1", [step.tenant.organization]);
        }
        "/organizations/{organization}/users/{user}/second-factor" => {
            portal.execute("update account set set_up_at = since where id = ?1", [user]);
            state(user, "active");
        }
        path if path.starts_with("/organizations/{organization}/users/{user}/support") => {
            state(user, "active");
            prepare_support(path, portal, user);
        }
        "/organizations/{organization}/deletion" => {
            portal.execute("delete from receipt where organization = ?1", [step.tenant.organization]);
        }
        "/organizations/{organization}/reactivation" => {
            for table in ["subscription", "organization_listing"] {
                portal.execute(
                    &format!("update {table} set state = 'suspended' where organization = ?1 and state = 'active'"),
                    [step.tenant.organization],
                );
            }
        }
        "/api-keys/{key}/reactivation" => {
            portal.execute("update api_key set state = 'deactivated' where id = ?1", [step.tenant.key()]);
        }
        "/choose-account/acceptance" => {
            if let Some(member) = step.by {
                offer_another_account(portal, member);
            }
        }
        "/account/sessions/{session}/removal" | "/account/sessions/removal" => {
            if let Some(member) = step.by {
                portal.sign_in(member);
            }
        }
        "/saas/{saas_account}/authorization" | "/saas/{saas_account}/authorization/letter" | "/saas/{saas_account}/consent" => {
            portal.execute("update saas_account set authorized = 0, vendor_id = null where id = ?1", [step.tenant.linked()]);
            portal.execute("update organization_user set access = 'full' where account = ?1", [user]);
        }
        "/saas/{saas_account}/cancellation" => {
            portal.execute("update saas_account set commitment = 'month_to_month' where id = ?1", [step.tenant.linked()]);
        }
        "/saas/{saas_account}/seats/deletion" => {
            portal.execute("update seat set state = 'Archived' where id = ?1", [step.tenant.seat()]);
        }
        "/statements/{month}/reconcile/match" | "/statements/{month}/reconcile/forget" => {
            billing_name(route, portal);
        }
        "/account/second-factor/removal" => {
            if let Some(member) = step.by.filter(|member| [OLU, NIA, FINN, NOOR].contains(member)) {
                let (identity, secret) = (member.account + 500, authenticator::secret_of(member));
                let secret = portico::kernel::totp::Secret::of(&secret).expect("twenty bytes");
                let partner = portico::kernel::ids::PartnerId(step.tenant.partner);
                portal.write(|tx| portico::factors::store::save(tx, partner, portico::kernel::ids::IdentityId(identity), &secret, 0));
            }
        }
        "/imports/{import}/completion" => {
            let mut importer = portal.sign_in(primary(step.tenant));
            importer.upload("/imports", &[], &[IMPORT]).status(303);
            return Some(format!("{}/completion", importer.location()));
        }
        _ => {}
    }
    None
}

/// A user with a PIN, and with an authorization where that is confirmed or withdrawn.
fn prepare_support(path: &str, portal: &Portal, user: i64) {
    portal.execute("update organization_user set access = 'full' where account = ?1", [user]);
    portal.execute("delete from support_authorization where account = ?1", [user]);
    if path.ends_with("pin") || path.ends_with("withdrawal") {
        portal.execute(
            "insert into support_authorization (account, partner, organization, given_by, given_at)
             select account, partner, organization, 'Ada', 1 from organization_user where account = ?1",
            [user],
        );
    }
    let account = portico::kernel::ids::AccountId(user);
    let hash = portico::users::support_model::pin_hash(portal.db().vault(), account, "12345678");
    portal.execute(
        "insert or replace into support_pin (account, partner, pin_hash, made_at)
         select account, partner, ?2, 1 from organization_user where account = ?1",
        (user, hash),
    );
}

const IMPORT: (&str, &str, &[u8]) = ("files", "organizations.csv", b"name,plan,seats\nElm Garage,backup,3\n");

/// An account to accept, at an organization where the member has none.
fn offer_another_account(portal: &Portal, member: Member) -> i64 {
    let account = member.account + 90;
    let partner: i64 = portal.sql("select partner from account where id = ?1", [member.account]);
    let organization = if partner == 1 { BIRCHINE.organization } else { CEDARINE.organization };
    portal.execute(
        "insert into account (id, partner, identity, organization, first_name, last_name, name_key, state, since, invited_until, created_at, tags, search)
         select ?1, a.partner, a.identity, ?2, a.first_name, a.last_name, a.name_key, 'invited', a.since, ?3 + 604800000, a.created_at, a.tags, a.search
           from account a where a.id = ?4",
        (account, organization, portal.now(), member.account),
    );
    portal.execute(
        "insert into organization_user (account, partner, organization, access, endpoint_access) values (?1, ?2, ?3, 'full', 'none')",
        (account, partner, organization),
    );
    account
}

/// A name in the billing system's file: matched by hand where that is to be forgotten, and not where it is to be matched.
fn billing_name(route: &Route, portal: &Portal) {
    portal.execute(
        "insert or ignore into billed_row (partner, month, name_key, name, quantity) select id, ?1, 'there', 'There', 3 from partner",
        [Month::of(portal.now()).0],
    );
    portal.execute("delete from billing_name", []);
    if route.path.ends_with("match") {
        return;
    }
    portal.execute(
        "insert or ignore into billing_name (partner, name_key, name, organization) select p.id, 'there', 'There', o.id
           from partner p join organization o on o.partner = p.id group by p.id",
        [],
    );
}

/// Asks for the page, or sends the form.
pub(super) fn ask(visit: &mut Visit, route: &Route, path: &str, fields: &Fields) {
    if route.method != Method::Post {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        visit.get(&if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") });
    } else if route.path == "/imports" {
        visit.upload(path, &[], &[IMPORT]);
    } else if route.path == "/statements/{month}/reconcile" {
        visit.upload(path, &[], &[("file", "billed.csv", b"organization,quantity\nElm,3\n")]);
    } else if route.path == "/saas/{saas_account}/seats/file" {
        visit.upload(path, &[("action", "Pause")], &[("file", "seats.csv", b"email\nseat@alderine.example\n")]);
    } else {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        visit.post(path, &fields);
    }
}

/// What a form holds, by name.
pub(super) type Fields = Vec<(&'static str, String)>;

fn texts(fields: &[(&'static str, &str)]) -> Fields {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// What somebody would fill in who knows everything.
#[expect(clippy::too_many_lines, reason = "an arm a route, to be read as a list")]
pub(super) fn fields(visit: &Visit, route: &Route, path: &str, step: Step) -> Fields {
    const NEW: &str = "another four harbor words";
    // A page that is nothing without what its address asks for.
    let asks = ["/devices/{device}/recovery/new", "/saas/{saas_account}/seats/review", "/statements/{month}/reconcile/match"]
        .contains(&route.path);
    if route.method != Method::Post && !asks {
        return Vec::new();
    }
    let portal = visit.portal.clone();
    match route.path {
        "/sign-in" | "/p/{slug}/sign-in" => texts(&[("email", BEA.email), ("password", PASSWORD)]),
        "/choose-account" => vec![("account", step.by.map_or(0, |member| member.account).to_string())],
        "/choose-account/acceptance" => vec![("account", (step.by.map_or(0, |member| member.account) + 90).to_string())],
        "/links/{token}" | "/sign-in/password" => texts(&[("password", NEW), ("password_again", NEW)]),
        "/forgot-password" | "/p/{slug}/forgot-password" => texts(&[("email", OLU.email)]),
        "/sign-in/code" => vec![("code", step.by.map(|member| portal.fresh_code(member)).unwrap_or_default())],
        "/sign-in/second-factor" | "/account/second-factor" => factor(visit, route.path),
        "/account/recovery-codes" | "/account/second-factor/removal" => texts(&[("current_password", PASSWORD)]),
        "/account/password" => texts(&[("current_password", PASSWORD), ("new_password", NEW)]),
        "/recovery-codes" => codes_on_their_way(&portal, step),
        "/account" => texts(&[("time_zone", "Europe/Berlin"), ("theme", "dark")]),
        "/account/display" | "/branding/local" => texts(&[
            ("devices_by", "name"),
            ("storage_as", "amounts"),
            ("backup_warn_hours", "6"),
            ("backup_fail_hours", "30"),
            ("devices_per_page", "50"),
            ("theme", "dark"),
        ]),
        "/branding" => texts(&[
            ("devices_named", "both"),
            ("portal", "none"),
            ("clients", "built_in:harbor"),
            ("accent_choice", "own"),
            ("accent", "#0f766e"),
            ("title", "Portal"),
            ("support", "+1 555 0100"),
            ("step", "save"),
        ]),
        "/organizations/{organization}/branding" => texts(&[("wanted", "on")]),
        "/alerts" => alerts(OF_PARTNER),
        "/alerts/{organization}" => alerts(&[OF_DEVICES, OF_SERVICES].concat()),
        "/account/theme" => texts(&[("theme", "dark")]),
        "/api-keys/new" => texts(&[("name", "Another key"), ("reach", "partner"), ("lifetime", "30")]),
        "/addresses" => texts(&[("email", "una@elm.example"), ("product", "Tickets")]),
        "/backups/daily" => texts(&[("daily", "off")]),
        "/mail" => texts(&[
            ("delivery", "smtp"),
            ("host", "mail.harbor.example"),
            ("port", "587"),
            ("security", "starttls"),
            ("from_address", "mail@harbor.example"),
        ]),
        "/account/transfer" | "/saas/{saas_account}/transfer" => texts(&[("receiver_id", "P-00000002")]),
        "/notification-settings" => texts(&[("notice", "user_set_up"), ("errors", "weekly"), ("invoices", "off"), ("general", "off")]),
        "/account/transfer/withdrawal" | "/transfers/{transfer}/refusal" | "/transfers/{transfer}/withdrawal" => {
            texts(&[("reason", "A mistake")])
        }
        "/price-list" => texts(&[("from", "2027-02"), ("currency", "EUR"), ("backup", "3.50")]),
        "/security-settings" => {
            texts(&[("password_length", "14"), ("session_idle", "30"), ("session_longest", "480"), ("inactive_days", "90")])
        }
        "/security-settings/organizations/{organization}" => texts(&[("second_factor", "required")]),
        "/saas/{saas_account}/authorization" => texts(&[("customer_id", "987654")]),
        "/saas/{saas_account}/authorization/letter" => vec![("user", step.tenant.invited().to_string())],
        "/saas/{saas_account}/cancellation" => texts(&[("typed", "CANCEL SUBSCRIPTION"), ("reason", "They left")]),
        "/saas/{saas_account}/seats" | "/saas/{saas_account}/seats/review" => {
            vec![("action", "Pause".to_owned()), ("seat", step.tenant.seat().to_string())]
        }
        "/saas/{saas_account}/seats/deletion" => vec![("seat", step.tenant.seat().to_string())],
        "/saas/{saas_account}/terms" => {
            let terms = texts(&[("commitment", "one_year"), ("retention", "TBR"), ("auto_add", "on")]);
            [terms, vec![("seen", seen(&portal, path, step))]].concat()
        }
        "/status/saas/add" => {
            let service =
                texts(&[("product", "microsoft_365"), ("region", "Germany"), ("domain", "elm.example"), ("managed_by", "partner")]);
            let terms = texts(&[("commitment", "one_year"), ("retention", "ICR"), ("auto_add", "on"), ("name", "Elm Garage")]);
            [service, terms, texts(&[("organization", "new")])].concat()
        }
        "/statements/{month}/reconcile/match" => {
            vec![("name", "There".to_owned()), ("organization", step.tenant.organization.to_string())]
        }
        "/statements/{month}/reconcile/forget" => texts(&[("name", "There")]),
        "/status/saas/console" => texts(&[("address", "https://console.vendor.example")]),
        "/status/saas/unmapped/exact" => vec![("pair", format!("{}:{}", step.tenant.unlinked(), step.tenant.organization))],
        "/status/saas/unmapped/{saas_account}" => vec![("organization", step.tenant.organization.to_string())],
        "/partners" => [person("Una", "Elm", "una@elm.example"), texts(&[("name", "Elm Partners"), ("country", "NO")])].concat(),
        "/partners/{partner}/edit" => {
            let firm = texts(&[("name", "Another Name"), ("country", "DK")]);
            [person("Una", "Elm", "una@elm.example"), firm, vec![("seen", seen(&portal, path, step))]].concat()
        }
        "/devices/{device}/tasks/new" => texts(&[("kind", "local_data"), ("note", "The oldest year")]),
        "/devices/{device}/recovery/new" => {
            let at: i64 = portal.sql("select at from asset_backup where status = 'success' limit 1", []);
            let point = vec![("volume", format!("{:032x}", step.tenant.number)), ("at", at.to_string())];
            [point, texts(&[("kind", "restore_files"), ("note", "All of it")])].concat()
        }
        "/tasks/{task}/refusal" => texts(&[("reason", "Not now")]),
        "/tasks/{task}/closing" => texts(&[("outcome", "done"), ("result", "By hand")]),
        "/partners/{partner}/transfer-right" => texts(&[("wanted", "revoked")]),
        "/status/endpoints/{endpoint_agent}/restores/new" => {
            let at: Option<i64> = portal.sql_maybe("select at from endpoint_backup where dataset = ?1", [step.tenant.dataset()]);
            vec![("point", format!("{}-{}", step.tenant.dataset(), at.unwrap_or_default())), ("path", "C:\\Plan.docx".to_owned())]
        }
        "/restores/{file_restore}/completion" => texts(&[("state", "done"), ("result", "On the desktop")]),
        _ if route.path.starts_with("/groups") => of_groups(&portal, route.path, step),
        _ if route.path.starts_with("/employees") => of_employees(&portal, route.path, path, step),
        _ if route.path.starts_with("/organizations") => of_organizations(&portal, route.path, path, step),
        _ => Vec::new(),
    }
}

/// Every rule with its default, but a threshold that is none's.
fn alerts(rules: &[Rule]) -> Fields {
    let name = |what: &str, rule: Rule| -> &'static str { field(what, rule).leak() };
    let one = |rule: &Rule| {
        let usual = Entered::of(&rule.default());
        [(name("threshold", *rule), "37".to_owned()), (name("unit", *rule), usual.unit), (name("to", *rule), "nobody".to_owned())]
    };
    rules.iter().flat_map(one).collect()
}

/// The code of the second factor that this visitor's page offers, if it offers one.
fn factor(visit: &Visit, path: &str) -> Fields {
    let mut look = visit.clone();
    if look.get(path).response.status != 200 {
        return Vec::new();
    }
    let code = authenticator::code(&look.offered_secret(), look.portal.now());
    vec![("current_password", PASSWORD.to_owned()), ("code", code)]
}

/// Recovery codes as the page that showed them carries them.
fn codes_on_their_way(portal: &Portal, step: Step) -> Fields {
    use base64::Engine as _;
    let identity = step.by.map_or(0, |member| member.account) + 500;
    let sealed = portal.db().vault().seal("recovery codes on their way", &identity.to_le_bytes(), b"AAAA-BBBB", Tokens).expect("sealed");
    vec![("sealed", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(sealed))]
}

fn person(first: &str, last: &str, email: &str) -> Fields {
    vec![("first_name", first.to_owned()), ("last_name", last.to_owned()), ("email", email.to_owned())]
}

fn email_of(portal: &Portal, account: i64) -> String {
    portal
        .sql_maybe("select i.email from account a join identity i on i.id = a.identity where a.id = ?1", [account])
        .unwrap_or_else(|| "nobody@elm.example".to_owned())
}

fn of_employees(portal: &Portal, route: &str, path: &str, step: Step) -> Fields {
    let account = colleague_of(step.by, step.tenant).account;
    let role = texts(&[("role", "sales_and_marketing"), ("bcdr", "role"), ("endpoint_backup", "role")]);
    match route {
        "/employees/new" => [person("Ivo", "Marsh", "ivo@harbor.example"), role].concat(),
        "/employees/{employee}" => {
            [person("Another", "Name", &email_of(portal, account)), role, vec![("seen", seen(portal, path, step))]].concat()
        }
        "/employees/primary-account" => vec![("employee", account.to_string())],
        _ => Vec::new(),
    }
}

fn of_groups(portal: &Portal, route: &str, step: Step) -> Fields {
    let organization = if step.tenant.partner == 1 {
        BIRCHINE.organization + ALDERINE.organization - step.tenant.organization
    } else {
        step.tenant.organization
    };
    match route {
        "/groups" | "/groups/{group}/name" => texts(&[("name", "Another Group")]),
        "/groups/{group}/deletion" => {
            let name: Option<String> = portal.sql_maybe("select name from access_group where id = ?1", [step.tenant.group()]);
            vec![("typed", name.unwrap_or_default())]
        }
        "/groups/{group}/organizations" => vec![("organization", organization.to_string())],
        "/groups/{group}/members" => vec![("employee", colleague_of(step.by, step.tenant).account.to_string())],
        _ => Vec::new(),
    }
}

fn of_organizations(portal: &Portal, route: &str, path: &str, step: Step) -> Fields {
    let access = texts(&[("access", "full"), ("endpoint_access", "none")]);
    let organization = path.split('/').nth(2).unwrap_or_default();
    match route {
        "/organizations" => texts(&[("name", "Elm Garage")]),
        "/organizations/states" | "/organizations/states/review" => {
            vec![("operation", "suspend".to_owned()), ("organization", step.tenant.organization.to_string())]
        }
        "/organizations/new-organization" => {
            let partner: String = portal.sql("select public_id from partner where id = ?1", [step.tenant.partner]);
            let rest = texts(&[("country", "NO"), ("plan", "backup"), ("auto_license", "on"), ("name", "Elm Garage")]);
            [person("Una", "Elm", "una@elm.example"), rest, vec![("partner", partner)]].concat()
        }
        "/organizations/{organization}/transfer" => texts(&[("receiver_id", "P-00000002")]),
        "/organizations/{organization}/settings" => {
            let home = format!("/organizations/{organization}");
            vec![("name", "Another Name".to_owned()), ("seen", seen(portal, &home, step))]
        }
        "/organizations/{organization}/plan" => {
            vec![("plan", "backup".to_owned()), ("auto_license", "on".to_owned()), ("seen", seen(portal, path, step))]
        }
        "/organizations/{organization}/second-factor" => texts(&[("wanted", "required")]),
        "/organizations/{organization}/deletion" => {
            let name: Option<String> = portal.sql_maybe("select name from organization where id = ?1", [organization]);
            vec![("typed", name.unwrap_or_default()), ("backups", "keep".to_owned())]
        }
        "/organizations/{organization}/devices/link" => vec![("device", step.tenant.spare_device().to_string())],
        "/organizations/{organization}/services/link" => vec![("saas_account", step.tenant.unlinked().to_string())],
        "/organizations/{organization}/networks/link" => vec![("network", step.tenant.spare_network().to_string())],
        "/organizations/{organization}/users/letters" => texts(&[("all", "1")]),
        "/organizations/{organization}/users/{user}/support/pin" => texts(&[("pin", "12345678")]),
        "/organizations/{organization}/users/new" => [person("Ira", "Moss", "ira@elm.example"), access].concat(),
        "/organizations/{organization}/users/{user}" => {
            let email = email_of(portal, step.tenant.invited());
            [person("Another", "Name", &email), access, vec![("seen", seen(portal, path, step))]].concat()
        }
        _ => Vec::new(),
    }
}

/// What a form was drawn from, as the primary account of the thing's partner sees it.
fn seen(portal: &Portal, path: &str, step: Step) -> String {
    let mut look = portal.sign_in(primary(step.tenant));
    if look.get(path).response.status == 200 && look.body().contains("name=\"seen\"") { look.value_of("seen") } else { String::new() }
}

const fn primary(tenant: Tenant) -> Member {
    match tenant.partner {
        1 => ADA,
        2 => PIA,
        _ => QUINN,
    }
}
