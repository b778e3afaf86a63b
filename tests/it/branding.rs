//! Set Branding → Customize: what is chosen, drafted, previewed and shown to whom.

use crate::support::people::*;
use crate::support::pictures::{decoded, png};
use crate::support::portal::{Portal, Visit};

const CUSTOMIZE: &str = "/branding";
const OWN_ADDRESS: &str = "/p/harbor/sign-in";

/// The form's fields, with a look of one's own.
const LOOK: [(&str, &str); 9] = [
    ("devices_named", "hostname"),
    ("portal", "none"),
    ("portal_color", "#123456"),
    ("clients", "built_in:harbor"),
    ("clients_color", "#123456"),
    ("accent_choice", "own"),
    ("accent", "#0f766e"),
    ("title", "Harbor Care"),
    ("support", "+1 555 0100"),
];

/// The same with other values of some, and the button pressed.
fn fields<'a>(step: &'a str, other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = LOOK.iter().copied().filter(|(name, _)| other.iter().all(|(there, _)| there != name)).collect();
    fields.extend(other);
    fields.push(("step", step));
    fields
}

fn brand(portal: &Portal) -> Visit {
    let mut ada = portal.sign_in(ADA);
    ada.post(CUSTOMIZE, &fields("save", &[])).status(303).follow().sees("Saved. Your sign-in page and users of organizations");
    ada
}

fn switch(portal: &Portal, organization: i64, word: &str) {
    portal.sign_in(ABE).post(&format!("/organizations/{organization}/branding"), &[("wanted", word)]).status(303);
}

/// The addresses of the style sheets that a page loads beside Portico's own.
fn sheets(visit: &Visit) -> Vec<String> {
    let body = visit.body();
    body.split("href=\"/brand/").skip(1).map(|rest| format!("/brand/{}", rest.split('"').next().unwrap_or_default())).collect()
}

/// What a look's style sheet says.
fn sheet(portal: &Portal, visit: &Visit) -> String {
    let found = sheets(visit);
    let address = found.iter().find(|address| address.ends_with(".css")).expect("a style sheet");
    portal.guest().get(address).status(200).body()
}

/// BRA-1: Customize is the primary account's alone; for anybody else its addresses answer as a page that does not exist, and the menu and an
/// organization's page do not lead there.
#[test]
fn only_the_primary_account_finds_customize() {
    let portal = Portal::firm();
    for member in [SAM, ABE, TESS, BEA, SID, OLU, MALLORY] {
        let mut visit = portal.sign_in(member);
        let primary = member == MALLORY
            && portal.sql::<String>("select role from employee where account = ?1", [MALLORY.account]) == "primary_account";
        assert!(!primary, "Mallory is an Admin");
        let nothing = visit.get("/no-such-page").status(404).body();
        for page in [CUSTOMIZE, "/branding/local", "/branding/own", "/branding/preview/sign-in", "/branding/preview/status"] {
            assert_eq!(mask(&visit.get(page).status(404).body()), mask(&nothing), "{page} for {}", member.email);
        }
        for page in [CUSTOMIZE, "/branding/local", "/branding/own", "/branding/discard"] {
            visit.post(page, &fields("save", &[])).status(404);
        }
        visit.visit("/").is_not_offered("Set Branding");
    }
    portal
        .sign_in(ABE)
        .visit(&format!("/organizations/{ALDER_ID}"))
        .sees("Use custom branding for the organization")
        .is_not_offered("Set Branding");
    assert_eq!(portal.sql_count("branding"), 0);
    let mut ada = portal.sign_in(ADA);
    ada.visit(&format!("/organizations/{ALDER_ID}")).open("Set Branding");
    ada.sees("Customize").sees("How to identify devices").sees("Personal portal background");
    ada.sees("Background images for all organizations");
}

fn mask(body: &str) -> String {
    let mut parts = body.split("name=\"form_id\" value=\"");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        whole.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    whole
}

/// BRA-5: a draft is shown by its preview and by nothing else, until it is saved.
#[test]
fn a_draft_is_seen_in_the_preview_alone_until_it_is_saved() {
    let portal = Portal::firm();
    switch(&portal, ALDER_ID, "on");
    let (mut ada, mut olu, mut guest) = (portal.sign_in(ADA), portal.sign_in(OLU), portal.guest());
    ada.post(CUSTOMIZE, &fields("preview", &[])).status(303).follow();
    ada.sees("The preview is up to date. Nobody else sees it until you save.").sees("These changes are a draft.");
    assert_eq!(portal.last_activity(), "drafted a change of the branding");
    for what in ["sign-in", "status"] {
        for theme in ["light", "dark"] {
            ada.visit(&format!("/branding/preview/{what}?theme={theme}")).sees("Harbor Care").sees("+1 555 0100").sees("Sample data");
            assert!(ada.body().contains(&format!("data-theme=\"{theme}\"")));
            assert!(sheet(&portal, &ada).contains("--backdrop: url("));
        }
    }
    olu.visit("/").does_not_see("Harbor Care");
    guest.visit(OWN_ADDRESS).does_not_see("Harbor Care");
    assert!(sheets(&olu).is_empty() && sheets(&guest).is_empty());

    ada.visit(CUSTOMIZE)
        .press("Save")
        .sees("Saved. Your sign-in page and users of organizations")
        .does_not_see("These changes are a draft.");
    assert_eq!(portal.last_activity(), "changed the branding");
    olu.visit("/").sees("Harbor Care").sees("Support: +1 555 0100");
    guest.visit(OWN_ADDRESS).sees("Harbor Care").sees("Support: +1 555 0100").sees("Backup and devices of your organization");
    assert!(sheet(&portal, &olu).contains("--accent-light: #0f766e") && sheet(&portal, &guest).contains("--backdrop: url("));
    let before = portal.sql_count("activity");
    ada.press("Save").sees("Nothing was changed.");
    assert_eq!(portal.sql_count("activity"), before);
}

/// BRA-5: a draft can be discarded, and what everybody sees stays as it was.
#[test]
fn a_draft_can_be_discarded() {
    let portal = Portal::firm();
    let mut ada = brand(&portal);
    ada.post(CUSTOMIZE, &fields("preview", &[("title", "Other Name")])).status(303);
    ada.visit("/branding/preview/sign-in").sees("Other Name");
    ada.visit(CUSTOMIZE).press("Discard changes").sees("The draft is discarded.");
    ada.visit("/branding/preview/sign-in").sees("Harbor Care").does_not_see("Other Name");
    portal.guest().visit(OWN_ADDRESS).sees("Harbor Care");
    assert_eq!(portal.last_activity(), "discarded the draft of the branding");
    ada.post("/branding/discard", &[]).status(303).follow().sees("There is no draft any more");
    assert_eq!(portal.sql_count("branding where stage = 'draft'"), 0);
    // What nobody names any more is gone.
    assert_eq!(portal.sql_count("branding_file where kind = 'css'"), 2);
}

/// ORG-10, BRA-5: an organization's users see their partner's look from their next page on while it is on, and Portico's own while it is off; no
/// employee and no other organization's user ever does.
#[test]
fn an_organizations_users_see_the_look_while_it_is_on() {
    let portal = Portal::firm();
    let mut ada = brand(&portal);
    let (mut olu, mut nia, mut abe) = (portal.sign_in(OLU), portal.sign_in(NIA), portal.sign_in(ABE));
    olu.visit("/").does_not_see("Harbor Care").sees("Portico");
    abe.visit(&format!("/organizations/{ALDER_ID}")).press("Use custom branding for the organization");
    abe.sees("Turned custom branding on for Alder Dental.");
    assert_eq!(portal.last_activity(), "turned custom branding on for Alder Dental");
    for page in ["/", "/status/saas", "/account", "/guides", "/no-such-page"] {
        olu.get(page).sees("Harbor Care").does_not_see("Portico").sees("Support: +1 555 0100");
        assert!(olu.body().contains("body class=\"backed\"") && sheets(&olu).len() == 1, "{page}");
        for visit in [&mut nia, &mut abe, &mut ada] {
            visit.get(page).does_not_see("Harbor Care");
            assert!(!visit.body().contains(" class=\"backed\"") && sheets(visit).is_empty(), "{page}");
        }
    }
    abe.visit(&format!("/organizations/{ALDER_ID}")).press("Use custom branding for the organization").sees("Turned custom branding off");
    olu.visit("/").does_not_see("Harbor Care").sees("Portico");
    assert!(sheets(&olu).is_empty());
    // With nothing chosen there is nothing to see.
    let plain = Portal::firm();
    switch(&plain, ALDER_ID, "on");
    let mut olu = plain.sign_in(OLU);
    olu.visit("/").sees("Portico");
    assert!(sheets(&olu).is_empty());
}

/// BRA-5: the partner's own sign-in address is always in its look, whoever comes; Portico's, and an unknown slug's, never. The pages behind its
/// letters' links are in it as well.
#[test]
fn the_partners_own_address_is_always_branded_and_an_unknown_one_never() {
    let portal = Portal::firm();
    drop(brand(&portal));
    let mut guest = portal.guest();
    for page in [OWN_ADDRESS, "/p/harbor/forgot-password"] {
        guest.visit(page).sees("Harbor Care").does_not_see("Portico");
    }
    guest.visit(OWN_ADDRESS).fill("E-mail", OLU.email).fill("Password", "not the right words").press("Sign in").sees("Harbor Care");
    for page in ["/sign-in", "/forgot-password", "/p/unknown/sign-in", "/p/unknown/forgot-password", "/links/nothing"] {
        guest.get(page).sees("Portico").does_not_see("Harbor Care");
        assert!(sheets(&guest).is_empty(), "{page}");
    }
    guest.visit(OWN_ADDRESS).open("Forgot password").fill("E-mail", OLU.email).press("Send letter");
    portal.run_jobs();
    guest.visit(&portal.link_for(OLU.email)).sees("Reset your password").sees("Harbor Care");
    // Who saw the look is led back to that address.
    switch(&portal, ALDER_ID, "on");
    let mut olu = portal.sign_in(OLU);
    olu.visit("/").press("Sign out").sees("You are signed out.").sees("Harbor Care");
    portal.sign_in(NIA).visit("/").press("Sign out").sees("You are signed out.").does_not_see("Harbor Care");
}

/// BRA-1: the personal portal background lies behind the pages of the partner's own employees, and behind nobody else's.
#[test]
fn the_personal_background_is_for_the_partners_own_people() {
    let portal = Portal::firm();
    switch(&portal, ALDER_ID, "on");
    let mut ada = portal.sign_in(ADA);
    let look =
        [("portal", "color"), ("portal_color", "#204060"), ("clients", "none"), ("accent_choice", ""), ("title", ""), ("support", "")];
    ada.post(CUSTOMIZE, &fields("save", &look)).status(303);
    for member in [ADA, TESS, BEA] {
        let mut visit = portal.sign_in(member);
        visit.visit("/").sees("Portico");
        assert!(visit.body().contains("body class=\"backed\""));
        assert!(sheet(&portal, &visit).contains("--backdrop-color: #204060"));
    }
    for member in [OLU, NIA, MALLORY] {
        let mut visit = portal.sign_in(member);
        visit.visit("/");
        assert!(sheets(&visit).is_empty() && !visit.body().contains(" class=\"backed\""), "{}", member.email);
    }
    portal.guest().visit(OWN_ADDRESS).sees("Portico");
}

/// BRA-5: one step leads back to Portico's own, and what was there can be saved again. How devices are identified is no look, and stays.
#[test]
fn one_step_leads_back_to_porticos_own_and_another_one_back_again() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(CUSTOMIZE).is_not_offered("Back to Portico's own");
    ada.post(CUSTOMIZE, &fields("save", &[("devices_named", "both")])).status(303);
    ada.visit(CUSTOMIZE).open("Back to Portico's own").press("Yes, Continue").sees("Everybody sees Portico's own look.");
    portal.guest().visit(OWN_ADDRESS).does_not_see("Harbor Care");
    assert_eq!(portal.sql::<String>("select devices_named from branding where stage = 'live'", []), "both");
    ada.post("/branding/own", &[]).status(303).follow().sees("is what everybody sees already");
    ada.visit(CUSTOMIZE).press("Save").sees("Saved.");
    portal.guest().visit(OWN_ADDRESS).sees("Harbor Care");
}

/// BRA-5: a form says nothing of pictures and choices that it was not drawn with: what another window changed meanwhile is neither shown to
/// everybody nor lost unseen.
#[test]
fn a_form_that_was_drawn_before_another_change_comes_back() {
    let portal = Portal::firm();
    let (mut first, mut second) = (brand(&portal), portal.sign_in(ADA));
    first.visit(CUSTOMIZE);
    second.upload(CUSTOMIZE, &fields("preview", &[]), &[("logo_file", "logo.png", &png(64, 64, [200, 30, 30, 255]))]).status(303);
    let live = || portal.sql::<String>("select title || coalesce(logo, '') from branding where stage = 'live'", []);
    first.fill("Support contact", "+1 555 0199").press("Save").sees("changed in another window meanwhile");
    assert_eq!(first.value_of("Support contact"), "+1 555 0199");
    assert_eq!(live(), "Harbor Care", "the draft's logo is nobody's to see yet");
    second.visit(CUSTOMIZE).fill("Portal title", "Harbor Two").press("Save").sees("Saved.");
    first.fill("Portal title", "Harbor One").press("Save").sees("changed in another window meanwhile");
    assert!(live().starts_with("Harbor Two"), "nothing is lost unseen");
    first.press("Save").sees("Saved.");
    assert!(live().starts_with("Harbor One") && "Harbor One".len() < live().len(), "with the logo that it was drawn with");
}

/// BRA-5: who goes back to Portico's own is told that a draft is lost.
#[test]
fn back_to_porticos_own_says_what_becomes_of_a_draft() {
    let portal = Portal::firm();
    let mut ada = brand(&portal);
    ada.visit("/branding/own").does_not_see("not saved is lost");
    ada.post(CUSTOMIZE, &fields("preview", &[("title", "Harbor Draft")])).status(303);
    ada.visit("/branding/own").sees("The draft that you have not saved is lost");
}

/// BRA-1: what makes no sense comes back with a sentence, and nothing is changed.
#[test]
fn what_makes_no_sense_is_refused() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let (long, longer) = ("x".repeat(61), "x".repeat(121));
    for (name, value, sentence) in [
        ("devices_named", "color", "Choose how devices are identified."),
        ("portal", "", "Choose a background."),
        ("clients", "built_in:moon", "Choose one of the pictures."),
        ("clients", "upload", "Choose a file with the picture."),
        ("accent", "blue", "Enter a color as #rrggbb"),
        ("accent", "#12345", "Enter a color as #rrggbb"),
        ("title", &long, "60"),
        ("support", &longer, "120"),
    ] {
        for step in ["preview", "save"] {
            ada.post(CUSTOMIZE, &fields(step, &[(name, value)])).status(422).sees(sentence);
        }
    }
    ada.post(CUSTOMIZE, &fields("save", &[("clients", "color"), ("clients_color", "red; } body { display: none")])).status(422);
    assert_eq!(portal.sql_count("branding"), 0);
    assert_eq!(portal.sql_count("branding_file"), 0);
    let (most, more) = ("x".repeat(60), "x".repeat(120));
    ada.post(CUSTOMIZE, &fields("save", &[("title", &most), ("support", &more)])).status(303);
}

/// BRA-5: an accent that cannot be read is replaced by the nearest that can, and the page shows both.
#[test]
fn an_accent_that_cannot_be_read_is_adjusted_and_shown() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.post(CUSTOMIZE, &fields("preview", &[("accent", "#ffd400")])).status(303).follow();
    ada.sees("adjusted").sees("4.5 to 1").sees("#ffd400");
    let sheet = sheet(&portal, &ada);
    assert!(sheet.contains("--link:") && !sheet.contains("--link: light-dark(#ffd400"), "{sheet}");
    ada.post(CUSTOMIZE, &fields("preview", &[("accent_choice", "")])).status(303).follow().does_not_see("adjusted");
}

/// BRA-5: what is served has its own type, is kept for ever and is never a document; its name tells nothing, and a partner's is its own.
#[test]
fn what_is_served_is_never_a_document_and_its_name_tells_nothing() {
    let portal = Portal::firm();
    drop(brand(&portal));
    let mut guest = portal.guest();
    guest.visit(OWN_ADDRESS);
    let css = sheets(&guest).remove(0);
    let text = guest.get(&css).status(200).body();
    let picture = text.split("url(\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a picture").to_owned();
    for (address, kind) in [(&css, "text/css; charset=utf-8"), (&picture, "image/svg+xml")] {
        guest.get(address).status(200);
        let header =
            |name: &str| guest.response.headers.iter().filter(|(key, _)| *key == name).map(|(_, value)| value.clone()).collect::<Vec<_>>();
        assert_eq!(header("Content-Type"), [kind]);
        assert_eq!(header("Cache-Control"), ["public, max-age=31536000, immutable"]);
        assert_eq!(header("X-Content-Type-Options"), ["nosniff"]);
        assert_eq!(header("Content-Disposition"), ["attachment"]);
        assert!(header("Content-Security-Policy").iter().any(|policy| policy == "sandbox; default-src 'none'"));
    }
    let stem = css.trim_start_matches("/brand/").trim_end_matches(".css");
    assert!(stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit()), "{css}");
    guest.get(&format!("/brand/{}.css", "0".repeat(32))).status(404);
    guest.get(&css.replace(".css", ".svg")).status(404);
    // The same look of another partner has other names.
    let partner: i64 = portal.sql("select partner from account where id = ?1", [MALLORY.account]);
    portal.execute("update employee set role = 'admin' where partner = ?1 and role = 'primary_account'", [partner]);
    portal.execute("update employee set role = 'primary_account' where account = ?1", [MALLORY.account]);
    let mut mallory = portal.sign_in(MALLORY);
    mallory.post(CUSTOMIZE, &fields("save", &[])).status(303);
    let names = |partner: i64| portal.sql::<String>("select group_concat(name) from branding_file where partner = ?1", [partner]);
    assert!(names(partner).split(',').all(|name| !names(1).contains(name)));
    portal.guest().get(&css).status(200);
}

/// BRA-3: Local is on Customize for the primary account, where Display leads it, and under Account Settings for everybody else.
#[test]
fn local_is_on_customize_for_the_primary_account_and_under_display_for_others() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(CUSTOMIZE).open("Local").sees("Customize").sees("Sort devices by").sees("Backup thresholds").sees("Theme");
    ada.fill("Devices per page", "100").fill("Theme", "Dark").press("Save").sees("Your view of devices is saved.").sees("Customize");
    assert_eq!(portal.sql::<String>("select theme || devices_per_page from identity where email = ?1", [ADA.email]), "dark100");
    ada.visit("/account").open("Display").sees("Customize");
    for member in [SAM, TESS, OLU] {
        let mut visit = portal.sign_in(member);
        visit.visit("/account").open("Display").sees("Account Settings").fill("Devices per page", "10").press("Save");
        visit.sees("Your view of devices is saved.").sees("Account Settings");
    }
}

/// DEV-4: devices are called as the partner of whoever looks has chosen, wherever they are listed, by employees and by its organizations' users;
/// nobody waits for ORG-10, since it is no look.
#[test]
fn devices_are_called_as_the_partner_has_chosen() {
    let portal = Portal::estate();
    let (hostname, serial): (String, String) = {
        let of = |column: &str| {
            portal.sql(&format!("select {column} from device where organization = ?1 order by name_key limit 1"), [ALDER_ID])
        };
        (of("name"), of("serial"))
    };
    let both = format!("{hostname} ({serial})");
    let (mut ada, mut tess, mut olu, mut abe) = (portal.sign_in(ADA), portal.sign_in(TESS), portal.sign_in(OLU), portal.sign_in(ABE));
    let device: i64 = portal.sql("select id from device where organization = ?1 order by name_key limit 1", [ALDER_ID]);
    // So that it stands in the Spotlight and on Home as well.
    let now = portal.now().0;
    portal.execute("update device set as_of = ?2, last_seen = ?2 - 7200000 where id = ?1", [device, now]);
    for (word, name) in [("both", &both), ("serial", &serial), ("hostname", &hostname)] {
        ada.post(CUSTOMIZE, &fields("save", &[("devices_named", word)])).status(303);
        for visit in [&mut tess, &mut olu] {
            visit.visit(&format!("/status/devices/{device}")).sees(name);
            assert!(visit.body().contains(&format!("<h1>{name}</h1>")), "{word}: {}", visit.excerpt());
            visit.visit("/status/devices").sees(name);
            assert_eq!(visit.body().matches(&format!("Details of {name}\"")).count(), 2, "{word}: {}", visit.excerpt());
            visit.visit("/").sees(name);
        }
        abe.visit(&format!("/organizations/{ALDER_ID}"));
        assert!(abe.body().contains(&format!("Unlink {name}\"")), "{word}");
    }
}

/// BRA-1, BRA-4: a logo and backgrounds are uploaded, kept as clean pixels, drafted like everything else, and seen once they are saved.
#[test]
fn a_logo_and_backgrounds_are_uploaded() {
    let portal = Portal::firm();
    switch(&portal, ALDER_ID, "on");
    let (mut ada, mut olu, mut guest) = (portal.sign_in(ADA), portal.sign_in(OLU), portal.guest());
    let (logo, picture) = (png(600, 200, [200, 30, 30, 255]), png(400, 300, [10, 60, 90, 255]));
    // Whoever chose a file wants it, whatever else is marked.
    let files = [("logo_file", "logo.png", logo.as_slice()), ("clients_file", "sea.png", &picture), ("portal_file", "desk.png", &picture)];
    ada.upload(CUSTOMIZE, &fields("preview", &[]), &files).status(303).follow().sees("The preview is up to date.").sees("Remove the logo");
    assert!(sheets(guest.get(OWN_ADDRESS).status(200)).is_empty());
    ada.visit("/branding/preview/sign-in");
    let drafted = sheets(&ada);
    ada.visit(CUSTOMIZE).press("Save").sees("Saved.");
    for (visit, page) in [(&mut guest, OWN_ADDRESS), (&mut olu, "/")] {
        visit.visit(page);
        assert_eq!(sheets(visit), drafted);
        let shown = visit.body();
        let address = shown.split("img class=\"logo\" src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a logo").to_owned();
        visit.get(&address).status(200);
        assert_eq!(visit.response.header("content-type"), Some("image/png"));
        assert_eq!(decoded(&visit.response.body).get_pixel(20, 20).0, [200, 30, 30, 255]);
        assert!(shown.contains("width=\"480\" height=\"160\"") || shown.contains("width=\"600\""), "{}", visit.excerpt());
    }
    guest.visit(OWN_ADDRESS);
    let behind = sheet(&portal, &guest).split("url(\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a background").to_owned();
    guest.get(&behind).status(200);
    assert_eq!(guest.response.header("content-type"), Some("image/jpeg"));
    assert!(sheet(&portal, ada.visit("/")).contains("url(\"/brand/"), "the partner's own people have theirs");
    // Another one takes its place, and what was there is gone.
    ada.upload(CUSTOMIZE, &fields("save", &[]), &[("clients_file", "other.png", &png(300, 300, [250, 250, 250, 255]))]).status(303);
    guest.get(&behind).status(404);
    assert_eq!(portal.sql_count("branding_file where kind = 'png'"), 1);
    // A box takes the logo away.
    ada.upload(CUSTOMIZE, &fields("save", &[("no_logo", "1")]), &[]).status(303);
    assert_eq!(portal.sql_count("branding_file where kind = 'png'"), 0);
    guest.visit(OWN_ADDRESS).sees("Harbor Care");
    assert!(!guest.body().contains("img class=\"logo\""));
}

/// BRA-4: what is no picture is a clear refusal at its field, and nothing is kept of the whole form.
#[test]
fn an_upload_that_is_no_picture_is_refused_at_its_field() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let good = png(64, 64, [0, 0, 0, 255]);
    let large = vec![0; 2 * 1024 * 1024 + 1];
    for (field, bytes, sentence) in [
        ("logo_file", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".as_slice(), "Save it as PNG"),
        ("clients_file", b"<html><script>alert(1)</script>", "This is"),
        ("portal_file", &good[..40], "damaged or cut off"),
        ("logo_file", &large, "larger than 2 MB"),
    ] {
        let other = if field == "logo_file" { "clients_file" } else { "logo_file" };
        for step in ["preview", "save"] {
            ada.upload(CUSTOMIZE, &fields(step, &[]), &[(field, "a.png", bytes), (other, "b.png", &good)]).status(422).sees(sentence);
            assert!(ada.body().contains(&format!("f-{field}-error")), "{field}: {}", ada.excerpt());
        }
    }
    assert_eq!(portal.sql_count("branding") + portal.sql_count("branding_file"), 0);
    ada.upload(CUSTOMIZE, &fields("save", &[]), &[("logo_file", "a.png", &good), ("clients_file", "b.png", &good)]).status(303);
    portal.sign_in(ABE).upload(CUSTOMIZE, &fields("save", &[]), &[("logo_file", "a.png", &good)]).status(404);
}

/// BRA-4, BRA-5: a logo that would hardly be told from the bar it stands on gets a plate behind it, light or dark.
#[test]
fn a_logo_that_would_vanish_gets_a_plate() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    for (color, plate) in [
        ([255, 255, 255, 255], Some("--plate: light-dark(#15181f, #0000)")),
        ([10, 12, 16, 255], Some("--plate: light-dark(#0000, #ffffff)")),
        ([200, 60, 60, 255], None),
    ] {
        ada.upload(CUSTOMIZE, &fields("save", &[]), &[("logo_file", "a.png", &png(64, 64, color))]).status(303);
        let sheet = sheet(&portal, portal.guest().visit(OWN_ADDRESS));
        assert!(plate.map_or(!sheet.contains("--plate"), |plate| sheet.contains(plate)), "{color:?}: {sheet}");
    }
}

/// ORG-10, PAR-1: each partner's organizations are seen in its own look; a partner beneath another one inherits none.
#[test]
fn a_partner_beneath_inherits_no_look() {
    let portal = Portal::firm();
    drop(brand(&portal));
    switch(&portal, ALDER_ID, "on");
    portal.sign_in(OLU).visit("/").sees("Harbor Care");
    // Tidewater's own people, and then its look.
    let tidewater: i64 = portal.sql("select partner from account where id = ?1", [MALLORY.account]);
    portal.execute("update employee set role = 'admin' where partner = ?1 and role = 'primary_account'", [tidewater]);
    portal.execute("update employee set role = 'primary_account' where account = ?1", [MALLORY.account]);
    let mut mallory = portal.sign_in(MALLORY);
    let carl: i64 = portal.sql("select organization from organization_user where account = ?1", [CARL.account]);
    portal.execute("update organization set custom_branding = 1 where id = ?1", [carl]);
    // A sub-partner inherits nothing.
    let mut theirs = portal.sign_in(CARL);
    theirs.visit("/").sees("Portico").does_not_see("Harbor Care");
    mallory.post(CUSTOMIZE, &fields("save", &[("title", "Tidewater Care")])).status(303);
    theirs.visit("/").sees("Tidewater Care");
    portal.sign_in(OLU).visit("/").sees("Harbor Care").does_not_see("Tidewater Care");
}

/// BRA-5: who is still on the way in sees the look of the organization whose account they come for.
#[test]
fn the_pages_on_the_way_in_are_in_the_look_as_well() {
    let portal = Portal::firm();
    drop(brand(&portal));
    switch(&portal, BIRCH_ID, "on");
    portal.execute("update organization set require_second_factor = 1 where id = ?1", [BIRCH_ID]);
    portal.lose_factor(NIA);
    let mut nia = portal.guest();
    nia.visit("/sign-in").fill("E-mail", NIA.email).fill("Password", PASSWORD).press("Sign in");
    nia.sees("Set up a second factor").sees("Harbor Care");
}
