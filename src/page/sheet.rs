//! What surrounds a page: its heading, the menus, the alert of the change before it.

use maud::{Markup, Render, html};

use crate::access::model::{Person, Place, Visitor};
use crate::kernel::error::Result;
use crate::kernel::html::frame::{self, Alert, Frame, Link, Look, Theme};
use crate::kernel::html::{form as kit, parts};
use crate::kernel::http::{Method, Response};
use crate::kernel::text;
use crate::page::{Cx, menu};

/// A page's heading and surroundings; `Default` for what it has none of.
#[derive(Default)]
pub struct Sheet<'a> {
    /// The `h1` and the tab's title.
    pub title: &'a str,
    /// The way here: label and path, the path empty where there is none.
    pub crumbs: Vec<(&'a str, String)>,
    /// Beside the title: a badge, an ID, "as of".
    pub aside: Option<Markup>,
    /// At the right of the title.
    pub actions: Option<Markup>,
    /// Tables may use the full width.
    pub wide: bool,
}
impl Cx<'_> {
    /// A whole page in the frame, for whoever is asking.
    pub fn page(&self, sheet: Sheet<'_>, content: &impl Render) -> Result<Response> {
        let alert = self.carried_alert();
        let spent = alert.is_some();
        let frame = self.frame(sheet, alert)?;
        let response = Response::html(200, frame::branded_page(&frame, &self.look(), content));
        if spent { self.portal.cookies.drop_alert(response) } else { Ok(response) }
    }

    /// BRA-5: the look of whoever is asking; a guest's is Portico's own.
    pub fn look(&self) -> Look {
        match self.visitor {
            Visitor::Person(person) => self.shown(person.look.clone()),
            Visitor::Half { look, .. } => self.shown(look.as_ref().clone()),
            Visitor::Guest | Visitor::Script(_) => Look::default(),
        }
    }

    /// BRA-2: a partner's look, or Portico's own in its place where branding is unavailable.
    pub fn shown(&self, look: Look) -> Look {
        if self.portal.brands(&look.country) { look } else { Look::default() }
    }

    /// The small centred page of people who are not in yet.
    pub fn plain(&self, title: &str, content: &Markup) -> Result<Response> {
        self.plain_in(&self.look(), title, content)
    }

    /// The same in a partner's look, where the address says whose it is.
    pub fn plain_in(&self, look: &Look, title: &str, content: &Markup) -> Result<Response> {
        let alert = self.carried_alert();
        let response = Response::html(200, frame::branded_plain(title, "Portico", look, alert.as_ref(), content));
        if alert.is_some() { self.portal.cookies.drop_alert(response) } else { Ok(response) }
    }

    /// A page that is one dialog: a page of its own without JavaScript, lifted into a dialog with it.
    pub fn dialog(&self, sheet: Sheet<'_>, intro: Option<Markup>, content: &Markup) -> Result<Response> {
        let body = parts::dialog_body(sheet.title, intro, content);
        self.page(sheet, &body)
    }

    /// The surroundings of a page.
    fn frame<'b>(&self, sheet: Sheet<'b>, alert: Option<Alert>) -> Result<Frame<'b>> {
        let person = match self.visitor {
            Visitor::Person(person) => Some(self.account_menu(person)?),
            Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => None,
        };
        let theme = match self.visitor {
            Visitor::Person(person) => match person.theme.as_str() {
                "light" => Theme::Light,
                "dark" => Theme::Dark,
                _ => Theme::Auto,
            },
            Visitor::Guest | Visitor::Half { .. } | Visitor::Script(_) => Theme::Auto,
        };
        Ok(Frame {
            title: sheet.title,
            crumbs: sheet.crumbs.into_iter().map(|(label, href)| Link::new(label, href)).collect(),
            menu: menu::items(self.request.path.as_str(), self.visitor),
            search: person.is_some(),
            person,
            alert,
            aside: sheet.aside,
            actions: sheet.actions,
            wide: sheet.wide,
            theme,
            brand: "Portico".to_owned(),
        })
    }

    fn account_menu(&self, person: &Person) -> Result<frame::Person> {
        let mut links = vec![Link::new("Account Settings", "/account")];
        if person.active_accounts > 1 {
            links.push(Link::new("Switch account", "/choose-account"));
        }
        let (partner_id, organization) = match &person.place {
            Place::Employee { .. } => (Some(person.partner_public_id.clone()), person.partner_name.clone()),
            Place::OrganizationUser { organization_name, .. } => (None, organization_name.clone()),
        };
        let (themes, themes_id) = ([("auto", "Automatic"), ("light", "Light"), ("dark", "Dark")], self.fresh_form_id()?);
        // An error's page knows no path: from there it is back to Home, whatever was asked for.
        let path = self.request.path.as_str();
        let here = if self.request.method == Method::Get && !path.is_empty() { path } else { "/" };
        let sign_out = html! {
            form.themes method="post" action="/account/theme" {
                (themes_id) (kit::hidden("back", here))
                @for (word, label) in themes {
                    button type="submit" name="theme" value=(word) aria-pressed=(if person.theme == word { "true" } else { "false" }) { (label) }
                }
            }
            form method="post" action="/sign-out" { (self.fresh_form_id()?) (kit::button("Sign out", kit::ButtonKind::Quiet, None)) }
        };
        Ok(frame::Person {
            initials: text::initials(&person.name),
            name: person.name.clone(),
            role: person.role_shown().to_owned(),
            partner_id,
            organization: Some(organization),
            links,
            sign_out,
        })
    }
}
