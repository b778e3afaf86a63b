//! Set Branding → Customize: what is chosen, drafted, previewed and shown to whom.

use crate::support::people::*;
use crate::support::pictures::{MOVING_WEBP, decoded, fixture, jpeg, jpeg_and, jpeg_segment, notes, png, png_and, png_chunk};
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

/// What a look's style sheet says, which is everybody's.
fn sheet(portal: &Portal, visit: &Visit) -> String {
    sheet_as(portal.guest(), visit)
}

/// The same of a draft, which is nobody's but who drafts it.
fn sheet_as(mut reader: Visit, visit: &Visit) -> String {
    let found = sheets(visit);
    let address = found.iter().find(|address| address.ends_with(".css")).expect("a style sheet");
    reader.get(address).status(200).body()
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
        for page in
            [CUSTOMIZE, "/branding/local", "/branding/own", "/branding/preview", "/branding/preview/sign-in", "/branding/preview/status"]
        {
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
    ada.sees("Kept as a draft. Nobody else sees it until you save.").sees("Draft: only you see it");
    assert_eq!(portal.last_activity(), "drafted a change of the branding");
    for what in ["sign-in", "status"] {
        for theme in ["light", "dark"] {
            ada.visit(&format!("/branding/preview/{what}?theme={theme}")).sees("Harbor Care").sees("+1 555 0100").sees("Sample data");
            assert!(ada.body().contains(&format!("data-theme=\"{theme}\"")));
            assert!(sheet_as(portal.sign_in(ADA), &ada).contains("--backdrop: url("));
        }
    }
    olu.visit("/").does_not_see("Harbor Care");
    guest.visit(OWN_ADDRESS).does_not_see("Harbor Care");
    assert!(sheets(&olu).is_empty() && sheets(&guest).is_empty());

    ada.visit(CUSTOMIZE)
        .press("Save")
        .sees("Saved. Your sign-in page and users of organizations")
        .sees("Saved: everybody sees it")
        .does_not_see("Draft: only you see it");
    assert_eq!(portal.last_activity(), "changed the branding");
    olu.visit("/").sees("Harbor Care").sees("Support: +1 555 0100");
    guest.visit(OWN_ADDRESS).sees("Harbor Care").sees("Support: +1 555 0100").sees("Backup and devices of your organization");
    assert!(sheet(&portal, &olu).contains("--accent-light: #0f766e") && sheet(&portal, &guest).contains("--backdrop: url("));
    let before = portal.sql_count("activity");
    ada.press("Save").sees("Nothing was changed.");
    assert_eq!(portal.sql_count("activity"), before);
}

/// BRA-5: what stands in the fields is looked at without being kept: previews, adjusted colors and how far it has come. What makes no sense yet
/// stays as it was.
#[test]
fn the_preview_follows_what_is_entered_and_keeps_nothing() {
    let portal = Portal::firm();
    let mut ada = brand(&portal);
    let look = |ada: &mut Visit, other: &[(&str, &str)]| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(fields("", other));
        ada.get(&format!("/branding/preview?{}", query.finish())).status(200).body()
    };
    let events = portal.sql_count("activity");
    assert!(look(&mut ada, &[]).contains("Saved: everybody sees it"));
    let typed = [("title", "Harbor <Two>"), ("support", "help@harbor.example"), ("accent", "#ffd400"), ("devices_named", "both")];
    let pieces = look(&mut ada, &typed);
    for piece in ["Harbor &lt;Two&gt;", "Support: help@harbor.example", "Not kept yet", "adjusted", "SAMPLE-BCDR-01 (0000A1)"] {
        assert!(pieces.contains(piece), "{piece}: {pieces}");
    }
    assert!(pieces.contains("data-sheet=\".look:not(.own) {\n  --accent-light:") && !pieces.contains("Your own pages"));
    let pieces = look(&mut ada, &[("portal", "color"), ("portal_color", "#204060"), ("clients", "built_in:coral")]);
    assert!(pieces.contains(".look.own { --backdrop-color: #204060") && pieces.contains("Your own pages, dark"));
    assert!(pieces.contains(&format!("url(&quot;{}&quot;)", portico::kernel::assets::href("backdrop-coral.svg"))), "{pieces}");
    assert!(pieces.contains("id=\"thumb-portal\"") && pieces.contains("fill=\"#204060\""));
    let (long, nonsense) =
        ("x".repeat(61), [("accent", "red; } body { display: none"), ("clients", "built_in:moon"), ("devices_named", "")]);
    let pieces = look(&mut ada, &[&nonsense[..], &[("title", long.as_str())]].concat());
    assert!(pieces.contains("Harbor Care") && pieces.contains("--accent-light: #0f766e") && !pieces.contains("display: none"));
    assert!(look(&mut ada, &[("clients", "upload")]).contains("Not kept yet"), "its file is still to be chosen");
    assert_eq!(portal.sql_count("activity"), events);
    assert_eq!(portal.sql_count("branding where stage = 'draft'"), 0);
    ada.get("/branding/preview/sign-in").sees("Harbor Care").does_not_see("Two");
    // What is drafted is what is called so, and what is saved no longer.
    ada.post(CUSTOMIZE, &fields("preview", &typed)).status(303);
    assert!(look(&mut ada, &typed).contains("Draft: only you see it") && look(&mut ada, &[]).contains("Saved: everybody sees it"));
}

/// BRA-3, BRA-5: the way from Global to Local, and to a whole preview, keeps what was entered as a draft; what makes no sense comes back.
#[test]
fn the_ways_from_global_keep_what_was_entered() {
    let portal = Portal::firm();
    let mut ada = brand(&portal);
    ada.visit(CUSTOMIZE).fill("Portal title", "Harbor Two").press("Local").sees("What you entered under Global is kept as a draft.");
    ada.sees("Sort devices by").open("Global");
    assert_eq!(ada.value_of("Portal title"), "Harbor Two");
    portal.guest().visit(OWN_ADDRESS).sees("Harbor Care");
    ada.fill("Portal title", "Harbor Three").press("Status page, dark").sees("Harbor Three");
    assert!(ada.url.ends_with("/branding/preview/status?theme=dark") && ada.body().contains("data-theme=\"dark\""), "{}", ada.url);
    let events = portal.sql_count("activity");
    ada.visit(CUSTOMIZE).press("Local").does_not_see("is kept as a draft");
    assert_eq!(portal.sql_count("activity"), events, "nothing was entered");
    ada.visit(CUSTOMIZE).fill("Portal title", &"x".repeat(61)).press("Local").status(422).sees("Portal title: Use at most 60 characters.");
    for step in ["//elsewhere.example", "sign-in-", "-dark", "sign-in-blue", ""] {
        assert_eq!(ada.post(CUSTOMIZE, &fields(step, &[])).status(303).location(), "/branding#preview", "{step}");
    }
}

/// BRA-5: a draft can be discarded, and what everybody sees stays as it was.
#[test]
fn a_draft_can_be_discarded() {
    let portal = Portal::firm();
    let mut ada = brand(&portal);
    ada.post(CUSTOMIZE, &fields("preview", &[("title", "Other Name")])).status(303);
    ada.visit("/branding/preview/sign-in").sees("Other Name");
    ada.visit(CUSTOMIZE).press("Discard draft").sees("The draft is discarded.");
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
    let sheet = sheet_as(portal.sign_in(ADA), &ada);
    assert!(sheet.contains("--link:") && !sheet.contains("--link: light-dark(#ffd400"), "{sheet}");
    ada.post(CUSTOMIZE, &fields("preview", &[("accent_choice", "")])).status(303).follow().does_not_see("adjusted");
}

/// BRA-5: what only a draft holds is for the primary account that drafts it, and kept nowhere; for anybody else it does not exist. What is
/// saved is for everybody, and kept for ever.
#[test]
fn a_drafts_files_are_served_to_who_drafts_it_alone() {
    let portal = Portal::firm();
    portal.execute(
        "update employee set role = 'admin' where role = 'primary_account' and account in (select id from account where partner = 2)",
        [],
    );
    portal.execute("update employee set role = 'primary_account' where account = ?1", [MALLORY.account]);
    let mut ada = portal.sign_in(ADA);
    let picture = png(64, 64, [200, 30, 30, 255]);
    ada.upload(CUSTOMIZE, &fields("preview", &[]), &[("logo_file", "a.png", &picture), ("clients_file", "b.png", &picture)]).status(303);
    let sql = "select group_concat(name) from branding_file where kind <> 'svg'";
    let names: Vec<String> = portal.sql::<String>(sql, []).split(',').map(|name| format!("/brand/{name}")).collect();
    assert_eq!(names.len(), 4, "two pictures and two style sheets: {names:?}");
    let caching = |visit: &Visit| visit.response.header("cache-control").map(ToOwned::to_owned);
    let mut others: Vec<Visit> = [SAM, ABE, TESS, OLU, MALLORY].map(|member| portal.sign_in(member)).into();
    others.extend([portal.guest(), portal.half_signed_in(NIA)]);
    for name in &names {
        ada.get(name).status(200);
        assert_eq!(caching(&ada).as_deref(), Some("private, no-store"), "{name}");
        for visit in &mut others {
            let nothing = visit.get("/brand/nothing").status(404).body();
            assert_eq!(mask(&visit.get(name).status(404).body()), mask(&nothing), "{name}");
        }
    }
    ada.visit(CUSTOMIZE).press("Save").sees("Saved.");
    for name in &names {
        for visit in others.iter_mut().chain([&mut ada]) {
            visit.get(name).status(200);
            assert_eq!(caching(visit).as_deref(), Some("public, max-age=31536000, immutable"), "{name}");
        }
    }
    // Back to Portico's own: what was shown is a draft again.
    ada.visit("/branding/own").press("Yes, Continue");
    for name in &names {
        ada.get(name).status(200);
        portal.guest().get(name).status(404);
    }
}

/// BRA-4: a photo is upright and tells nothing of where it was taken, and what moves is refused, whichever way it is told.
#[test]
fn a_photo_is_upright_and_tells_nothing_and_what_moves_is_refused() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    let mut tall = image::RgbImage::from_pixel(40, 20, image::Rgb([10, 60, 200]));
    (0..20).for_each(|y| (0..20).for_each(|x| tall.put_pixel(x, y, image::Rgb([220, 20, 20]))));
    let camera = [b"Exif\0\0".to_vec(), notes(6)].concat();
    let photo = jpeg_and(&jpeg(&image::DynamicImage::ImageRgb8(tall)), &[jpeg_segment(0xe1, &camera)]);
    assert!(photo.windows(13).any(|words| words == b"Secret Street"));
    ada.upload(CUSTOMIZE, &fields("save", &[]), &[("clients_file", "photo.jpg", &photo), ("logo_file", "photo.jpg", &photo)]).status(303);
    for kind in ["jpeg", "png"] {
        let name: String = portal.sql("select name from branding_file where kind = ?1", [kind]);
        let mut guest = portal.guest();
        guest.get(&format!("/brand/{name}")).status(200);
        let bytes = &guest.response.body;
        assert!(!bytes.windows(6).any(|words| words == b"Secret" || words == b"Exif\0\0"), "{kind}");
        let pixels = decoded(bytes);
        assert_eq!(pixels.dimensions(), (20, 40), "{kind}: turned a quarter to the right");
        let (top, bottom) = (pixels.get_pixel(10, 5).0, pixels.get_pixel(10, 35).0);
        assert!(top[0] > 180 && top[2] < 60 && bottom[0] < 60 && bottom[2] > 160, "{kind}: {top:?} over {bottom:?}");
    }
    let still = png(8, 8, [1, 2, 3, 255]);
    let moving_png = png_and(&still, &[png_chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0])]);
    let before = portal.sql_count("branding_file");
    for (name, bytes, sentence) in [
        ("a.png", moving_png.as_slice(), "This picture is animated."),
        ("a.webp", &fixture(MOVING_WEBP), "This picture is animated."),
        ("a.gif", b"GIF89a\x08\0\x08\0\x80\0\0\x01\x02\x03\xff\xff\xff!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0", "This is a GIF."),
        ("a.png", b"GIF89a\x08\0\x08\0\x80\0\0\x01\x02\x03\xff\xff\xff", "This is a GIF."),
    ] {
        for field in ["logo_file", "clients_file", "portal_file"] {
            ada.upload(CUSTOMIZE, &fields("save", &[]), &[(field, name, bytes)]).status(422).sees(sentence);
        }
    }
    assert_eq!(portal.sql_count("branding_file"), before);
    assert_eq!(portal.sql_count("branding where stage = 'draft'"), 0);
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

/// BRA-3: Local is on Customize for the primary account, and under Account Settings for everybody.
#[test]
fn local_is_on_customize_for_the_primary_account_and_under_display_for_others() {
    let portal = Portal::firm();
    let mut ada = portal.sign_in(ADA);
    ada.visit(CUSTOMIZE).press("Local").sees("Customize").sees("Sort devices by").sees("Backup thresholds").sees("Theme");
    ada.fill("Devices per page", "100").fill("Theme", "Dark").press("Save").sees("Your view of devices is saved.").sees("Customize");
    assert_eq!(portal.sql::<String>("select theme || devices_per_page from identity where email = ?1", [ADA.email]), "dark100");
    // The same choices are in Account Settings, where everybody else has them, with the way to Customize.
    ada.visit("/account").open("Display").sees("Account Settings").fill("Devices per page", "10").fill("Theme", "Light").press("Save");
    ada.sees("Your view of devices is saved.").sees("Account Settings").open("Customize, Local").sees("Customize");
    assert_eq!(ada.value_of("Devices per page"), "10");
    assert_eq!(portal.sql::<String>("select theme || devices_per_page from identity where email = ?1", [ADA.email]), "light10");
    for member in [SAM, TESS, OLU] {
        let mut visit = portal.sign_in(member);
        visit.visit("/account").open("Display").sees("Account Settings").fill("Devices per page", "10").press("Save");
        visit.sees("Your view of devices is saved.").sees("Account Settings").is_not_offered("Customize, Local");
    }
    // What stands in the fields is shown at work, and nothing of it is kept.
    let mut tess = portal.sign_in(TESS);
    let choices = "devices_by=name&storage_as=amounts&devices_per_page=10&theme=auto&backup_warn_hours=7";
    let example = |visit: &mut Visit, fail: &str| {
        visit.get(&format!("/account/display/example?{choices}&backup_fail_hours={fail}")).status(200).body()
    };
    let shown = example(&mut tess, "9");
    for piece in ["up to 7 hours", "after 9 hours", "3.0 TB of 8.0 TB", "below 51 %", "above 80 %"] {
        assert!(shown.contains(piece), "{piece}: {shown}");
    }
    assert!(!example(&mut tess, "6").contains("after 7 hours"), "a failure before its warning makes no sense");
    assert_eq!(portal.sql::<i64>("select backup_warn_hours from identity where email = ?1", [TESS.email]), 12);
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
    ada.upload(CUSTOMIZE, &fields("preview", &[]), &files).status(303).follow().sees("Kept as a draft.").sees("Remove the logo");
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
    // The line above the form says which file it was, and leads there.
    for (field, name) in [
        ("logo_file", "Logo for all organizations"),
        ("clients_file", "Background images for all organizations"),
        ("portal_file", "Personal portal background"),
    ] {
        ada.upload(CUSTOMIZE, &fields("save", &[]), &[(field, "a.png", b"hello")]).status(422);
        assert!(ada.body().contains(&format!("<a href=\"#f-{field}\">{name}: This is not a picture")), "{}", ada.excerpt());
    }
    // A draft takes one picture while another is still to be chosen; what is saved waits for both.
    let (waiting, logo) = ([("clients", "upload"), ("portal", "upload"), ("title", "Waiting")], [("logo_file", "a.png", good.as_slice())]);
    ada.post(CUSTOMIZE, &fields("save", &[("portal", "none"), ("clients", "built_in:dusk")])).status(303);
    ada.upload(CUSTOMIZE, &fields("save", &waiting), &logo).status(422).sees("Choose a file with the picture.");
    ada.upload(CUSTOMIZE, &fields("preview", &waiting), &logo).status(303);
    assert_eq!(
        portal.sql::<String>("select clients_value || portal_kind || title from branding where stage = 'draft'", []),
        "dusknoneWaiting"
    );
    // A file of its own that was refused is no file that is still to be chosen.
    ada.upload(CUSTOMIZE, &fields("preview", &waiting), &[("clients_file", "a.png", b"hello")]).status(422).sees("This is not a picture");
    ada.post("/branding/discard", &[]).status(303);
    // One field takes one file: neither of two is chosen for whoever sent them.
    for field in ["logo_file", "portal_file"] {
        ada.upload(CUSTOMIZE, &fields("save", &[("title", "Two")]), &[(field, "a.png", &good), (field, "b.png", &good)]).status(422);
        ada.sees("Only one picture is taken here, and several files came. Choose one of them.").does_not_see("Saved.");
    }
    assert_eq!(portal.sql_count("branding where title = 'Two'"), 0);
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
