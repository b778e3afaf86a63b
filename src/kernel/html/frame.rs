//! The whole page: top bar, breadcrumb, heading, alert, content; and the small centered page for people who are not in yet.

use maud::{DOCTYPE, Markup, Render, html};

use crate::kernel::{
    assets,
    html::{
        icons::{self, Icon, icon, large_icon},
        parts, search,
    },
};

/// A word that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it leads; may be empty in a breadcrumb.
    pub href: String,
}

impl Link {
    /// A link.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// One entry of the top bar's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// What it says.
    pub label: String,
    /// Where it leads, when it has no children.
    pub href: String,
    /// Whether the page belongs to it.
    pub current: bool,
    /// With children the entry is a drop-down.
    pub children: Vec<Link>,
}

/// Who is signed in, for the account menu.
#[derive(Debug, Clone)]
pub struct Person {
    /// The full name.
    pub name: String,
    /// The role in words.
    pub role: String,
    /// Two letters for the round picture.
    pub initials: String,
    /// The partner's number, with a button that copies it.
    pub partner_id: Option<String>,
    /// What the account belongs to.
    pub organization: Option<String>,
    /// The menu's links: settings, switching the account, the theme.
    pub links: Vec<Link>,
    /// The whole form that signs out.
    pub sign_out: Markup,
}

/// How good the news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// Worth a look.
    Warn,
    /// Needs somebody.
    Bad,
    /// Nothing to say.
    Quiet,
    /// For your information; also "in progress".
    Info,
}

impl Tone {
    /// The class that the style sheet knows.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Quiet => "quiet",
            Self::Info => "info",
        }
    }

    /// The shape that says the same as the color.
    pub fn icon(self) -> Icon {
        match self {
            Self::Good => Icon::Check,
            Self::Warn => Icon::Warning,
            Self::Bad => Icon::Cross,
            Self::Quiet => Icon::Dash,
            Self::Info => Icon::Info,
        }
    }
}

/// What became of the last step, at the top of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// How it went.
    pub tone: Tone,
    /// One sentence, and perhaps a second one with what to do.
    pub text: String,
    /// The obvious next steps.
    pub next: Vec<Link>,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the machine says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// A page with everything around its content.
#[derive(Debug, Clone, Default)]
pub struct Frame<'a> {
    /// The heading, and with the brand the window's title.
    pub title: &'a str,
    /// The way here.
    pub crumbs: Vec<Link>,
    /// The top bar's menu.
    pub menu: Vec<MenuItem>,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Whether the search field shows.
    pub search: bool,
    /// What became of the last step.
    pub alert: Option<Alert>,
    /// Beside the heading: badge, number, "as of".
    pub aside: Option<Markup>,
    /// At the right of the heading; one of them the filled button.
    pub actions: Option<Markup>,
    /// Whether the content takes the full width.
    pub wide: bool,
    /// Light or dark.
    pub theme: Theme,
    /// The product's or the partner's name.
    pub brand: String,
}

/// A partner's own look: addresses on this origin, made by the branding pages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// A style sheet that sets the accent's custom properties and the background's.
    pub stylesheet: Option<String>,
    /// What the portal is called in place of `Frame::brand`.
    pub name: Option<String>,
    /// The picture in place of the mark.
    pub logo: Option<Logo>,
    /// How to reach support: a line at the foot of each page.
    pub support: Option<String>,
    /// Whether a background lies behind the page, which then stands on a surface of its own.
    pub backed: bool,
    /// Its partner's country, by its code: not everywhere is a look of one's own shown.
    pub country: String,
}

/// A picture in place of the mark.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Logo {
    /// Its address.
    pub href: String,
    /// How wide it is, in pixels.
    pub width: i64,
    /// How high it is, in pixels.
    pub height: i64,
}

impl Logo {
    /// Whether it is so wide that it says the name itself; the name is then read out only.
    pub const fn says_the_name(&self) -> bool {
        2 * self.height <= self.width
    }

    /// Whether it is small and square enough for a tab.
    const fn fits_a_tab(&self) -> bool {
        2 * self.width <= 3 * self.height && 2 * self.height <= 3 * self.width
    }
}

/// The name under which the product's own mark is drawn.
pub const PRODUCT: &str = "Portico";

/// The whole page.
pub fn page(frame: &Frame<'_>, content: &impl Render) -> Markup {
    branded_page(frame, &Look::default(), content)
}

/// The whole page in a partner's look.
pub fn branded_page(frame: &Frame<'_>, look: &Look, content: &impl Render) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[theme(frame.theme)] {
            (head(frame.title, &frame.brand, look))
            body class=[look.backed.then_some("backed")] {
                a.skip href="#main" { "Skip to the content" }
                (top_bar(frame, look))
                main #main class=[frame.wide.then_some("wide")] tabindex="-1" {
                    (heading(frame))
                    @if let Some(alert) = &frame.alert { (parts::alert(alert)) }
                    (content)
                    @if let Some(support) = &look.support { p.support.foot { "Support: " (support) } }
                }
                (announcer())
                (icons::Sheet)
            }
        }
    }
}

/// The small centered page: sign-in, set-up, errors.
pub fn plain(title: &str, brand: &str, alert: Option<&Alert>, content: &Markup) -> Markup {
    branded_plain(title, brand, &Look::default(), alert, content)
}

/// The small centered page in a partner's look.
pub fn branded_plain(title: &str, brand: &str, look: &Look, alert: Option<&Alert>, content: &Markup) -> Markup {
    themed_plain((title, brand), look, Theme::Auto, alert, content)
}

/// The same, light or dark.
pub fn themed_plain((title, brand): (&str, &str), look: &Look, shown: Theme, alert: Option<&Alert>, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[theme(shown)] {
            (head(title, brand, look))
            body.plain.backed[look.backed] {
                main #main tabindex="-1" {
                    div.plain-card {
                        div.brand { (logo(brand, look)) }
                        h1 { (title) }
                        @if let Some(alert) = alert { (parts::alert(alert)) }
                        (content)
                        @if let Some(support) = &look.support { p.support { "Support: " (support) } }
                    }
                }
                (announcer())
                (icons::Sheet)
            }
        }
    }
}

fn theme(theme: Theme) -> Option<&'static str> {
    match theme {
        Theme::Auto => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    }
}

fn head(title: &str, brand: &str, look: &Look) -> Markup {
    let brand = look.name.as_deref().unwrap_or(brand);
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) " · " (brand) }
            @match &look.logo {
                Some(logo) if logo.fits_a_tab() => link rel="icon" href=(logo.href);,
                _ => link rel="icon" type="image/svg+xml" href=(assets::href("icon.svg"));,
            }
            link rel="stylesheet" href=(assets::href("app.css"));
            @if let Some(stylesheet) = &look.stylesheet { link rel="stylesheet" href=(stylesheet); }
            script type="module" src=(assets::href("app.js")) {}
        }
    }
}

/// What scripts want a screen reader to say.
fn announcer() -> Markup {
    html! { div #announce .hidden role="status" {} }
}

/// The mark, logo or tile with the name beside it; a logo that says the name itself leaves it to screen readers.
pub fn logo(brand: &str, look: &Look) -> Markup {
    let brand = look.name.as_deref().unwrap_or(if brand.is_empty() { PRODUCT } else { brand });
    html! {
        @if let Some(logo) = &look.logo {
            img.logo src=(logo.href) alt="" width=(logo.width) height=(logo.height);
        } @else if brand == PRODUCT {
            (icons::mark())
        } @else {
            span.tile aria-hidden="true" { (brand.chars().take(1).flat_map(char::to_uppercase).collect::<String>()) }
        }
        span class=(if look.logo.as_ref().is_some_and(Logo::says_the_name) { "hidden" } else { "brand-name" }) { (brand) }
    }
}

fn top_bar(frame: &Frame<'_>, look: &Look) -> Markup {
    html! {
        header.top {
            a.brand href="/" { (logo(&frame.brand, look)) }
            @if !frame.menu.is_empty() {
                nav.bar aria-label="Main" { ul { @for item in &frame.menu { li { (bar_item(item)) } } } }
            }
            div.gap {}
            @if frame.search { (search::field()) }
            @if !frame.menu.is_empty() || frame.search { (phone_menu(frame)) }
            @if let Some(person) = &frame.person { (account_menu(person)) }
        }
    }
}

fn bar_item(item: &MenuItem) -> Markup {
    html! {
        @if item.children.is_empty() {
            a.bar-item .current[item.current] href=(item.href) aria-current=[item.current.then_some("page")] { (item.label) }
        } @else {
            details.menu {
                summary.bar-item .current[item.current] aria-current=[item.current.then_some("true")] {
                    (item.label) (icon(Icon::ChevronDown))
                }
                ul.popup { @for child in &item.children { li { a href=(child.href) { (child.label) } } } }
            }
        }
    }
}

/// The same menu on a narrow screen: one button, everything below it.
fn phone_menu(frame: &Frame<'_>) -> Markup {
    html! {
        details.menu.phone {
            summary.icon-button aria-label="Menu" { (large_icon(Icon::Menu)) }
            div.popup {
                @if frame.search { (search::plain_field("phone-q", "")) }
                nav aria-label="Menu" {
                    @for item in &frame.menu {
                        @if item.children.is_empty() {
                            a href=(item.href) aria-current=[item.current.then_some("page")] { (item.label) }
                        } @else {
                            p.popup-title { (item.label) }
                            @for child in &item.children { a href=(child.href) { (child.label) } }
                        }
                    }
                }
            }
        }
    }
}

fn account_menu(person: &Person) -> Markup {
    html! {
        details.menu.account {
            summary {
                span.avatar aria-hidden="true" { (person.initials) }
                span.hidden { "Account: " }
                span.who { span.name { (person.name) } span.sub { (person.role) } }
            }
            div.popup.end {
                div.popup-head {
                    p.name { (person.name) }
                    p.sub { (person.role) @if let Some(organization) = &person.organization { " · " (organization) } }
                    @if let Some(id) = &person.partner_id {
                        p.partner-id {
                            span.sub { "Partner ID" } " " code { (id) }
                            (parts::copy_button(id, "Copy the Partner ID"))
                        }
                    }
                }
                @for link in &person.links { a href=(link.href) { (link.label) } }
                div.popup-foot { (person.sign_out) }
            }
        }
    }
}

fn heading(frame: &Frame<'_>) -> Markup {
    html! {
        @if !frame.crumbs.is_empty() {
            nav.crumbs aria-label="Breadcrumb" {
                ol {
                    @for crumb in &frame.crumbs {
                        li { @if crumb.href.is_empty() { (crumb.label) } @else { a href=(crumb.href) { (crumb.label) } } }
                    }
                }
            }
        }
        div.heading {
            h1 { (frame.title) }
            @if let Some(aside) = &frame.aside { div.aside { (aside) } }
            @if let Some(actions) = &frame.actions { div.actions { (actions) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Alert, Frame, Link, MenuItem, Person, Tone, page, plain};
    use maud::{Markup, html};

    fn whole() -> String {
        let frame = Frame {
            title: "Title <1>",
            crumbs: vec![Link::new("Admin", ""), Link::new("Things", "/things")],
            menu: vec![MenuItem {
                label: "Admin".into(),
                href: String::new(),
                current: true,
                children: vec![Link::new("Things", "/things")],
            }],
            person: Some(Person {
                name: "Ada Lane".into(),
                role: "Role".into(),
                initials: "AL".into(),
                partner_id: Some("1-2".into()),
                organization: None,
                links: Vec::new(),
                sign_out: Markup::default(),
            }),
            search: true,
            alert: Some(Alert { tone: Tone::Bad, text: "It went wrong.".into(), next: Vec::new() }),
            ..Frame::default()
        };
        page(&frame, &html! { p { "Content" } }).into_string()
    }

    #[test]
    fn a_page_has_one_heading_its_landmarks_and_an_alert_that_is_announced() {
        let page = whole();
        assert_eq!(page.matches("<h1>").count(), 1);
        assert!(page.contains("<h1>Title &lt;1&gt;</h1>"));
        assert!(page.contains("href=\"#main\"") && page.contains(" id=\"main\""));
        assert!(page.contains("role=\"alert\""));
    }

    #[test]
    fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
        for page in [whole(), plain("Sign in", "Portico", None, &html! {}).into_string()] {
            assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains("onclick"));
            assert!(page.contains("<script type=\"module\" src=\"/assets/app.") && page.matches("<script").count() == 1);
            assert!(!page.contains("http"));
        }
    }
}
