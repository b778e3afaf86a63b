//! Whole pages and letters as they should be, in `tests/golden/`; `PORTICO_GOLDEN=write ./test golden` keeps what is there now.

use crate::support::estate::ALDERINE;
use crate::support::golden;
use crate::support::people::*;
use crate::support::portal::{Portal, Visit};

/// A page line by line, without what differs from run to run: form ids and the hashes in the assets' names.
fn page(visit: &Visit) -> String {
    let body = visit.body();
    let main = body.find("<body").map_or(body.as_str(), |at| &body[at..]);
    let drawings = main.find("<svg class=sheet").unwrap_or(main.len());
    let text = redact(&main[..drawings], "name=\"form_id\" value=\"", '"', "FORM-ID");
    let text = redact(&text, "/assets/app.", '"', "ASSET");
    let text = ["<tr", "<td"].into_iter().fold(text.replace("><", ">\n<"), |text, tag| text.replace(tag, &format!("\n{tag}")));
    text.replace("\n\n", "\n") + "\n"
}

/// The text with what stands between `before` and `end` replaced.
fn redact(text: &str, before: &str, end: char, by: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(before) {
        let begin = at + before.len();
        out.push_str(&rest[..begin]);
        out.push_str(by);
        rest = &rest[begin..];
        rest = &rest[rest.find(end).unwrap_or(rest.len())..];
    }
    out + rest
}

#[track_caller]
fn check(name: &str, visit: &mut Visit, url: &str) {
    visit.get(url).status(200);
    golden::matches(&format!("{name}.html"), &page(visit));
}

#[test]
fn pages_for_who_is_not_in_yet() {
    let portal = Portal::estate();
    check("sign-in", &mut portal.guest(), "/sign-in");
    check("sign-in-of-a-partner", &mut portal.guest(), "/p/harbor/sign-in");
    check("set-up-account", &mut portal.guest(), &format!("/links/{}", ALDERINE.token()));
    check("forgot-password", &mut portal.guest(), "/forgot-password");
}

#[test]
fn pages_of_an_admin() {
    let portal = Portal::estate();
    let mut abe = portal.sign_in(ABE);
    check("home", &mut abe, "/");
    check("organizations", &mut abe, "/organizations");
    check("organization", &mut abe, "/organizations/10000001");
    check("create-organization", &mut abe, "/organizations/new");
    check("delete-organization", &mut abe, "/organizations/10000001/deletion");
    check("add-users", &mut abe, "/organizations/10000001/users/new");
    check("link-services", &mut abe, "/organizations/10000001/services/link");
    check("saas-status", &mut abe, "/status/saas");
    check("employees", &mut abe, "/employees");
    check("add-employees", &mut abe, "/employees/new");
    check("outbox", &mut abe, "/outbox");
    check("search", &mut abe, "/search?q=alder");
}

#[test]
fn pages_of_an_organization_user() {
    let portal = Portal::estate();
    let mut olu = portal.sign_in(OLU);
    check("user-home", &mut olu, "/");
    check("user-saas-status", &mut olu, "/status/saas");
    check("user-without-access-home", &mut portal.sign_in(NOOR), "/");
}

#[test]
fn a_page_that_is_not_there() {
    let portal = Portal::estate();
    let mut olu = portal.sign_in(OLU);
    olu.get("/organizations").status(404);
    golden::matches("not-found.html", &page(&olu));
}

/// MAI-4: subject and text of each letter, the link's place marked.
#[test]
fn letters() {
    let portal = Portal::firm();
    let mut abe = portal.sign_in(ABE);
    let form = [("first_name", "Eva"), ("last_name", "Elm"), ("email", "eva@elm.example"), ("access", "full"), ("endpoint_access", "none")];
    abe.post("/organizations/10000001/users/new", &form).status(303);
    golden::matches("letter-welcome.txt", &portal.letter_to("eva@elm.example"));
    let colleague = [
        ("first_name", "Ivo"),
        ("last_name", "Marsh"),
        ("email", "ivo@harbor.example"),
        ("role", "tech"),
        ("bcdr", "role"),
        ("endpoint_backup", "role"),
    ];
    abe.post("/employees/new", &colleague).status(303);
    golden::matches("letter-invitation.txt", &portal.letter_to("ivo@harbor.example"));
    let again = [("first_name", "Nia"), ("last_name", "Petrov"), ("email", NIA.email), ("access", "full"), ("endpoint_access", "none")];
    abe.post("/organizations/10000001/users/new", &again).status(303);
    golden::matches("letter-further-account.txt", &portal.letter_to(NIA.email));
    portal.guest().post("/forgot-password", &[("email", OLU.email)]);
    portal.run_jobs();
    golden::matches("letter-reset.txt", &portal.letter_to(OLU.email));
}
